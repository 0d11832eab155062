"""A server that keeps every request as bytes, for comparing what two programs send."""

import contextlib
import re
import socketserver
import threading
from dataclasses import dataclass


@dataclass
class Received:
    method: str
    target: str
    headers: list  # of (name in small letters, value)
    body: bytes

    def header(self, name):
        return [value for found, value in self.headers if found == name]


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def read(self):
        line = self.rfile.readline()
        if not line:
            return None
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers = []
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name.lower(), value.strip()))
        received = Received(method, target, headers, b"")
        if received.header("expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        received.body = self.rfile.read(int((received.header("content-length") or ["0"])[0]))
        return received

    def handle(self):
        while (received := self.read()):
            self.server.received.append(received)
            answer = self.server.served.get(received.target.partition("?")[0], (200, {}, b"ok"))
            status, headers, body = answer(received) if callable(answer) else answer
            head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": len(body)}.items())
            self.wfile.write(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + (b"" if received.method == "HEAD" else body))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


@contextlib.contextmanager
def serve_received(served):
    """`served`: an answer (status, headers, body) for each path, or a function of the request that makes one; 200 for all others."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.received, server.served = [], served
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def once(scenario):
    """The scenario with one pass, or one request, in place of many, and without its think times."""
    return re.sub(r"^ *think: .*\n", "", re.sub(r"(passes|requests): \d+", r"\1: 1", scenario), flags=re.M)


# Each program names itself, decodes what it can, and a connection is its own affair.
OWN = {"user-agent": ("curl/", "loadgen/"), "accept-encoding": ("deflate, gzip", "gzip, deflate, br"), "connection": ("",), "expect": ("",)}


def _comparable(received):
    return sorted((name, value) for name, value in received.headers if not value.startswith(OWN.get(name, ("\0",))))


def _target(received):
    """`%2f` and `%2F` are the same (RFC 3986, section 6.2.2.1); curl writes either."""
    return re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), received.target)


def compare(ours, theirs):
    targets, wanted = ([f"{one.method} {_target(one)}" for one in some] for some in (ours, theirs))
    assert targets == wanted, "\n".join(["sent:", *targets, "wanted:", *wanted])
    for one, other in zip(ours, theirs):
        assert one.body == other.body, f"{one.target}: {one.body!r} in place of {other.body!r}"
        headers, expected = _comparable(one), _comparable(other)
        assert headers == expected, f"{one.target}: {headers} in place of {expected}"
