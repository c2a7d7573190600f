"""The lab's delay: packets that come in at a tun device leave it again some time later, in the order they came.

The router of the lab leads the packets of delayed paths here and takes them back as if they came from a wire. Packets
of segmentation offload (UDP_SEGMENT and its like, up to 64 KiB) pass whole.

Usage: delay-relay.py DEVICE BASTION_ADDRESS CONTROL
A path is named by its UDP port at the bastion. Each line written to the fifo CONTROL is the whole table anew, as JSON:
delays in ms by port, e.g. {"51821": 15}. What is not in it leaves at once. Ends when its device is taken away.
"""

import collections
import errno
import fcntl
import heapq
import json
import os
import select
import socket
import struct
import sys
import time

# linux/if_tun.h
TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
IFF_TUN, IFF_VNET_HDR = 0x0001, 0x4000
TUN_F_CSUM, TUN_F_USO4, TUN_F_USO6 = 0x01, 0x20, 0x40
# Flags and protocol of tun, then struct virtio_net_hdr.
HEADER = 4 + 10
LARGEST = HEADER + 65535
# What waits at most; more is lost, as in any queue that is full.
MAX_WAITING_BYTES = 256 * 1024 * 1024
# Packets taken in before what is due is looked at again.
BURST = 64


def open_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_VNET_HDR))
    try:
        fcntl.ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6)
    except OSError:
        # Before Linux 6.2: the kernel cuts the large packets up.
        fcntl.ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM)
    return device


def open_control(path):
    if os.path.exists(path):
        os.unlink(path)
    os.mkfifo(path, 0o600)
    # Its other end, too, is held open, so that it never reads as ended.
    return os.open(path, os.O_RDWR | os.O_NONBLOCK)


def port_of(packet, bastion):
    """UDP port at the bastion; 0 for what is no UDP over IPv4 to or from it."""
    if len(packet) < HEADER + 28 or packet[HEADER] >> 4 != 4 or packet[HEADER + 9] != socket.IPPROTO_UDP:
        return 0
    ports = HEADER + (packet[HEADER] & 15) * 4
    if packet[HEADER + 16 : HEADER + 20] == bastion:
        ports += 2
    elif packet[HEADER + 12 : HEADER + 16] != bastion:
        return 0
    return packet[ports] << 8 | packet[ports + 1]


class Waiting:
    """Packets by the time they are due. Those of one path stay in order, also when its delay gets shorter."""

    def __init__(self):
        self.heap = []
        self.bytes = 0
        self.count = 0
        self.last_due = collections.defaultdict(float)

    def add(self, packet, port, due):
        if self.bytes + len(packet) > MAX_WAITING_BYTES:
            return
        due = max(due, self.last_due[port])
        self.last_due[port] = due
        self.count += 1
        self.bytes += len(packet)
        heapq.heappush(self.heap, (due, self.count, packet))

    def take(self, now):
        while self.heap and self.heap[0][0] <= now:
            packet = heapq.heappop(self.heap)[2]
            self.bytes -= len(packet)
            yield packet

    def seconds_left(self, now):
        return max(0.0, self.heap[0][0] - now) if self.heap else None


def read_all(file, size, most):
    for _ in range(most):
        try:
            yield os.read(file, size)
        except BlockingIOError:
            return


def send(device, packet):
    try:
        os.write(device, packet)
    except OSError as error:
        # One that the kernel does not take is lost; without the device there is nothing left to do.
        if error.errno in (errno.EBADF, getattr(errno, "EBADFD", 77)):
            raise


def main(name, address, control_path):
    bastion = socket.inet_aton(address)
    device = open_device(name)
    control = open_control(control_path)
    print("ready", flush=True)
    delays, waiting, text = {}, Waiting(), b""
    while True:
        readable, _, _ = select.select([device, control], [], [], waiting.seconds_left(time.monotonic()))
        if control in readable:
            *lines, text = (text + b"".join(read_all(control, 65536, 1))).split(b"\n")
            for line in lines:
                delays = {int(port): ms / 1000 for port, ms in json.loads(line).items()}
        now = time.monotonic()
        for packet in read_all(device, LARGEST, BURST) if device in readable else ():
            port = port_of(packet, bastion)
            waiting.add(packet, port, now + delays.get(port, 0.0))
        for packet in waiting.take(time.monotonic()):
            send(device, packet)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(str(error))
