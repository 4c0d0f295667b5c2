# SPDX-License-Identifier: GPL-2.0
"""Raw generic netlink messages, to the family "lb" with the spec's names for attributes; and what a
scenario in Python needs besides (lib.sh is for the others)."""
import ctypes, json, os, socket, struct, subprocess, sys, time, traceback, yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = yaml.load(open(os.path.join(HERE, '../../Documentation/netlink/specs/lb.yaml')), yaml.CSafeLoader)
SETS = {s['name']: s for s in SPEC['attribute-sets']}
CONST = {d['name']: d['value'] for d in SPEC['definitions'] if d['type'] == 'const'}
# Numbers of commands, by name.
COMMANDS = {}
for op in SPEC['operations']['list']:
    COMMANDS[op['name']] = op.get('value', max(COMMANDS.values(), default=0) + 1)
ACK, DUMP, ROOT = 4, 0x300, 1


def attr(kind, payload, nested=False):
    return struct.pack('=HH', 4 + len(payload), kind | (0x8000 if nested else 0)) + payload + bytes(-len(payload) % 4)


class Socket:
    def __init__(self, family='lb'):
        self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)        # NETLINK_GENERIC
        self.s.bind((0, 0))
        self.s.setsockopt(270, 11, 1)       # NETLINK_EXT_ACK
        self.s.settimeout(60)      # against hanging: the host may be busy
        self.seq = 0
        self.family = 16
        # CTRL_CMD_GETFAMILY: the id is attribute 1 of the answer.
        for kind, body in self.ask(3, attr(2, family.encode() + b'\0'))[1]:
            if kind == 16:
                self.family = dict(attributes(body[4:]))[1]
        self.family = struct.unpack('=H', self.family)[0]

    def ask(self, command, payload, flags=0, version=1):
        """-> errno, messages, the sentence of the extended ack"""
        self.seq += 1
        message = struct.pack('=BBH', command, version, 0) + payload
        self.s.send(struct.pack('=IHHII', 16 + len(message), self.family, ROOT | ACK | flags, self.seq, 0) + message)
        answers = []
        while True:
            data = self.s.recv(1 << 20)
            while data:
                size, kind, flag, seq, _ = struct.unpack('=IHHII', data[:16])
                body, data = data[16:size], data[(size + 3) & ~3:]
                if seq != self.seq:
                    continue
                if kind == 2 or kind == 3:
                    error = -struct.unpack('=i', body[:4])[0] if len(body) >= 4 else 0
                    text = ''
                    if flag & 0x200:        # NLM_F_ACK_TLVS, behind the request's header or the request
                        at = 4 if kind == 3 else 4 + (16 if flag & 0x100 else (struct.unpack('=I', body[4:8])[0] + 3) & ~3)
                        text = dict(attributes(body[at:])).get(1, b'').rstrip(b'\0').decode()
                    return error, answers, text
                answers.append((kind, body))


def attributes(data):
    while len(data) >= 4:
        size, kind = struct.unpack('=HH', data[:4])
        if size < 4:
            return
        yield kind & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


def number(spec_set, name):
    spec_set = SETS[spec_set].get('subset-of', spec_set)
    return 1 + [a['name'] for a in SETS[spec_set]['attributes']].index(name)


def key(**change):
    parts = {'family': struct.pack('=H', socket.AF_INET), 'protocol': b'\6', 'addr': socket.inet_aton('192.0.2.1'),
             'port': struct.pack('!H', 80)} | change
    return b''.join(attr(number('key', n), v) for n, v in parts.items() if v is not None)


KEY = key()


def lbctl(*args, text=None):
    return subprocess.run(['lbctl', *args], input=text, capture_output=True, text=True, check=True).stdout


def wait_for(condition):
    """For what has no event to wait for."""
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError('waited a minute')
        time.sleep(0.01)


def own_namespace():
    """A namespace of our own, which ends with us; the module is loaded."""
    if not os.path.isdir('/sys/module/lb'):
        # Without its other face, as lib.sh does.
        subprocess.run(['insmod', os.environ['LB_KO'], *os.environ.get('LB_ARGS', 'ipvs=0').split()], check=True)
    if ctypes.CDLL(None).unshare(0x40000000):       # CLONE_NEWNET
        sys.exit('not ok - unshare')


def on_both(what):
    """{balancer: what()}: each with the module alone, in a namespace of its own; the answer passes through JSON."""
    answers = {}
    for balancer in ('ipvs', 'lb'):
        subprocess.run(['bash', '-c', f'. {HERE}/lib.sh; alone {balancer}; trap - EXIT; cleanup'], check=True)
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            with os.fdopen(writer, 'w') as f:
                try:
                    if ctypes.CDLL(None).unshare(0x40000000):
                        raise OSError('unshare')
                    subprocess.run('ip link set lo up; ip link add d0 type dummy; ip link set d0 up; '
                                   'ip addr add 10.0.0.1/24 dev d0', shell=True, check=True)
                    json.dump({'said': what()}, f)
                except BaseException as e:
                    traceback.print_exc()
                    json.dump({'died': repr(e)}, f)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as f:
            text = f.read()
        os.waitpid(child, 0)
        # A name can be answered by whatever module the kernel finds for it.
        there = [m for m in ('ip_vs', 'lb') if os.path.isdir(f'/sys/module/{m}')]
        if there != [{'ipvs': 'ip_vs', 'lb': 'lb'}[balancer]]:
            sys.exit(f'not ok - {balancer} alone was asked: {there} are loaded')
        answer = json.loads(text or '{"died": "without a word"}')
        if 'died' in answer:
            # One line, which whoever reads the summary alone sees whole.
            sys.exit(f'not ok - {balancer} could be asked: {answer["died"]}')
        answers[balancer] = answer['said']
    subprocess.run(['bash', '-c', f'. {HERE}/lib.sh; wait_for unload_balancers; trap - EXIT; cleanup'], check=True)
    return answers


results = []


def check(claim, good, got=''):
    results.append(bool(good))
    print(f'ok - {claim}' if good else f'not ok - {claim}: got {got}')


def finish():
    """-> exit status"""
    print(f'{results.count(True)} passed, {results.count(False)} failed')
    return int(not all(results))
