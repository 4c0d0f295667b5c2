#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Writes what the fuzzers begin with: inputs of the unit tests' kind, and the words of configurations.

    seeds.py TOP FOLDER
"""
import os, re, struct, sys

TOP, OUT = sys.argv[1:]


def write(target, name, content):
    folder = os.path.join(OUT, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), 'wb') as f:
        f.write(content.encode('utf-8', 'surrogateescape') if isinstance(content, str) else content)


def strings_of(path):
    """The strings of a C++ file: those that stand side by side are one, without raw ones."""
    with open(path, encoding='utf-8') as f:
        text = re.sub(r'^#include.*$|//.*$', '', f.read(), flags=re.M)
    for run in re.findall(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', text):
        parts = re.findall(r'"((?:[^"\\\n]|\\.)*)"', run)
        yield ''.join(parts).encode().decode('unicode_escape')


def frame(kind, flags, stream, payload):
    return struct.pack('>I', len(payload))[1:] + bytes([kind, flags]) + struct.pack('>I', stream) + payload


def literal(name, value):
    return b'\0' + bytes([len(name)]) + name + bytes([len(value)]) + value


# --- configurations

VIRTUAL = '''virtual_server 192.0.2.1 80 {
    delay_loop 6
    lb_algo wrr
    lb_kind NAT
    protocol TCP
    quorum 2
    hysteresis 1
    sorry_server 10.0.0.9 80
    real_server 10.0.0.2 80 {
        weight 3
        %s
    }
}
'''
PROBES = {
    'tcp': 'TCP_CHECK {\nconnect_timeout 3\nretry 2\ndelay_before_retry 1\nbindto 10.0.0.1\n}',
    'http': 'HTTP_GET {\nhttp_protocol 1.1\nurl {\npath /\nstatus_code 200 300-310\nregex a.c\nregex_options caseless\n}\n}',
    'http2': 'SSL_GET {\nhttp_protocol 2\nenable_sni\ntls_verify\ncertificate_warning 30\nurl {\npath /\n'
             'digest 9b3a0c85a887a256d6939da88aabd8cd\nvirtualhost a.example\n}\n}',
    'grpc': 'GRPC_CHECK {\nservice a.B\ntls\n}',
    'smtp': 'SMTP_CHECK {\nhelo_name me\nhost {\nconnect_ip 10.0.0.3\nconnect_port 25\n}\n}',
    'dns': 'DNS_CHECK {\ntype AAAA\nname example.org\n}',
    'udp': 'UDP_CHECK {\npayload Ab12f 3 456\nrequire_reply 12X3 f\nmin_reply_length 2\n}',
    'misc': 'MISC_CHECK {\nmisc_path "/bin/x \'y z\'"\nmisc_timeout 5\nmisc_dynamic\nuser nobody\n}',
    'file': 'FILE_CHECK {\ntrack_file f\nweight -3 reverse\n}',
}


def configurations():
    for name, probe in PROBES.items():
        write('config', name, VIRTUAL % probe)
    for test in sorted(os.listdir(f'{TOP}/tests/unit')):
        if not test.startswith('config_') or not test.endswith('.cpp'):
            continue
        # What looks like lines of a configuration.
        found = [s for s in strings_of(f'{TOP}/tests/unit/{test}') if '\n' in s or '{' in s]
        for i, text in enumerate(s for s in found if len(s) < 2000):
            write('config', f'{test[7:-4]}-{i}', text)
    write('config', 'include', 'include other.conf\n$A=1\nrouter_id $A\n\n=== FILE\n' + VIRTUAL % '')
    words = set()
    for folder, _, files in os.walk(f'{TOP}/user/config'):
        for name in files:
            if name.endswith('.cpp'):
                words.update(w for w in strings_of(os.path.join(folder, name)) if re.fullmatch(r'[A-Za-z~$@_0-9.]{2,32}', w))
    with open(os.path.join(OUT, 'config.dict'), 'w', encoding='ascii') as f:
        f.writelines(f'"{w}"\n' for w in sorted(words) + ['${_', '~SEQ(', '~LST(', '{\\x0a', '}\\x0a'])


# --- answers

def answers():
    http = ['HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'HTTP/1.0 200 OK\r\n\r\nhello', 'HTTP/1.1 200 O',
            'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
            'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', 'SSH-2.0-OpenSSH_9.2\r\n']
    for i, text in enumerate(http):
        write('http1', str(i), b'\x03' + text.encode())

    settings, status, served = frame(4, 0, 0, b''), b'\x88', b'\0\0\0\0\2\x08\x01'
    grpc = status + literal(b'content-type', b'application/grpc')
    frames = [settings + frame(1, 5, 1, status),
              settings + frame(1, 4, 1, status) + frame(0, 0, 1, b'hel') + frame(0, 1, 1, b'lo'),
              settings + frame(1, 4, 1, grpc) + frame(0, 0, 1, served) + frame(1, 5, 1, literal(b'grpc-status', b'0')),
              settings + frame(1, 4, 1, literal(b':status', b'103')) + frame(1, 5, 1, status),
              settings + frame(7, 0, 0, struct.pack('>II', 0, 11) + b'calm'),
              settings + frame(3, 0, 1, struct.pack('>I', 7)), settings + frame(6, 0, 0, b'12345678') * 3,
              settings + frame(1, 0, 1, status) + frame(9, 4, 1, literal(b'a', b'b'))]
    for i, all_of_it in enumerate(frames):
        write('http2', str(i), b'\xff' + all_of_it)

    for i, message in enumerate([b'\x08\x01', b'\x08\x02', b'', b'\x1a\x02\x09\x09\x08\x96\x01', served]):
        write('grpc', str(i), message)

    question = b'\x12\x34\x81\x80\0\1\0\0\0\0\0\0\1a\7example\0\0\1\0\1'
    for i, flags in enumerate([b'\x81\x80', b'\x83\x80', b'\x81\x83']):
        write('dns', str(i), question[:2] + flags + question[4:])
    write('dns', 'short', question[:12])

    for i, text in enumerate(['220 hi\r\n250 hello\r\n221 bye\r\n', '220-hi\r\n220 all\r\n250-one\r\n250 two\r\n221 bye\r\n',
                              '554 no\r\n', '220 hi\r\n250 a\r\n250 b\r\n250 c\r\n251 d\r\n354 go\r\n250 taken\r\n221 bye\r\n']):
        write('smtp', str(i), text)

    for i, text in enumerate(['{"do": "status"}\n', '{"do": "commit", "file": "/a", "confirm": 60}\n', '[]\n"x"\n3\nnull\n',
                              '{"do": {"a": [1, 2.5e3, true]}}\n{"do": "\\ud83d"}\n', '{"do": 1}\n\n', '{"do":']):
        write('control', str(i), text)


configurations()
answers()
