"""What a bastion does on request: an agent that makes lanes of tunnels, and the far end of the TCP relay.

Part of the boot script, which starts it: `agent.py SCRIPT ADDRESS AGENT_PORT RELAY_PORT PRIVATE_NETWORK FIRST_SLOT SLOTS`.
It listens on the bastion's common address, which only the DTN's ends of its tunnels can reach: WireGuard has proved who
asks. Runs with Python 3.9 (Amazon Linux 2023) and newer.
"""

import ipaddress
import json
import re
import socket
import subprocess
import sys
from threading import Lock, Semaphore, Thread, stack_size

script, address, agent_port, relay_port, private, first_slot, slots = sys.argv[1:]
network = ipaddress.ip_network(private)
own_slots = range(int(first_slot), int(first_slot) + int(slots))
# A key in base64 (domain/host-state.ts).
KEY = re.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
# linux/in.h; socket.IPPROTO_MPTCP came with Python 3.10.
IPPROTO_MPTCP = 262
PATIENCE = 10
acting = Lock()


class Refused(Exception):
    pass


def lanes(*arguments):
    """Has the boot script do something, and gives the lanes there are then."""
    with acting:
        done = subprocess.run(
            ["/bin/sh", script, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30, text=True
        )
    if done.returncode:
        raise Refused("it failed: the bastion's console may say why")
    rows = [line.split() for line in done.stdout.splitlines()]
    return [{"number": int(number), "port": int(port), "publicKey": key} for number, port, key in rows]


def number_in(request):
    number = request.get("number")
    if type(number) is not int or number % 100 not in own_slots or not 0 < number < 200:
        raise Refused("this bastion has no such lane")
    return number


def answer(request, through):
    if not isinstance(request, dict) or request.get("v") != 1:
        raise Refused("not version 1 of the protocol")
    do = request.get("do")
    if do == "hello":
        return {"lanes": lanes("lanes")}
    if do == "make-lane":
        number, key = number_in(request), request.get("hostKey")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise Refused("hostKey is not a key")
        return next(lane for lane in lanes("make-lane", str(number), key) if lane["number"] == number)
    if do == "drop-lane":
        number = number_in(request)
        if number == through:
            raise Refused("the question came through this lane")
        lanes("drop-lane", str(number))
        return {}
    raise Refused("there is hello, make-lane and drop-lane")


def read_line(peer, most):
    # A byte at a time: what follows belongs to somebody else.
    line = b""
    while not line.endswith(b"\n"):
        byte = peer.recv(1)
        if not byte or len(line) > most:
            raise Refused("the request is cut off or too long")
        line += byte
    return line.decode()


def serve_agent(peer):
    through = int(peer.getpeername()[0].split(".")[2])
    try:
        said = answer(json.loads(read_line(peer, 512)), through)
    except Refused as error:
        said = {"error": str(error)}
    except (ValueError, StopIteration, subprocess.TimeoutExpired):
        said = {"error": "not understood, or too slow"}
    peer.sendall(json.dumps(said).encode() + b"\n")


def connect_inside(line):
    asked = re.fullmatch(r"mole-relay 1 ([0-9.]{7,15}) ([0-9]{1,5})\n", line)
    if not asked or ipaddress.ip_address(asked[1]) not in network:
        raise Refused("only addresses of the private network are served")
    inside = socket.create_connection((asked[1], int(asked[2])), PATIENCE)
    if inside.getsockname()[0] == asked[1]:
        # Not even the DTN may use what else this machine serves.
        inside.close()
        raise Refused("this is the bastion itself")
    return inside


def carry(source, sink):
    buffer = bytearray(131072)
    view = memoryview(buffer)
    try:
        while True:
            size = source.recv_into(buffer)
            if not size:
                return sink.shutdown(socket.SHUT_WR)
            sink.sendall(view[:size])
    except OSError:
        # One way is cut: so is the other.
        for end in source, sink:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve_relay(peer):
    try:
        inside = connect_inside(read_line(peer, 64))
    except (Refused, OSError, ValueError, OverflowError) as error:
        return peer.sendall(("error %s\n" % error).encode())
    with inside:
        for end in peer, inside:
            end.settimeout(None)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(b"ok\n")
        back = Thread(target=carry, args=(inside, peer))
        back.start()
        carry(peer, inside)
        back.join()


def listen(port, protocol):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, int(port)))
    listener.listen(64)
    return listener


def serve(listener, handle, most):
    room = Semaphore(most)

    def attend(peer):
        try:
            with peer:
                peer.settimeout(PATIENCE)
                handle(peer)
        except OSError:
            pass
        finally:
            room.release()

    while True:
        peer = listener.accept()[0]
        if room.acquire(False):
            Thread(target=attend, args=(peer,), daemon=True).start()
        else:
            # Whoever finds no room learns it at once, and goes another way.
            peer.close()


def listen_relay():
    try:
        return listen(relay_port, IPPROTO_MPTCP)
    except OSError:
        return listen(relay_port, 0)


stack_size(262144)
Thread(target=serve, args=(listen_relay(), serve_relay, 192), daemon=True).start()
serve(listen(agent_port, 0), serve_agent, 8)
