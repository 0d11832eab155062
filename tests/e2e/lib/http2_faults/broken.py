"""What breaks a connection: the client leaves it with GOAWAY, its code, and opens another."""

import struct

import http2_peer as h2
from http2_peer import frame, literal

from .case import OK, each, head, served


def breaks(name, code, *frames):
    """The first request of each connection is answered with these frames: (kind, flags, stream, payload), stream None for its own."""
    @each(name, "protocol", connection=code)
    def serve(peer, at):
        for kind, flags, stream, payload in frames:
            peer.frame(kind, flags, at if stream is None else stream, payload)


breaks("index 0", h2.COMPRESSION_ERROR, (h2.HEADERS, 5, None, b"\x80"))
breaks("an index beyond the table", h2.COMPRESSION_ERROR, (h2.HEADERS, 5, None, b"\xff\x50"))
breaks("half a field", h2.COMPRESSION_ERROR, (h2.HEADERS, 5, None, OK[:-1]))
breaks("Huffman coding that ends wrong", h2.COMPRESSION_ERROR, (h2.HEADERS, 5, None, b"\0\x81\0\0"))
breaks("a table beyond its limit", h2.COMPRESSION_ERROR, (h2.HEADERS, 5, None, b"\x3f\xe1\xff\x03" + OK))
breaks("a stream that is idle", h2.PROTOCOL_ERROR, (h2.HEADERS, 5, 9999, OK))
breaks("a stream with an even id", h2.PROTOCOL_ERROR, (h2.HEADERS, 5, 2, OK))
breaks("HEADERS of no stream", h2.PROTOCOL_ERROR, (h2.HEADERS, 5, 0, OK))
breaks("DATA of no stream", h2.PROTOCOL_ERROR, (h2.DATA, 1, 0, b"ok"))
breaks("DATA of an idle stream", h2.PROTOCOL_ERROR, (h2.DATA, 1, 9999, b"ok"))
breaks("a reset of an idle stream", h2.PROTOCOL_ERROR, (h2.RST_STREAM, 0, 9999, b"\0\0\0\2"))
breaks("a reset of no stream", h2.PROTOCOL_ERROR, (h2.RST_STREAM, 0, 0, b"\0\0\0\2"))
breaks("a long frame", h2.FRAME_SIZE_ERROR, (*head()[:2], None, OK), (h2.DATA, 1, None, bytes(16_385)))
breaks("a frame of 16 MB", h2.FRAME_SIZE_ERROR, (h2.DATA, 1, None, bytes((1 << 24) - 1)))
breaks("more padding than frame", h2.PROTOCOL_ERROR, (*head()[:2], None, OK), (h2.DATA, h2.PADDED | 1, None, b"\x09ok"))
breaks("PING within a block", h2.PROTOCOL_ERROR, (h2.HEADERS, 1, None, OK), (h2.PING, 0, 0, bytes(8)))
breaks("an unknown frame within a block", h2.PROTOCOL_ERROR, (h2.HEADERS, 1, None, OK), (99, 0, 0, bytes(8)))
breaks("CONTINUATION of another stream", h2.PROTOCOL_ERROR, (h2.HEADERS, 1, None, OK), (h2.CONTINUATION, 4, 9999, b""))
breaks("CONTINUATION of nothing", h2.PROTOCOL_ERROR, (h2.CONTINUATION, 4, None, OK))
breaks("a short PING", h2.FRAME_SIZE_ERROR, (h2.PING, 0, 0, bytes(7)))
breaks("PING of a stream", h2.PROTOCOL_ERROR, (h2.PING, 0, None, bytes(8)))
breaks("a short GOAWAY", h2.FRAME_SIZE_ERROR, (h2.GOAWAY, 0, 0, bytes(4)))
breaks("GOAWAY of a stream", h2.PROTOCOL_ERROR, (h2.GOAWAY, 0, None, bytes(8)))
breaks("a short RST_STREAM", h2.FRAME_SIZE_ERROR, (h2.RST_STREAM, 0, None, bytes(3)))
breaks("a short WINDOW_UPDATE", h2.FRAME_SIZE_ERROR, (h2.WINDOW_UPDATE, 0, 0, bytes(3)))
breaks("DATA first", h2.PROTOCOL_ERROR, (h2.DATA, 1, None, b"ok"))
breaks("an increment of 0", h2.PROTOCOL_ERROR, (h2.WINDOW_UPDATE, 0, None, bytes(4)))
breaks("an increment of 0 for the connection", h2.PROTOCOL_ERROR, (h2.WINDOW_UPDATE, 0, 0, bytes(4)))
breaks("a window of the connection that overflows", h2.FLOW_CONTROL_ERROR, (h2.WINDOW_UPDATE, 0, 0, struct.pack(">I", h2.WINDOW_MOST)))
breaks("short SETTINGS", h2.FRAME_SIZE_ERROR, (h2.SETTINGS, 0, 0, bytes(5)))
breaks("SETTINGS of a stream", h2.PROTOCOL_ERROR, (h2.SETTINGS, 0, None, b""))
breaks("an ACK with SETTINGS", h2.FRAME_SIZE_ERROR, (h2.SETTINGS, 1, 0, bytes(6)))
breaks("a window beyond 2 GiB", h2.FLOW_CONTROL_ERROR, (h2.SETTINGS, 0, 0, struct.pack(">HI", h2.INITIAL_WINDOW_SIZE, 1 << 31)))
breaks("frames of 100 bytes at most", h2.PROTOCOL_ERROR, (h2.SETTINGS, 0, 0, struct.pack(">HI", h2.MAX_FRAME_SIZE, 100)))
breaks("a server that takes pushes", h2.PROTOCOL_ERROR, (h2.SETTINGS, 0, 0, struct.pack(">HI", h2.ENABLE_PUSH, 1)))
breaks("a push", h2.PROTOCOL_ERROR, (h2.PUSH_PROMISE, 4, None, b"\0\0\0\2" + literal(b":path", b"/")))


@each("a block without end", "protocol", cause="9 frames", connection=h2.ENHANCE_YOUR_CALM)
def a_block_without_end(peer, at):
    peer.frame(h2.HEADERS, 0, at, OK)
    while True:
        peer.frame(h2.CONTINUATION, 0, at, literal(b"x", 16_000 * b"y"))


@each("a field of 70 kB", "protocol", cause="64 KiB", connection=h2.COMPRESSION_ERROR)
def a_field_of_70_kB(peer, at):
    block = OK + literal(b"x", 70_000 * b"y")
    peer.frame(h2.HEADERS, h2.END_STREAM, at, block[:16_000])
    for begin in range(16_000, len(block), 16_000):
        peer.frame(h2.CONTINUATION, 0 if begin + 16_000 < len(block) else h2.END_HEADERS, at, block[begin:begin + 16_000])


@each("empty CONTINUATIONs", "protocol", cause="9 frames", connection=h2.ENHANCE_YOUR_CALM)
def empty_CONTINUATIONs(peer, at):
    peer.frame(h2.HEADERS, 0, at, OK)
    while True:
        peer.send(100 * frame(h2.CONTINUATION, 0, at))


@each("a small block that becomes large", "protocol", cause="256 KiB", connection=h2.ENHANCE_YOUR_CALM)
def a_small_block_that_becomes_large(peer, at):
    """A field of 4 000 bytes, referred to 1 000 times: 4 MB."""
    peer.frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, at, OK + literal(b"x", 4000 * b"y", indexed=True) + 1000 * b"\xbe")


@served("no SETTINGS", "protocol", connection=h2.PROTOCOL_ERROR)
def no_SETTINGS(peer):
    for request in peer.requests():
        peer.answer(request.at)


@served("HTTP/1.1", "protocol", cause="HTTP/1.1", connection=h2.PROTOCOL_ERROR)
def HTTP_1_bytes(peer):
    peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    peer.finish()


@served("no HTTP", "protocol", cause="not HTTP/2", connection=h2.PROTOCOL_ERROR)
def other_bytes(peer):
    peer.send(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    peer.finish()


@served("a flood of PINGs and SETTINGS", "protocol", or_else="ok", connection=h2.ENHANCE_YOUR_CALM)
def a_flood_of_PINGs_and_SETTINGS(peer):
    """It breaks the connection if the client reads more than 1 000 at once."""
    peer.settings()
    for request in peer.requests():
        peer.settings_sent.extend(10_000 * [{}])
        peer.send(10_000 * (frame(h2.PING, 0, 0, b"12345678") + frame(h2.SETTINGS)))
        peer.answer(request.at)
