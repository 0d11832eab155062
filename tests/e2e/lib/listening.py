"""Servers of the tests' own: a socket that listens on a free port of 127.0.0.1, and a thread for each connection."""

import socket
import ssl
import threading


def server_tls(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Listening:
    """Those that inherit it have `serve(conn)`, which runs in a thread of its own for each connection."""

    def __init__(self, scheme="http"):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"{scheme}://127.0.0.1:{self.socket.getsockname()[1]}"
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread, which would otherwise accept on whatever reuses the descriptor
        self.accepting.join()
        self.socket.close()

    def accept(self):
        while True:
            try:
                conn, _ = self.socket.accept()
            except OSError:
                return
            self.begin(conn)

    def begin(self, *connection):
        thread = threading.Thread(target=self.serve, args=connection, daemon=True)
        thread.start()
        return thread
