# SPDX-License-Identifier: GPL-2.0
"""Samples to figures, figures to a table. Knows no lab and measures nothing."""
import statistics

from rows import goal, unit

NAMES = ('discard', 'redirect', 'forward', 'ip_vs', 'lb')


def figures(results):
    """One entry per row: each contender's median (or why there is none), spread, ratio and goal."""
    rows = []
    for row, samples in results['samples'].items():
        entry = {'row': row, 'unit': unit(row)}
        spread = None
        for name in NAMES:
            values = samples.get(name)
            reason = next((v for v in values or [] if isinstance(v, str)), None)
            if reason or not values:
                entry[name] = reason
                continue
            entry[name] = round(statistics.median(values), 1)
            if len(values) > 1:
                spread = max(spread or 0, round((max(values) - min(values)) / entry[name], 4))
        entry['spread'] = spread
        entry['ratio'] = entry['goal'] = entry['met'] = None
        if isinstance(entry['lb'], float) and isinstance(entry['ip_vs'], float):
            entry['ratio'] = round(entry['lb'] / entry['ip_vs'], 3)
            entry['goal'] = goal(row)
            entry['met'] = entry['goal'] is None or entry['ratio'] <= entry['goal']
        rows.append(entry)
    return {'kernel': results['kernel'], 'rows': rows}


def table(data):
    """Paths and balancers have different columns, so they are two tables in one."""
    rows = data['rows']
    paths = [r for r in rows if r['row'].startswith('path/')]
    others = [r for r in rows if r not in paths]
    lines = [f"Instructions on Linux {data['kernel']}; a packet's include the generator's and the sink's.", '']
    if paths:
        lines += _format(['path', 'discard', 'redirect', 'forward', 'spread'],
                         [[r['row']] + [_number(r[n]) for n in NAMES[:3]] + [_percent(r['spread'])] for r in paths])
        lines.append('')
    if others:
        lines += _format(['row', 'unit', 'ip_vs', 'lb', 'ratio', 'goal', '', 'spread'],
                         [[r['row'], r['unit'], _number(r['ip_vs']), _number(r['lb']),
                           '' if r['ratio'] is None else f"{r['ratio']:.2f}",
                           '' if r['goal'] is None else f"{r['goal']:.2f}",
                           '' if r['met'] is None else ('met' if r['met'] else 'NOT MET'),
                           _percent(r['spread'])] for r in others])
        judged = [r for r in others if r['met'] is not None]
        if judged:
            lines += ['', f"{sum(r['met'] for r in judged)} of {len(judged)} goals met"]
    reasons = [f"{r['row']}: {name}: {r[name]}" for r in rows for name in NAMES if isinstance(r[name], str)]
    if reasons:
        lines += ['', 'Not measured:'] + reasons
    return '\n'.join(lines)


def _number(value):
    if value is None:
        return ''
    return 'failed' if isinstance(value, str) else f'{value:.0f}'


def _percent(value):
    return '' if value is None else f'{100 * value:.2f} %'


def _format(head, body):
    """The first column to the left, the others to the right."""
    width = [max(len(line[i]) for line in [head] + body) for i in range(len(head))]
    return ['  '.join(cell.ljust(width[i]) if i == 0 else cell.rjust(width[i])
                      for i, cell in enumerate(line)).rstrip() for line in [head] + body]
