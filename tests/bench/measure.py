#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The guest's part of the benchmark: measures the rows and keeps the figures in LB_OUT/samples.json.

    measure.py [--rounds N] [--contender NAME]... [--profile] PATTERN...

A figure that cannot be had (packets were lost, a tool refused) is recorded as the reason.
"""
import argparse, json, os, platform, shutil, subprocess, sys, time

import contenders, network, rows


def prepare_system(wanted_contenders):
    network.run('modprobe', '-a', 'pktgen', 'veth', 'sch_ingress', 'cls_matchall', 'cls_u32', 'act_gact')
    for family in ('ipv4', 'ipv6'):
        for i in (1, 2, 3):
            network.sysctl(f'net.{family}.neigh.default.gc_thresh{i}', 65536)
    # On older kernels pktgen, which never sleeps, would starve the thread that takes packets off it.
    pids = [pid for pid in os.listdir('/proc') if pid.isdigit() and comm(pid).startswith('ksoftirqd/')]
    for pid in pids:
        os.sched_setscheduler(int(pid), os.SCHED_FIFO, os.sched_param(1))
    ready = {}
    for contender in wanted_contenders:
        try:
            contender.load()
            ready[contender] = None
        except (network.BenchError, OSError) as e:
            ready[contender] = str(e)
    return ready


def comm(pid):
    try:
        with open(f'/proc/{pid}/comm', encoding='ascii') as f:
            return f.read()
    except OSError:
        return ''


def measure(scene, wanted_rows, ready, rounds, record):
    """Rounds take turns; a contender that fails once is out of the scene, with the reason."""
    failed = {c: why for c, why in ready.items() if why}
    for number in range(rounds or scene.rounds):
        for contender in scene.contenders:
            if contender in failed or contender not in ready:
                continue
            try:
                for row, figure in scene.round(contender, wanted_rows):
                    record(row, contender.name, figure, scene.kept[contender].sent)
            except (network.BenchError, OSError, subprocess.SubprocessError) as e:
                failed[contender] = str(e)
    for contender in scene.contenders:
        if contender in failed:
            for row in wanted_rows:
                record(row, contender.name, failed[contender])
        scene.close(contender)
    network.settle()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int)
    parser.add_argument('--contender', action='append')
    parser.add_argument('--profile', action='store_true', help='the lab has loaded the plugin insns.c')
    parser.add_argument('patterns', nargs='+')
    args = parser.parse_args()

    out = os.environ['LB_OUT']
    results, runs = {'kernel': platform.release(), 'samples': {}}, []
    if args.profile:
        network.profiling()

    def record(row, name, figure, packets=0):
        results['samples'].setdefault(row, {}).setdefault(name, []).append(figure)
        if args.profile and packets:
            # The last run of packets is the one that gave this figure.
            runs.append({'number': network.mark.count // 2, 'row': row, 'contender': name, 'packets': packets})
            # Its modules may have gone, and others come in their place, when all is measured.
            with open('/proc/kallsyms', encoding='ascii') as symbols, \
                 open(f"{out}/modules.{runs[-1]['number']}", 'w', encoding='ascii') as f:
                f.writelines(line for line in symbols if '[' in line)

    everyone = [c for c in contenders.PATHS + contenders.BALANCERS
                if not args.contender or c.name in args.contender]
    ready = prepare_system(everyone)
    for scene in rows.scenes():
        wanted = [row for row in scene.rows if rows.wanted(row, args.patterns)]
        if not wanted:
            continue
        start = time.monotonic()
        measure(scene, wanted, ready, args.rounds, record)
        print(f'{time.monotonic() - start:7.2f} guest s  {", ".join(wanted)}', flush=True)
        with open(out + '/samples.json', 'w', encoding='ascii') as f:
            json.dump(results, f, indent=1)
    if args.profile:
        shutil.copyfile('/proc/kallsyms', out + '/kallsyms')
        with open(out + '/profile.json', 'w', encoding='ascii') as f:
            json.dump(runs, f, indent=1)
    return 0


if __name__ == '__main__':
    sys.exit(main())
