"""Answers that are malformed (RFC 9113, section 8.1.1): the client resets the stream, and the connection stays."""

import struct

import http2_peer as h2

from .case import data, each, head


def malformed(name, *frames):
    """Each request is answered with these frames: (kind, flags, payload)."""
    @each(name, "protocol", stream=h2.PROTOCOL_ERROR)
    def serve(peer, at):
        for kind, flags, payload in frames:
            peer.frame(kind, flags, at, payload)


malformed("no status", head((b"x", b"y"), status=None, end=True))
malformed("a status of letters", head(status=b"abc", end=True))
malformed("a status of two digits", head(status=b"20", end=True))
malformed("two statuses", head((b":status", b"200"), end=True))
malformed("a status behind a field", head((b"x", b"y"), (b":status", b"200"), status=None, end=True))
malformed("a pseudo field of requests", head((b":path", b"/"), end=True))
malformed("a name in upper case", head((b"X-Upper", b"y"), end=True))
malformed("a name with a space", head((b"x y", b"z"), end=True))
malformed("an empty name", head((b"", b"z"), end=True))
malformed("a line end in a value", head((b"x", b"a\r\nb"), end=True))
malformed("a zero byte in a value", head((b"x", b"a\0b"), end=True))
malformed("connection", head((b"connection", b"close"), end=True))
malformed("keep-alive", head((b"keep-alive", b"5"), end=True))
malformed("transfer-encoding", head((b"transfer-encoding", b"chunked"), end=True))
malformed("101", head(status=b"101", end=True))
malformed("an interim answer that ends", head(status=b"103", end=True))
malformed("a body longer than its length", head((b"content-length", b"2")), data(b"long"))
malformed("a body shorter than its length", head((b"content-length", b"9")), data(b"ok"))
malformed("a length without a body", head((b"content-length", b"9"), end=True))
malformed("two lengths", head((b"content-length", b"2"), (b"content-length", b"3")), data(b"ok"))
malformed("a length of letters", head((b"content-length", b"two")), data(b"ok"))
malformed("a body with 204", head(status=b"204"), data(b"ok"))
malformed("a body with 304", head(status=b"304"), data(b"ok"))
malformed("trailers that do not end", head(), data(b"ok", end=False), head((b"x", b"y"), status=None))
malformed("a second answer", head(), data(b"ok", end=False), head(end=True))


@each("a body with HEAD", "protocol", stream=h2.PROTOCOL_ERROR, method="HEAD")
def a_body_with_HEAD(peer, at):
    peer.head(at)
    peer.data(at, b"ok")


@each("a window of a stream that overflows", "protocol", stream=h2.FLOW_CONTROL_ERROR)
def a_window_of_a_stream_that_overflows(peer, at):
    peer.frame(h2.WINDOW_UPDATE, 0, at, struct.pack(">I", h2.WINDOW_MOST))
