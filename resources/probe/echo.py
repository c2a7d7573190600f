# Answers the echoes of a probe (helper/probe/echo-message.ts) on UDP port argv[1], on all addresses: as many bytes as it was
# asked, and only questions, so that nothing is amplified and two who answer never talk to each other.
import socket
import sys

IP_PKTINFO, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE = 8, 10, 3
QUESTION, ANSWER = b"moleprob\x01q", b"moleprob\x01a"

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# Answers are not fragmented either: what cannot come back whole does not count.
server.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE)
server.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
server.bind(("0.0.0.0", int(sys.argv[1])))
while True:
    try:
        question, control, _, asker = server.recvmsg(65535, 64)
        if len(question) < 24 or not question.startswith(QUESTION):
            continue
        # From the address that was asked (struct in_pktinfo, ip(7)), by whichever interface leads back.
        here = [(level, kind, bytes(4) + data[4:8] + bytes(4)) for level, kind, data in control if kind == IP_PKTINFO]
        server.sendmsg([ANSWER, question[len(QUESTION) :]], here, 0, asker)
    except OSError:
        # Larger than the interface here, or an ICMP error of an earlier answer.
        pass
