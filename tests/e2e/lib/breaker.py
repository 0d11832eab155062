"""A server that breaks the rules of HTTP or TLS on request."""

import os
import socket
import subprocess

from listening import Listening, server_tls

RESET = b"\1\0\0\0\0\0\0\0"  # struct linger: on, 0 s: closing sends a reset


def certificate(folder):
    """A self-signed one for 127.0.0.1: (certificate file, key file)."""
    cert, key = folder / "self.pem", folder / "self.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=127.0.0.1",
                    "-days", "2", "-keyout", key, "-out", cert], check=True, capture_output=True, timeout=30)
    return cert, key


class Breaker(Listening):
    """Answers every request with the bytes of `answer` (raw ones on the socket for a text beginning with RAW), and then does something:
    keep, close, farewell (closes with TLS's last word), half-close, reset, hang, or endless, which repeats the last line. `on` says when: at a request, or already when a
    connection is there. `answers` by path stand before `answer`: (bytes, what then)."""

    def __init__(self, answer, then, on="request", tls=None, answers=None):
        self.answer, self.then, self.on, self.answers = answer, then, on, answers or {}
        self.context = server_tls(*tls) if tls else None
        self.open = []
        super().__init__("https" if tls or on == "hello" else "http")

    def __exit__(self, *_):
        super().__exit__()
        for conn in self.open:
            conn.close()

    def serve(self, conn):
        try:
            if self.context:
                conn = self.context.wrap_socket(conn, server_side=True)
            while self.serve_one(conn):
                pass
        except OSError:
            pass

    def serve_one(self, conn):
        """True: the connection is kept."""
        answer, then = self.answer, self.then
        if self.on == "hello":
            if not conn.recv(65536):
                return False
        elif self.on == "request":
            request = b""
            while b"\r\n\r\n" not in request:
                more = conn.recv(65536)
                if not more:
                    return False
                request += more
            answer, then = self.answers.get(request.split(b" ")[1].decode(), (answer, then))
        if answer.startswith(b"RAW"):
            os.write(conn.fileno(), answer[3:])
        else:
            conn.sendall(answer)
        return self.do(conn, answer, then)

    def do(self, conn, answer, then):
        if then == "keep":
            return True
        if then == "endless":
            line = answer[answer[:-1].rfind(b"\n") + 1:]
            while True:
                conn.sendall(line * 1000)
        if then == "farewell":
            conn.unwrap()
        if then in ("hang", "half-close"):
            self.open.append(conn)
        if then == "half-close":
            conn.shutdown(socket.SHUT_WR)
        if then == "reset":
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        if then in ("close", "reset"):
            socket.socket(fileno=conn.detach()).close()  # without close_notify
        return False
