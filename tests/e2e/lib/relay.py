#!/usr/bin/env python3
"""relay.py DELAY_MS [BYTES_PER_S]: a slow network in user space, for kernels without netem.

It makes a TUN device with the address 10.9.0.1 in the network namespace that it is started in. A packet to 10.9.0.2 comes back after
DELAY_MS with its two addresses swapped: whoever connects to 10.9.0.2 talks to a server on 10.9.0.1, with the delay in either direction,
handshake included. Checksums are sums, so a swap leaves them right. With BYTES_PER_S a packet also takes its length, one after the other.

The first line of stdout says that it is up. Python takes its time with every packet: compare with a relay without delay.
"""

import collections
import ctypes
import fcntl
import os
import select
import socket
import struct
import sys
import time

HERE, THERE = "10.9.0.1", "10.9.0.2"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, IFF_UP = 0x8914, 0x8916, 0x891C, 0x1
CLONE_NEWNET = 0x40000000
SPIN_NS = 300_000  # sleeping wakes late, so the last part spins


def bring_up(name, address=None):
    """Of this network namespace; netdevice(7)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for what, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, address and "255.255.255.0")):
            if value:
                fcntl.ioctl(any_socket, what, struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(value)))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", name, IFF_UP))


class Namespace:
    """A network namespace for this thread and the programs it starts."""

    def __enter__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        if self.libc.unshare(CLONE_NEWNET):
            os.close(self.before)
            raise PermissionError(ctypes.get_errno(), "a network namespace may not be made here")
        bring_up(b"lo")
        return self

    def __exit__(self, *_):
        assert self.libc.setns(self.before, CLONE_NEWNET) == 0
        os.close(self.before)


def open_device():
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    name = fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", b"relay%d", IFF_TUN | IFF_NO_PI))[:16]
    bring_up(name, HERE)
    return device


def relay(device, delay_ns, ns_per_byte):
    waiting, line_free_ns = collections.deque(), 0
    clock = time.monotonic_ns
    while True:
        if not waiting or waiting[0][0] - clock() > SPIN_NS:
            select.select([device], [], [], max(0, waiting[0][0] - SPIN_NS - clock()) / 1e9 if waiting else None)
        while True:
            try:
                packet = os.read(device, 65536)
            except BlockingIOError:
                break
            if packet[0] >> 4 == 4:  # the device also sends IPv6 housekeeping
                line_free_ns = max(line_free_ns, clock()) + int(len(packet) * ns_per_byte)
                waiting.append((line_free_ns + delay_ns, packet[:12] + packet[16:20] + packet[12:16] + packet[20:]))
        while waiting and waiting[0][0] <= clock():
            os.write(device, waiting.popleft()[1])


def main():
    delay_ns = int(float(sys.argv[1]) * 1e6)
    ns_per_byte = 1e9 / float(sys.argv[2]) if len(sys.argv) > 2 else 0
    device = open_device()
    print("up", flush=True)
    relay(device, delay_ns, ns_per_byte)


if __name__ == "__main__":
    main()
