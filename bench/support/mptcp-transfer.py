"""One Multipath TCP connection that carries a file: `receive PORT` at one end, `send ADDRESS PORT SECONDS MBIT` at the other.

Each prints one JSON object when the transfer has ended: bytes and SHA-256 at both ends, and, at the receiver, the longest
time between two arrivals while data was flowing.
"""
import hashlib
import json
import random
import socket
import sys
import time

IPPROTO_MPTCP = 262  # include/uapi/linux/in.h
SOL_MPTCP, MPTCP_INFO = 284, 1  # include/linux/socket.h, include/uapi/linux/mptcp.h
CHUNK = 16 * 1024


def say(**values):
    print(json.dumps(values), flush=True)


def subflows(connection):
    """Subflows beside the first (`mptcpi_subflows`); -1 where the connection has fallen back to TCP."""
    try:
        return connection.getsockopt(SOL_MPTCP, MPTCP_INFO, 64)[0]
    except OSError:
        return -1


def receive(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", port))
    listener.listen(1)
    say(listening=port)
    connection, _ = listener.accept()
    digest, total, longest, last = hashlib.sha256(), 0, 0.0, None
    while data := connection.recv(1 << 16):
        now = time.monotonic()
        if last is not None:
            longest = max(longest, now - last)
        last = now
        digest.update(data)
        total += len(data)
    say(bytes=total, sha256=digest.hexdigest(), gapMs=1000 * longest)


def send(address, port, seconds, mbit):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
    connection.connect((address, port))
    digest, total, source, most = hashlib.sha256(), 0, random.Random(port), -1
    begin = time.monotonic()
    say(connected=True)
    while (elapsed := time.monotonic() - begin) < seconds:
        # A rate of its own: what is measured is the gap, not how fast a queue drains after it.
        if total > elapsed * mbit * 1e6 / 8:
            time.sleep(0.002)
            continue
        data = source.randbytes(CHUNK)
        connection.sendall(data)
        digest.update(data)
        total += len(data)
        most = max(most, subflows(connection))
    connection.close()
    say(bytes=total, sha256=digest.hexdigest(), subflows=most)


if __name__ == "__main__":
    mode, *rest = sys.argv[1:]
    if mode == "receive":
        receive(int(rest[0]))
    else:
        send(rest[0], int(rest[1]), float(rest[2]), float(rest[3]))
