"""The lab's slow sender: a fifo that is fed at a steady rate, for a program to send what it reads there.

Usage: slow-source.py FIFO BITS_PER_SECOND
What nobody reads is not made up for later: the rate holds for every second. Ends when it is killed.
"""

import os
import sys
import time

# Between two portions, in seconds: short against all that looks at rates.
TICK = 0.002
# What a stall of this machine may be made up for, in seconds.
MOST_BEHIND = 0.05


def main(path, bits_per_second):
    if os.path.exists(path):
        os.unlink(path)
    os.mkfifo(path, 0o600)
    # Its other end, too, is held open, so that whoever reads never finds it ended.
    fifo = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    bytes_per_second = float(bits_per_second) / 8
    print("ready", flush=True)
    last, owed = time.monotonic(), 0.0
    while True:
        time.sleep(TICK)
        now = time.monotonic()
        owed = min(owed + (now - last) * bytes_per_second, MOST_BEHIND * bytes_per_second)
        last = now
        try:
            owed -= os.write(fifo, bytes(int(owed)))
        except BlockingIOError:
            owed = 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
