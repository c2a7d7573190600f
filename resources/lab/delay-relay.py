"""The lab's delay: packets that come in at a tun device leave it again some time later, in the order they came.

The router of the lab leads the packets of delayed paths here and takes them back as if they came from a wire. Packets
of segmentation offload (of TCP, or UDP_SEGMENT, up to 64 KiB) pass whole, and what leaves together for one place leaves as one:
what the kernel has to do for a packet is most of the work.

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
TUN_F_CSUM, TUN_F_TSO4, TUN_F_USO4, TUN_F_USO6 = 0x01, 0x02, 0x20, 0x40
# Flags and protocol of tun, then struct virtio_net_hdr (linux/virtio_net.h).
VNET = 4
HEADER = VNET + 10
VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_UDP_L4 = 1, 5
# Headers of IPv4 without options, and of UDP.
HEADERS = 28
LARGEST = HEADER + 65535
# Segments of one packet of offload (UDP_MAX_SEGMENTS), and its bytes.
MAX_SEGMENTS, MAX_MERGED = 64, 60000
# What waits at most; more is lost, as in any queue that is full.
MAX_WAITING_BYTES = 256 * 1024 * 1024
# How often it looks for packets while some wait, in seconds: so much later than asked for one may leave.
TICK = 0.0005
# Packets taken in before what is due is looked at again.
BURST = 512


def open_device(name):
    """The device, and whether packets of offload may pass it."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_VNET_HDR))
    try:
        fcntl.ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_USO4 | TUN_F_USO6)
        return device, True
    except OSError:
        # Before Linux 6.2: the kernel cuts the large packets up.
        fcntl.ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM)
        return device, False


def open_control(path):
    if os.path.exists(path):
        os.unlink(path)
    os.mkfifo(path, 0o600)
    # Its other end, too, is held open, so that it never reads as ended.
    return os.open(path, os.O_RDWR | os.O_NONBLOCK)


def port_of(packet, bastion):
    """UDP port at the bastion; 0 for all but whole packets of UDP over IPv4, without options, to or from it."""
    if len(packet) < HEADER + HEADERS or packet[HEADER] != 0x45 or packet[HEADER + 9] != socket.IPPROTO_UDP:
        return 0
    if packet[HEADER + 6] & 0x3F or packet[HEADER + 7]:
        return 0
    if packet[HEADER + 16 : HEADER + 20] == bastion:
        return packet[HEADER + 22] << 8 | packet[HEADER + 23]
    if packet[HEADER + 12 : HEADER + 16] == bastion:
        return packet[HEADER + 20] << 8 | packet[HEADER + 21]
    return 0


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
        heapq.heappush(self.heap, (due, self.count, port, packet))

    def take(self, now):
        """What is due, by path and direction."""
        flows = collections.defaultdict(list)
        while self.heap and self.heap[0][0] <= now:
            _, _, port, packet = heapq.heappop(self.heap)
            self.bytes -= len(packet)
            flows[packet[HEADER + 12 : HEADER + 24] if port else None].append(packet)
        return flows

    def seconds_left(self, now):
        return max(0.0, self.heap[0][0] - now)


def checksum(data):
    """Sum in ones' complement (RFC 1071) of an even number of bytes."""
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def segment_of(packet):
    """Length of its payload, or of each part of it in a packet of offload."""
    if packet[VNET + 1] == VIRTIO_NET_HDR_GSO_UDP_L4:
        return struct.unpack_from("=H", packet, VNET + 4)[0]
    return len(packet) - HEADER - HEADERS


def merge(packets):
    """One packet of offload of several, whose segments are of one length, the last one's of no more."""
    if len(packets) == 1:
        return packets[0]
    first = packets[0]
    payload = b"".join([packet[HEADER + HEADERS :] for packet in packets])
    head = bytearray(first[HEADER : HEADER + HEADERS])
    struct.pack_into("!H", head, 2, HEADERS + len(payload))
    struct.pack_into("!H", head, 10, 0)
    struct.pack_into("!H", head, 10, ~checksum(head[:20]) & 0xFFFF)
    length = struct.pack("!H", 8 + len(payload))
    # Of the pseudo header alone: the kernel adds the rest, for each segment.
    pseudo = checksum(bytes(head[12:20]) + struct.pack("!H", socket.IPPROTO_UDP) + length)
    struct.pack_into("!2sH", head, 24, length, pseudo)
    offload = struct.pack(
        "=BBHHHH", VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_UDP_L4, HEADERS, segment_of(first), 20, 6
    )
    return first[:VNET] + offload + head + payload


def merged(packets):
    """The packets of one flow as few, in their order."""
    run, segment, size, is_full = [], 0, 0, True
    for packet in packets:
        length, own = len(packet) - HEADER - HEADERS, segment_of(packet)
        fits = (
            not is_full
            and size + length <= min(MAX_MERGED, MAX_SEGMENTS * segment)
            and (own == segment or length == own < segment)
            # Same kind of service and time to live.
            and packet[HEADER + 1] == run[0][HEADER + 1]
            and packet[HEADER + 8] == run[0][HEADER + 8]
        )
        if not fits:
            if run:
                yield merge(run)
            run, segment, size = [], own, 0
        run.append(packet)
        size += length
        # A shorter segment can only be the last.
        is_full = not segment or size % segment != 0
    if run:
        yield merge(run)


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
        if error.errno in (errno.EBADF, errno.EBADFD):
            raise


def main(name, address, control_path):
    bastion = socket.inet_aton(address)
    device, takes_offload = open_device(name)
    control = open_control(control_path)
    print("ready", flush=True)
    delays, waiting, text = {}, Waiting(), b""
    while True:
        if waiting.heap:
            left = min(TICK, waiting.seconds_left(time.monotonic()))
            readable, _, _ = select.select([control], [], [], left)
        else:
            readable, _, _ = select.select([device, control], [], [])
        if control in readable:
            *lines, text = (text + b"".join(read_all(control, 65536, 1))).split(b"\n")
            for line in lines:
                delays = {int(port): ms / 1000 for port, ms in json.loads(line).items()}
        now = time.monotonic()
        for packet in read_all(device, LARGEST, BURST):
            port = port_of(packet, bastion)
            waiting.add(packet, port, now + delays.get(port, 0.0))
        for flow, packets in waiting.take(time.monotonic()).items():
            for packet in merged(packets) if flow and takes_offload else packets:
                send(device, packet)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(str(error))
