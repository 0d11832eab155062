"""What a server does, how the requests to it must end, and the decorators that list it."""

import dataclasses

import http2_peer as h2
from http2_peer import literal

CASES = []
OK = literal(b":status", b"200")
BODY = bytes(range(97, 123)) * 40  # what clients send to servers that take bodies
PATIENCE_S = 20


@dataclasses.dataclass
class Case:
    """`cls` is the outcome of every request, or `or_else`, and `cause` is in the cause of every error. `stream` and `connection` are the
    code with which the client resets a stream or leaves a connection."""

    name: str
    behave: object
    cls: str
    or_else: str = ""
    cause: str = ""
    stream: int = None
    connection: int = None
    method: str = "GET"
    body: str = ""
    timeout: str = f"{PATIENCE_S}s"
    n: int = 9  # requests for each HTTP/2 stream of a connection
    window_bytes: int = 1 << 20  # of the client

    @property
    def group(self):
        """The file that it is in."""
        return self.behave.__module__.rpartition(".")[2]


def served(name, cls, **how):
    """Decorates a function of a connection."""
    def register(behave):
        CASES.append(Case(name, behave, cls, **how))
        return behave
    return register


def each(name, cls, **how):
    """Decorates a function of a connection and a stream's id, which serves a request. SETTINGS are sent as they should be."""
    def register(serve):
        def behave(peer):
            peer.settings()
            for request in peer.requests():
                serve(peer, request.at)
        behave.__module__ = serve.__module__
        served(name, cls, **how)(behave)
        return serve
    return register


def head(*fields, status=b"200", end=False, more=b""):
    """HEADERS, by literals."""
    pairs = [(b":status", status), *fields] if status else fields
    flags = h2.END_HEADERS | (h2.END_STREAM if end else 0)
    return h2.HEADERS, flags, b"".join(literal(*pair) for pair in pairs) + more


def data(payload, end=True):
    return h2.DATA, h2.END_STREAM if end else 0, payload
