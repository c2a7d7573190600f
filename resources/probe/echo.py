# Answers the echoes of a probe (helper/probe/echo-message.ts) on UDP port argv[1], on all addresses: as many bytes as it was
# asked, and only questions, so that nothing is amplified and two who answer never talk to each other.
import socket
import sys

IP_MTU_DISCOVER, IP_PMTUDISC_PROBE = 10, 3
QUESTION, ANSWER = b"moleprob\x01q", b"moleprob\x01a"

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# Answers are not fragmented either: what cannot come back whole does not count.
server.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE)
server.bind(("0.0.0.0", int(sys.argv[1])))
while True:
    try:
        question, asker = server.recvfrom(65535)
        if len(question) >= 24 and question.startswith(QUESTION):
            server.sendto(ANSWER + question[len(QUESTION) :], asker)
    except OSError:
        # Larger than the interface here, or an ICMP error of an earlier answer.
        pass
