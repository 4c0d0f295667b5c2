#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lbctl genhash prints what keepalived's genhash prints, byte for byte, and what it prints is the digest
# that a check compares; where keepalived's fails without a word, it says why.
#
#	director: genhash, lbctl genhash
#	rs1: nginx, with and without TLS, and answers that no nginx gives
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
network
serve_http rs1 80
serve_http rs2 80

theirs=/usr/sbin/keepalived
ours=$(type -P lbctl)

# Answers that come in pieces, without an end, or not at all: one port each.
cat > "$tmp/answers.py" <<'PY'
import socket, threading, time
ANSWERS = {
    1001: (b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello',),
    1002: (b'HTTP/1.1 200 OK\r\nContent-Le', b'ngth: 10\r\n\r\nhel', b'lo', b'abcdefgh'),
    1003: (b'HTTP/1.0 404 Not Found\r\n\r\n', bytes(range(256)) * 10),
    1004: (b'HTTP/1.0 204 No Content\r\n\r\n',),
    1005: (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',),
    1006: (b'HTTP/1.0 200 OK\r\n\r\n' + b'sixteen bytes, 16' * 16,),
    1007: (b'garbage',),
    1008: (),
    1009: (b'HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nshort',),
}

def serve(family, port, pieces):
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(('', port))
        listener.listen()
        while True:
            with listener.accept()[0] as peer:
                asked = b''
                while b'\r\n\r\n' not in asked:
                    asked += peer.recv(4096) or b'\r\n\r\n'
                with open(f'asked.{port}', 'ab') as file:
                    file.write(asked)
                for piece in pieces:
                    peer.sendall(piece)
                    time.sleep(0.3)

for family in (socket.AF_INET, socket.AF_INET6):
    for port, pieces in ANSWERS.items():
        threading.Thread(target=serve, args=(family, port, pieces)).start()
PY
start rs1 env -C "$tmp" python3 answers.py
for port in 1001 1005 1009; do wait_listening rs1 tcp $port; done

# Times differ, all else may not.
timeless() { sed 's/ = [0-9]* usecs$/ = N usecs/'; }
# WHAT OPTION...: the same is printed; and asked, of the servers that note it.
same() {
	local what=$1; shift
	rm -f "$tmp"/asked.*
	on director "$theirs" --genhash "$@" 2> /dev/null | timeless > "$tmp/theirs"
	cat "$tmp"/asked.* > "$tmp/theirs.asked" 2> /dev/null
	rm -f "$tmp"/asked.*
	on director "$ours" genhash "$@" 2> /dev/null | timeless > "$tmp/ours"
	cat "$tmp"/asked.* > "$tmp/ours.asked" 2> /dev/null
	if cmp -s "$tmp/theirs" "$tmp/ours" && [ -s "$tmp/ours" ]; then
		ok "$what: the same is printed"
	else
		not_ok "$what: the same is printed" "$(diff "$tmp/theirs" "$tmp/ours" | head -n 5)" "no difference"
	fi
	is "$what: the same is asked" "$(cat "$tmp/ours.asked")" "$(cat "$tmp/theirs.asked")"
}

for port in 1001 1002 1003 1004 1005 1006 1009; do
	same "port $port" -s $rs1_ip -p $port -u /
	same "port $port, -v" -v -s $rs1_ip -p $port -u /x
	same "port $port, IPv6" -v -s $rs1_ip6 -p $port -u / -P 1.1
done
same "-V and -P 1.0c" -s $rs1_ip -p 1001 -u / -V www.example.org -P 1.0c
same "long options" --server $rs1_ip --port 1001 --url / --use-virtualhost a.b --protocol 1.1 --timeout 9 --fwmark 3
# No -v: of what nginx says, the time differs.
same "nginx" -s $rs1_ip -p 80 -u /
same "an answer that is none, -v" -v -s $rs1_ip -p 1007 -u /

# With TLS, with and without a name.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/key" -out "$tmp/cert" -days 2 -subj /CN=rs1 2> /dev/null || die openssl
cat > "$tmp/tls.conf" <<CONF
daemon off; master_process off; user root; pid $tmp/tls.pid; error_log stderr;
events { worker_connections 64; }
http {
	access_log off; client_body_temp_path $tmp/tls; proxy_temp_path $tmp/tls;
	fastcgi_temp_path $tmp/tls; uwsgi_temp_path $tmp/tls; scgi_temp_path $tmp/tls;
	ssl_certificate $tmp/cert; ssl_certificate_key $tmp/key;
	server { listen 443 ssl; listen [::]:443 ssl; return 200 "name \$ssl_server_name host \$host\\n"; }
}
CONF
start rs1 nginx -p "$tmp" -c "$tmp/tls.conf"
wait_listening rs1 tcp 443
same "TLS" -S -s $rs1_ip -p 443 -u /
same "TLS, SNI" -S -I -V www.example.org -s $rs1_ip6 -p 443 -u /
same "TLS, no SNI" -S -V www.example.org -s $rs1_ip -p 443 -u /

# Usage, word for word but for the name.
for words in -h "-x -v" "-s 10.0.0.11 -p z -u /" "-s 10.0.0.11 -p 80 -u / -t x" "-s 10.0.0.11 -p 80 -u / -P 2" "-s 10.0.0.11 -p 80 -u / a b"; do
	# shellcheck disable=SC2086
	is "usage after '$words'" \
		"$("$ours" genhash $words 2>&1 | sed 's/^Usage: .* COMMAND/Usage: COMMAND/')" \
		"$("$theirs" --genhash $words 2>&1 | sed 's/^Usage: .* COMMAND/Usage: COMMAND/')"
done

# Better than the original.
refuses "nobody there" 1 "genhash: connection refused by 10.0.0.11:9*" on director lbctl genhash -s $rs1_ip -p 9 -u /
refuses "an answer that is none" 1 "genhash: no data received from remote webserver: *" on director lbctl genhash -s $rs1_ip -p 1007 -u /
refuses "no answer" 1 "genhash: no data received from remote webserver: *" on director lbctl genhash -s $rs1_ip -p 1008 -u /
refuses "half an answer" 1 "*genhash: the answer ended in the middle*" on director lbctl genhash -s $rs1_ip -p 1009 -u /
refuses "no TLS there" 1 "genhash: *" on director lbctl genhash -S -s $rs1_ip -p 80 -u /
refuses "no such name" 1 "genhash: there is no server 'nosuch.invalid'*" on director lbctl genhash -s nosuch.invalid -p 80 -u /
like "chunks are told of" "$(on director lbctl genhash -s $rs1_ip -p 1005 -u / 2>&1)" "*5d41402abc4b2a76b9719d911017c592*"
on director ip link set lo up
start director python3 -m http.server 8000 --bind 127.0.0.1 --directory "$tmp/rs1/www" > /dev/null 2>&1
wait_listening director tcp 8000
is "a name" "$(on director lbctl genhash -s localhost -p 8000 -u /index.html)" "$(md5sum < "$tmp/rs1/www/index.html" | cut -d' ' -f1)"

# By its own name.
ln -s "$ours" "$tmp/genhash"
is "called genhash" "$(on director "$tmp/genhash" -s $rs1_ip -p 80 -u /)" "$(md5sum < "$tmp/rs1/www/index.html" | cut -d' ' -f1)"
finish
