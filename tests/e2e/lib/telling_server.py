#!/usr/bin/env python3
"""telling_server.py [--delay-ms T] [--writes 1|2] [--no-delay 0|1]: waits T and reports in its answer how long it really waited.

`Instance 10.02 is responding now!`: milliseconds from having read the request to sending the answer, in steps of 10 us. With two writes
head and body are sent apart; TCP_NODELAY is set unless --no-delay is 0. It serves one connection after the other. The first line of
stdout is its port.
"""

import argparse
import socket
import time

SPIN_NS = 500_000  # sleeping wakes late, so the last part spins


def wait_until(due_ns):
    if due_ns - time.monotonic_ns() > SPIN_NS:
        time.sleep((due_ns - SPIN_NS - time.monotonic_ns()) / 1e9)
    while time.monotonic_ns() < due_ns:
        pass


def serve(conn, settings):
    while conn.recv(65536):  # a request of the tests is one segment
        read_ns = time.monotonic_ns()
        wait_until(read_ns + int(settings.delay_ms * 1e6))
        body = b"Instance %.2f is responding now!" % ((time.monotonic_ns() - read_ns) / 1e6)
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        for data in (head, body) if settings.writes == 2 else (head + body,):
            conn.sendall(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--writes", type=int, default=1)
    parser.add_argument("--no-delay", type=int, default=1)
    settings = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            conn, _ = listener.accept()
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, settings.no_delay)
            with conn:
                try:
                    serve(conn, settings)
                except ConnectionError:
                    pass


if __name__ == "__main__":
    main()
