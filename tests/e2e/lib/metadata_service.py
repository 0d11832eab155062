"""Stands for the services that hand out credentials of a role: that of a container or a CloudShell, and version 2 of an instance's
metadata. Records every request; refuses those without the right token, and version 1."""

import http.server
import json
import threading

CONTAINER_PATH = "/container/credentials"
ROLES_PATH = "/latest/meta-data/iam/security-credentials/"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


class MetadataService:
    """Use as a context manager. `replies` are served in turn, the last one for ever; one that is a text is served as it is, and a number is
    the status of a failure."""

    def __init__(self, *replies, token=None, role="LabRole"):
        self.replies, self.token, self.role = list(replies), token, role
        self.requests = []
        self.before = None  # called before a reply

    def __enter__(self):
        handler = type("Handler", (Handler,), {"service": self})
        self.server = Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()

    def take(self):
        """Status and text of the next reply."""
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return (reply, "failed") if isinstance(reply, int) else (200, json.dumps(reply) if isinstance(reply, dict) else reply)


class Handler(http.server.BaseHTTPRequestHandler):
    service = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, text=""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self):
        service = self.service
        service.requests.append(("PUT", self.path))
        if service.before:
            service.before()
        if self.path != "/latest/api/token" or not self.headers.get("X-aws-ec2-metadata-token-ttl-seconds"):
            self.answer(400)
        else:
            self.answer(200, "MARKimdsTOKEN+/==")

    def do_GET(self):
        service = self.service
        service.requests.append(("GET", self.path))
        if service.before:
            service.before()
        if self.path == CONTAINER_PATH:
            right = self.headers.get("Authorization") == service.token
            self.answer(*service.take() if right else (401, '{"message":"who are you"}'))
        elif self.headers.get("X-aws-ec2-metadata-token") != "MARKimdsTOKEN+/==":
            self.answer(401)
        elif self.path == ROLES_PATH and service.role:
            self.answer(200, service.role)
        elif service.role and self.path == f"{ROLES_PATH}{service.role}":
            self.answer(*service.take())
        else:
            self.answer(404, "<html>404</html>")
