"""What is unusual, but right."""

import struct

import http2_peer as h2
from http2_peer import frame, literal

from .case import OK, each, served


@each("good", "ok")
def good(peer, at):
    peer.answer(at)


@each("no content", "ok")
def no_content(peer, at):
    peer.head(at, status="204", end=True)


@each("a length with HEAD", "ok", method="HEAD")
def a_length_with_HEAD(peer, at):
    peer.head(at, [("content-length", "99")], end=True)


@each("early hints", "ok")
def early_hints(peer, at):
    peer.head(at, [("link", "</a.css>")], status="103")
    peer.head(at, status="100")
    peer.answer(at)


@each("trailers", "ok")
def trailers(peer, at):
    peer.head(at, [("content-length", "2")])
    peer.data(at, b"ok", end=False)
    peer.frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, at, peer.block([("x-sum", "1")]))
    peer.close(at)


@each("a byte per segment", "ok")
def a_byte_per_segment(peer, at):
    for byte in peer.answer_bytes(at):
        peer.send(bytes([byte]))
    peer.close(at)


@each("a byte per frame", "ok")
def a_byte_per_frame(peer, at):
    block = peer.block([(":status", "200"), ("content-length", "2")])
    peer.send(frame(h2.HEADERS, 0, at) + b"".join(frame(h2.CONTINUATION, 0, at, block[i:i + 1]) for i in range(min(6, len(block)))))
    peer.send(frame(h2.CONTINUATION, h2.END_HEADERS, at, block[6:]))
    peer.data(at, b"o", end=False)
    peer.data(at, b"k", end=False)
    peer.data(at)


@each("padding", "ok")
def padding(peer, at):
    block = peer.block([(":status", "200"), ("content-length", "2")])
    peer.frame(h2.HEADERS, h2.END_HEADERS | h2.PADDED | h2.WITH_PRIORITY, at, b"\xff" + struct.pack(">IB", at - 1, 9) + block + bytes(255))
    peer.frame(h2.DATA, h2.PADDED, at, b"\x05o" + bytes(5))
    peer.frame(h2.DATA, h2.PADDED | h2.END_STREAM, at, b"\0k")
    peer.close(at)


@each("many empty DATA", "ok")
def many_empty_DATA(peer, at):
    peer.head(at, [("content-length", "2")])
    peer.send(5000 * frame(h2.DATA, 0, at))
    peer.data(at, b"ok")


@each("unknown frames and flags", "ok")
def unknown_frames_and_flags(peer, at):
    peer.frame(99, 255, 0, b"of the connection")
    peer.frame(98, 255, at, b"of a stream")
    peer.frame(h2.PRIORITY, 0, at, struct.pack(">IB", 0, 9))
    peer.frame(h2.HEADERS, h2.END_HEADERS | 0xd2, at, OK)  # of its flags only END_HEADERS is one
    peer.frame(h2.DATA, h2.END_STREAM | 0xf6, at, b"ok")
    peer.close(at)


@each("reserved bits", "ok")
def reserved_bits(peer, at):
    peer.frame(h2.HEADERS, h2.END_HEADERS, at | 1 << 31, OK)
    peer.frame(h2.DATA, h2.END_STREAM, at | 1 << 31, b"ok")
    peer.close(at)


@each("unknown SETTINGS", "ok")
def unknown_SETTINGS(peer, at):
    peer.settings({0x7777: 7, h2.MAX_FRAME_SIZE: 1 << 20, h2.MAX_HEADER_LIST_SIZE: 1})
    peer.answer(at)


@each("NO ERROR after the end", "ok")
def NO_ERROR_after_the_end(peer, at):
    peer.answer(at)
    peer.reset(at, h2.NO_ERROR)


@each("an error after the end", "ok")
def an_error_after_the_end(peer, at):
    peer.answer(at)
    peer.reset(at, h2.INTERNAL_ERROR)


@each("windows of closed streams", "ok")
def windows_of_closed_streams(peer, at):
    peer.answer(at)
    peer.frame(h2.WINDOW_UPDATE, 0, at, struct.pack(">I", 100))


@served("PINGs and SETTINGS", "ok")
def PINGs_and_SETTINGS(peer):
    peer.settings()
    for request in peer.requests():
        for _ in range(100):
            peer.frame(h2.PING, 0, 0, b"12345678")
            peer.settings()
        peer.answer(request.at)


@served("reverse order", "ok")
def reverse_order(peer):
    peer.settings()
    for waiting in peer.batches(4):
        for at in reversed(waiting):
            peer.answer(at)


@served("interleaved answers", "ok")
def interleaved_answers(peer):
    """Bodies of requests that came at once, byte by byte in turn."""
    peer.settings()
    for waiting in peer.batches(4):
        for at in waiting:
            peer.head(at, [("content-length", "2")])
        for byte, end in ((b"o", False), (b"k", True)):
            for at in waiting:
                peer.data(at, byte, end)


@served("tables of all sizes", "ok")
def tables_of_all_sizes(peer):
    """The size of the table for requests changes with every answer."""
    peer.settings()
    for n, request in enumerate(peer.requests()):
        size = (0, 4096, 64, 65_536, 1)[n % 5]
        peer.settings({h2.HEADER_TABLE_SIZE: size})
        peer.answer(request.at)


@served("blocks of all kinds", "ok")
def blocks_of_all_kinds(peer):
    """Answers that add to the table, refer to it, do neither, and empty it, in turn."""
    peer.settings()
    for n, request in enumerate(peer.requests()):
        if n % 4 == 3:
            peer.encoder.header_table_size = 0
            peer.encoder.header_table_size = 4096
        if n % 4 == 2:
            peer.frame(h2.HEADERS, h2.END_HEADERS, request.at, OK + literal(b"content-length", b"2"))
            peer.data(request.at, b"ok")
        else:
            peer.answer(request.at, fields=[("x-number", str(n % 3)), ("server", "of all kinds")])
