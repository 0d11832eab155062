"""A company's proxy: it ends TLS with certificates of its own authority, reads what passes, and relays it to the scripted AWS."""

import base64
import socket
import socketserver
import ssl
import threading

from authority import Authority

NAMES = "DNS:*.us-east-1.amazonaws.com, DNS:*.us-east-1.api.aws, DNS:checkip.amazonaws.com"


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """Clients that distrust the certificate end the handshake."""


class InspectingProxy:
    """Use as a context manager. `login` is the USER:PASSWORD that it wants; `asked` holds the host of each request."""

    def __init__(self, folder, target_port, login=None):
        self.authority = Authority(folder, "company")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*self.authority.sign("aws", NAMES))
        self.target_port, self.login = target_port, login
        self.asked = []

    def __enter__(self):
        handler = type("Handler", (Handler,), {"proxy": self})
        self.server = Server(("127.0.0.1", 0), handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()

    def url(self, login=None):
        return f"http://{login + '@' if login else ''}127.0.0.1:{self.port}"


class Handler(socketserver.StreamRequestHandler):
    proxy = None

    def handle(self):
        method, target, _ = self.rfile.readline().decode().split()
        fields = dict(line.split(": ", 1) for line in iter(lambda: self.rfile.readline().decode().strip(), ""))
        self.proxy.asked.append(target.removesuffix(":443"))
        login = self.proxy.login
        if login and fields.get("Proxy-Authorization") != f"Basic {base64.b64encode(login.encode()).decode()}":
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
        elif method != "CONNECT":
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(self.proxy.context.wrap_socket(self.connection, server_side=True), self.proxy.target_port)


class TlsFront:
    """A proxy that is itself spoken to by TLS: ends it in front of an InspectingProxy."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*proxy.authority.sign("front", "IP:127.0.0.1"))

    def __enter__(self):
        front = self

        class Relay(socketserver.BaseRequestHandler):
            def handle(self):
                relay(front.context.wrap_socket(self.request, server_side=True), front.proxy.port)

        self.server = Server(("127.0.0.1", 0), Relay)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()


def relay(client, port):
    """Passes bytes both ways between the client and a port until either side ends."""
    with socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()


def pump(source, sink):
    """Copies until either side ends."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except (OSError, ValueError):
        pass
