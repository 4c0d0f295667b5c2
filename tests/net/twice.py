#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Runs the same commands by two ipvsadm, each in a network namespace of its own, and compares what
they print, what they complain of and how they end.

usage: twice.py ipvs|lb THEIRS NETNS OURS NETNS

THEIRS is what is expected of OURS. With ipvs its namespace is ip_vs's; with lb both are lb's, and each
is asked for the other's services too: in which order a list is then depends on nothing but who sorts it.
Prints "ok - CLAIM" or "not ok - CLAIM: ..." for each group of commands. Both namespaces have no services
at the beginning. With SOAK in the environment every combination of options is tried, else every eighth.
"""
import ctypes
import difflib
import os
import re
import subprocess
import sys

judge, theirs, their_net, ours, our_net = sys.argv[1:6]
libc = ctypes.CDLL(None, use_errno=True)


def run(program, net, words, text=""):
    with open(f"/run/netns/{net}") as file:
        if libc.setns(file.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), f"entering {net}")
    done = subprocess.run(["ipvsadm", *words], executable=program, input=text, text=True,
                          capture_output=True, check=False, timeout=60)
    # How large ip_vs's table of connections is depends on how it was built.
    out = re.sub(r"\(size=\d+\)$", "(size=4096)", done.stdout, count=1, flags=re.M)
    return f"{out}<{done.stderr}>{done.returncode}\n"


class Group:
    def __init__(self, claim):
        self.claim, self.runs, self.wrong = claim, 0, 0

    def compare(self, command, want, got):
        self.runs += 1
        if want == got:
            return
        self.wrong += 1
        if self.wrong <= 5:
            diff = "".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True),
                                                "ipvsadm", "lbctl", n=0))
            print(f"not ok - {self.claim}: ipvsadm {command}: {diff!r}")

    def both(self, command, text=""):
        """The same in both namespaces."""
        words = command.split() if isinstance(command, str) else command
        self.compare(words, run(theirs, their_net, words, text), run(ours, our_net, words, text))

    def look(self, command):
        """Theirs and ours at the same services."""
        words = command.split()
        if judge == "ipvs":
            # What is not sorted comes as the module has it.
            if "--nosort" not in words:
                self.both(words)
            return
        for net in their_net, our_net:
            self.compare(words, run(theirs, net, words), run(ours, net, words))

    def end(self):
        if self.wrong > 5:
            print(f"not ok - {self.claim}: {self.wrong - 5} more of {self.runs}")
        elif not self.wrong:
            print(f"ok - {self.claim} ({self.runs} commands)")
        sys.stdout.flush()


DAEMONS = """
--stop-daemon master
-L --daemon
--start-daemon master --mcast-interface eth0 --syncid 7
-L --daemon
--start-daemon master --mcast-interface eth0
--start-daemon backup --mcast-interface eth0 --syncid 8
-L --daemon
-L --daemon -n
--start-daemon backup --mcast-interface nosuch0
--stop-daemon master
-L --daemon
--stop-daemon backup
--start-daemon master --mcast-interface eth0 --sync-maxlen 900 --mcast-group 224.0.0.90 --mcast-port 9000 --mcast-ttl 3
-L --daemon
--stop-daemon master
--start-daemon backup --mcast-interface eth0 --mcast-group ff05::90
-L --daemon
--stop-daemon backup
-L --daemon
"""


def lines_of(text):
    return text.split("\n")[1:-1]


def group(claim, commands):
    it = Group(claim)
    for command in commands:
        it.both(command)
    it.end()


VIP, VIP6 = "192.0.2.1", "[2001:db8:f::1]"

SETUP = f"""
-A -t {VIP}:80
-A -t {VIP}:443 -s rr -p
-A -t {VIP}:8080 -s wrr -p 500 -M 255.255.255.0
-A -t {VIP}:0 -p 900
-A -u {VIP}:53 -s rr -o
-A -u {VIP}:5060 -s rr -p 60 --pe sip
-A --sctp-service {VIP}:9 -s lc
-A -t 10.0.0.1:80 -s sh -b sh-port,sh-fallback
-A -t 172.16.0.1:81 -s mh -b mh-port
-A -t 255.1.2.3:82 -s mh -b flag-1
-A -t {VIP6}:80 -s sed
-A -t {VIP6}:443 -s nq -p 100 -M 64
-A -f 1 -s wlc
-A -f 2147483647 -s rr
-A -f 3000000000 -s rr
-A -f 1 -6 -s fo -p 20 -M 48
-a -t {VIP}:80 -r 10.0.0.11
-a -t {VIP}:80 -r 10.0.0.12:8080 -m -w 3 -x 100 -y 50
-a -t {VIP}:80 -r 203.0.113.9:80 -g -w 0
-a -t {VIP}:80 -r 10.0.0.13 -i
-a -t {VIP}:443 -r 10.0.0.13 -i --tun-type gue --tun-port 6080
-a -t {VIP}:443 -r 10.0.0.14 -i --tun-type gue --tun-port 6080 --tun-csum
-a -t {VIP}:443 -r 10.0.0.15 -i --tun-type gue --tun-port 65535 --tun-remcsum
-a -t {VIP}:443 -r 10.0.0.16 -i --tun-type gre --tun-nocsum
-a -t {VIP}:443 -r 10.0.0.17 -i --tun-type gre --tun-csum -w 65535
-a -t {VIP}:443 -r [2001:db8::11]:443 -i
-a -t {VIP}:0 -r 10.0.0.11:0 -m
-a -u {VIP}:53 -r 10.0.0.11:5353 -m
-a -t {VIP6}:80 -r [2001:db8::12]:80 -g
-a -t {VIP6}:80 -r [2001:db8::11]:8080 -m
-a -t {VIP6}:80 -r 10.0.0.11:80 -i
-a -f 1 -r 10.0.0.11:0
-a -f 1 -r 10.0.0.12:80 -m
-a -f 2147483647 -r 10.0.0.11:80 -g
-a -f 1 -6 -r [2001:db8::11]:0
"""

FORMS = ["", "-n", "-X", "-n --stats", "--stats --exact -n", "--rate -n", "--rate -X", "--thresholds -n",
         "--persistent-conn -n", "--tun-info -n", "--tun-info", "--nosort -n", "--sort -n",
         "--stats --rate --thresholds --persistent-conn --tun-info -n", "--timeout", "--timeout -n",
         "--tun-info --thresholds"]

CHANGES = f"""
-E -t {VIP}:80 -s wrr -p 77
-E -t {VIP}:80 -s rr
-E -t {VIP}:443 -s sh -p 300 -M 255.255.0.0 -b sh-port
-E -t {VIP6}:443 -p 50 -M 32
-e -t {VIP}:80 -r 10.0.0.12:8080 -m -w 9 -x 7 -y 7
-e -t {VIP}:80 -r 10.0.0.11 -i --tun-type gre
-e -t {VIP}:80 -r 10.0.0.13 -m -w 0
-e -f 1 -r 10.0.0.12:80 -g
-d -t {VIP}:80 -r 203.0.113.9:80
-D -t {VIP}:8080
-Z
-Z -t {VIP}:80
-Z -f 1 -6
-Z -t 0.0.0.0:0
--set 900 120 300
--set 0 0 0
--set 0 33 0
--set 1 0 2678400
"""

REFUSED = f"""
-A -t {VIP}:80
-A -t {VIP}:81 -s best
-A -t {VIP}:81 -p 10 --pe rip
-A -t {VIP}:81 -p 10 -M nonsense.invalid
-A -t {VIP}:81 -p 0
-A -t {VIP}:81 -p 2678401
-A -t {VIP}:81 -p x
-A -t {VIP}:0
-A -t {VIP}
-A -t {VIP}:81 -o
-A --sctp-service {VIP}:81 -o
-A -t {VIP}:81 -b sh-port
-A -t {VIP}:81 -s sh -b mh-port
-A -t {VIP}:81 -s sh -b prot
-A -t {VIP6}:81 -p 10 -M 129
-A -t {VIP6}:81 -p 10 -M 0
-A -t 80
-A -t {VIP}:65536
-A -t {VIP}:nonsense
-A -t [2001:db8::1]
-A -t [2001:db8::1
-A -t [{VIP}]:80
-A -t nonsense.invalid:80
-A -f 0
-A -f -1
-A -f x
-A -f 4294967296
-A -6 -f 5
-A -t {VIP}:81 -6
-A -t {VIP}:80 -u {VIP}:80
-A -t {VIP}:81 -s rr -s rr
-E -t {VIP}:9999
-E -t {VIP}:80 -s best
-D -t {VIP}:9999
-D -f 999
-Z -t {VIP}:9999
-a -t {VIP}:9999 -r 10.0.0.11
-a -t {VIP}:80 -r 10.0.0.11
-a -t {VIP}:80 -r 10.0.0.99:8080 -g
-a -t {VIP}:80 -r 224.0.0.1
-a -t {VIP}:80 -r 10.0.0.99 -x 5 -y 6
-a -t {VIP}:80 -r [2001:db8::99]:80 -m
-a -t {VIP}:80 -r [2001:db8::99]:80
-a -t {VIP}:80 -r 10.0.0.99 -w -1
-a -t {VIP}:80 -r 10.0.0.99 -w 2147483648
-a -t {VIP}:80 -r 10.0.0.99 -w x
-a -t {VIP}:80 -r 10.0.0.99 -x -1
-a -t {VIP}:80 -r 10.0.0.99 -y 2147483648
-a -t {VIP}:80 -r 99
-a -t {VIP}:80
-a -r 10.0.0.1
-a -t {VIP}:80 -r 10.0.0.99 -m -g
-a -t {VIP}:80 -r 10.0.0.99 --tun-type gue --tun-port 1
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-type gue
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-type gue --tun-port 1 --tun-csum --tun-nocsum
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-type gre --tun-port 1
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-type gre --tun-remcsum
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-port 1
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-csum
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-type gut
-a -t {VIP}:80 -r 10.0.0.99 -i --tun-type gue --tun-port 0
-e -t {VIP}:80 -r 10.0.0.99
-e -t {VIP}:9999 -r 10.0.0.99
-e -t {VIP}:80 -r 10.0.0.12:8080 -m -x 5 -y 6
-d -t {VIP}:80 -r 10.0.0.99
-d -t {VIP}:9999 -r 10.0.0.99
-L -t {VIP}:9999
-L -f 999
-L --stats --timeout
-L --persistent-conn --timeout
-L -c --stats
-L -c --timeout
-L -t {VIP}:80 --timeout
--set 1 2
--set 1 2 3 4
--set 1 2 x
--set 1 2 2678401
--set
--start-daemon
--start-daemon both
--stop-daemon both
--start-daemon master --syncid 256
--start-daemon master --mcast-port 0
--start-daemon master --mcast-ttl 256
--start-daemon master --sync-maxlen 65508
--start-daemon master --mcast-group 10.0.0.1
--start-daemon master --mcast-group 2001:db8::1
--stop-daemon master
"""

# ip_vs takes these, lb does not (Documentation/ipvs.md).
DIFFERENT = f"""
-A -t {VIP}:81 -p 10 -M 255.0.255.0
-a -t {VIP}:80 -r 10.0.0.99 -w 65536
-a -t {VIP}:80 -r 10.0.0.99:0 -m
"""

WORDS = [
    ["-Ln", "-X"], ["-LnX"], ["-Lnt", f"{VIP}:80"], [f"-Lnt{VIP}:80"], ["-Ln", f"--tcp-service={VIP}:80"],
    ["--list", "--numeric"], ["-l", "-n"], ["-Lq"], ["-L", "-q"], ["-L", "--nume"], ["-L", "--numeric=1"],
    ["-L", "-n=1"], ["-L", "-n="], ["-L", "-t"], ["-L", "--tcp-service"], ["-L", f"-t={VIP}:80", "-n"], ["-L", "-t="],
    ["-L", "--tcp-service="], ["-n", "-L"], ["-q"], ["--"], ["--", "-L"], ["-"], ["L"], [""], ["-L", "x"],
    ["-L", "--", "-n"], ["-L", "-"], ["-L", ""], ["-L", "-A"], ["-L", "-L"], ["-L", "-h"], ["-h"], ["--help"],
    ["-v"], ["--version"], ["-h", "x"], ["-v", "-q"], ["-Lh"], ["-L", "-list"], ["-A", "-t", f"{VIP}:7000", "-p300"],
    ["-A", "-t", f"{VIP}:7001", "-p", "-s", "rr"], ["-A", "-t", f"{VIP}:7002", "-s", "rr", "-p"],
    ["-A", "-t", f"{VIP}:7003", "--persistent=20"], ["-A", "-t", f"{VIP}:7004", "-s", "averyverylongschedulersname"],
    ["-A", "-t", f"{VIP}:7005", "-p="], ["-At", f"{VIP}:7006", "-srr"], ["-A", "-t", f"{VIP}:+7007"],
    ["-A", "-t", f"{VIP}: 7008"], ["-A", "-t", "10.1:7009"], ["-A", "-t", "0x0a000001:7010"], ["-A", "-t", f"{VIP}:"],
    ["-a", "-r", "10.0.0.11", "-t", f"{VIP}:7006"], ["-a", "-t", f"{VIP}:7006", "-r", "10.0.0.12:1", "-m", "-w=5"],
    ["-a", "-t", f"{VIP}:7006", "-r", "10.0.0.13", "-w", "+5"], ["-a", "-t", f"{VIP}:7006", "-r", "10.0.0.14", "-w", "0x5"],
    ["-a", "-t", f"{VIP}:7006", "-r", "10.0.0.15", "-w", "5 "], ["-C", "x"], ["-M", "1"], ["-S", "-n", "-n"],
    ["-Ln", "--sort", "--sort"], ["-L", "--pe"], ["-A", "--pe", "sip", "-t", f"{VIP}:7011"],
    ["-A", "-M", "255.0.0.0", "-t", f"{VIP}:7012", "-p"], ["-A", "-M", "64", "-t", f"{VIP6}:7013", "-p"],
    ["-A", "-M", "255.0.0.0", "-f", "7", "-6", "-p"], ["-A", "-f", "8", "-6", "-M", "64", "-p"],
    ["-A", "-f", " 9"], ["-A", "-f", "010"], ["-A", "-t", "1.2.3.4:80:90"], ["-A", "-t", "::1"], ["-A", "-t", "[::1]:x"],
]

NAMES = """
-A -t localhost:http -s rr
-A -u localhost:domain -s rr
-A -t 127.0.0.1:12345 -s rr
-A -t 127.0.0.1:53 -s rr
-a -t localhost:http -r localhost:https -m
-a -t localhost:http -r 127.0.0.1:10 -m
-A -t [::1]:http -s rr
-A -f 77 -s rr
-a -f 77 -r localhost:80 -m
-A -u localhost:https
-A -u localhost:nonsense
-A -t localhost:domain
-L
-S
-L -t localhost:http
-L --stats
"""

COMMANDS = ["-A", "-E", "-D", "-C", "-L", "-a", "-d", "-e", "--set 1 2 3", "--start-daemon master",
            "--stop-daemon backup", "-R", "-S", "-Z", "-h", "-v"]
OPTIONS = ["-n", "-c", f"-t {VIP}:80", "-f 5", "-s rr", "-p 5", "-M 255.255.255.0", "-r 10.0.0.11", "-g", "-m", "-i",
           "-w 1", "-x 1", "-y 0", "--mcast-interface eth9", "--timeout", "--daemon", "--stats", "--rate",
           "--thresholds", "--persistent-conn", "--nosort", "--sort", "--syncid 1", "-X", "-6", "-o", "--pe sip",
           "-b flag-1", "--mcast-group 224.0.0.9", "--mcast-port 9", "--mcast-ttl 9", "--sync-maxlen 99",
           "--tun-info", "--tun-type gue", "--tun-port 9", "--tun-nocsum", "--tun-csum", "--tun-remcsum"]


def matrix():
    """Every command with every option: alone, with what it needs, and with each other option."""
    has_conns = os.path.exists("/proc/net/ip_vs_conn")
    for command in COMMANDS:
        for base in "", f"-u {VIP}:5", f"-u {VIP}:5 -r 10.0.0.9 -i":
            for option in [""] + OPTIONS:
                if command == "-L" and option == "-c" and not (base or has_conns):
                    continue
                yield f"{command} {base} {option}"
    listing_options = [option for option in OPTIONS if option in (
        "-n", f"-t {VIP}:80", "--timeout", "--daemon", "--stats", "--rate", "--thresholds", "--persistent-conn",
        "--tun-info", "-X") or has_conns and option == "-c"]
    tunnel_options = [option for option in OPTIONS if "tun" in option or option in ("-g", "-m", "-i")]
    for options, base in (listing_options, "-L"), (tunnel_options, f"-a -u {VIP}:5 -r 10.0.0.9"):
        for one in options:
            for other in options:
                yield f"{base} {one} {other}"


def listing(claim):
    it = Group(claim)
    it.look("-S -n")
    it.look("-S")
    for form in FORMS:
        it.look(f"-L {form}")
    for service in f"-t {VIP}:80", f"-t {VIP6}:80", "-f 1", "-f 1 -6", f"-u {VIP}:53":
        it.look(f"-L {service}")
        it.look(f"-L {service} -n --stats")
    it.look("")
    it.both("-S -n")
    it.end()


def many(claim):
    """Addresses that ipvsadm's way to compare puts into an order that is none."""
    it = Group(claim)
    lines = [f"-A -t {a * 37 % 223 + 1}.{a * 91 % 256}.{a % 256}.{a * 7 % 250 + 1}:{a + 1} -s rr" for a in range(150)
             if a * 37 % 223 + 1 != 127]
    lines += [f"-a {lines[0][3:lines[0].index(' -s')]} -r {a * 53 % 222 + 1}.9.{a * 11 % 256}.7:{a + 1} -m"
              for a in range(150)]
    for net in their_net, our_net:
        run(theirs, net, ["-R"], "\n".join(lines) + "\n")
    it.look("-Ln")
    it.look("-Ln --nosort")
    it.look("-Sn")
    it.end()


def round_trip(claim):
    it = Group(claim)
    # Of such a mark ipvsadm saves a negative number, which it does not read.
    it.both("-D -f 3000000000")
    saved = run(theirs, their_net, ["-S", "-n"])
    rules = saved[:saved.index("<")]
    it.compare("-S", saved, run(ours, our_net, ["-S", "-n"]))
    for program, net in (theirs, our_net), (ours, their_net):
        run(program, net, ["-C"])
        it.compare("-R", "<>0\n", run(program, net, ["-R"], rules))
        it.compare("-S", saved, run(ours, net, ["-S", "-n"]))
        it.compare("-S", saved, run(theirs, net, ["-S", "-n"]))
    it.end()


group("services and destinations are added alike", lines_of(SETUP))
if judge == "lb":
    listing("they are listed alike in every form")
    group("they are changed alike", lines_of(CHANGES))
    group("what ip_vs would take is refused alike", lines_of(DIFFERENT))
    round_trip("what one saves the other restores")
    group("everything is cleared alike", ["-Ln", "-C", "-Ln", "-C", "-S"])
    many("150 services and destinations are in the same order")
else:
    # The sign of a mark as large as this makes ipvsadm's order one of what came first.
    group("a large mark is removed alike", ["-L -f 3000000000", "-D -f 3000000000"])
    group("they are changed alike", lines_of(CHANGES))
    listing("changed ones are listed alike in every form")
    group("what cannot be is refused alike", lines_of(REFUSED))
    group("words are read alike", WORDS)
    group("everything is cleared alike", ["-Ln", "-C", "-Ln", "-C", "-S"])
    group("names are read and shown alike", lines_of(NAMES))
    group("what goes with what is decided alike", list(matrix())[::1 if os.environ.get("SOAK") else 8])
    group("daemons are started, stopped and shown alike", ["-C", *lines_of(DAEMONS)])
    group("and cleared again", ["-C", "-Ln", "--stop-daemon master", "--stop-daemon backup"])
