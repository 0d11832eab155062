"""Streams and connections that end before the answer does, or never."""

import socket
import struct
import time

import http2_peer as h2
from http2_peer import frame

from .case import BODY, OK, each, head, served

RESETS = {"NO_ERROR": "reset", "PROTOCOL_ERROR": "reset", "INTERNAL_ERROR": "reset", "CANCEL": "reset", "ENHANCE_YOUR_CALM": "reset",
          "HTTP_1_1_REQUIRED": "protocol"}


def resets(code, cls):
    @each(f"{code} at once", cls, cause=code)
    def at_once(peer, at):
        peer.reset(at, getattr(h2, code))

    @each(f"{code} midway", cls, cause=code)
    def midway(peer, at):
        peer.head(at, [("content-length", "9")])
        peer.data(at, b"half", end=False)
        peer.reset(at, getattr(h2, code))


for reset in RESETS.items():
    resets(*reset)


@each("a reset with an unknown code", "reset", cause="stream reset")
def a_reset_with_an_unknown_code(peer, at):
    peer.reset(at, 0xabcdef)


@each("closed at once", "reset")
def closed_at_once(peer, _):
    peer.finish()


@each("closed midway", "reset")
def closed_midway(peer, at):
    peer.head(at)
    peer.data(at, b"half", end=False)
    peer.finish()


@each("closed within a frame", "reset")
def closed_within_a_frame(peer, at):
    peer.send(frame(h2.HEADERS, h2.END_HEADERS, at, OK)[:-2])
    peer.finish()


@each("a connection that is reset", "reset", cause="reset")
def a_connection_that_is_reset(peer, _):
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket(fileno=peer.sock.detach()).close()  # without close_notify


@each("GOAWAY with an error after acceptance", "reset", method="POST")
def GOAWAY_with_an_error_after_acceptance(peer, at):
    peer.goaway(at, h2.INTERNAL_ERROR)
    peer.finish()


@each("every connection goes away at once", "timeout", timeout="500ms")
def every_connection_goes_away_at_once(peer, _):
    peer.goaway(0)
    peer.finish()


@each("every stream refused", "timeout", timeout="500ms")
def every_stream_refused(peer, at):
    peer.reset(at, h2.REFUSED_STREAM)


@each("silence", "timeout", timeout="500ms", stream=h2.CANCEL)
def silence(*_):
    pass


@each("half an answer", "timeout", timeout="500ms", stream=h2.CANCEL)
def half_an_answer(peer, at):
    peer.head(at, [("content-length", "9")])
    peer.data(at, b"half", end=False)


@each("interim answers without end", "timeout", timeout="500ms")
def interim_answers_without_end(peer, at):
    while True:
        peer.send(b"".join(frame(*head(status=b"103")[:2], at, head(status=b"103")[2]) for _ in range(100)))
        time.sleep(0.01)


@each("a body without end", "timeout", timeout="500ms")
def a_body_without_end(peer, at):
    peer.head(at)
    while True:
        peer.data(at, 10_000 * b"x", end=False)
        time.sleep(0.01)


@each("empty DATA without end", "timeout", timeout="500ms")
def empty_DATA_without_end(peer, at):
    peer.head(at)
    while True:
        peer.send(1000 * frame(h2.DATA, 0, at))
        time.sleep(0.01)


@served("no stream allowed", "timeout", timeout="500ms")
def no_stream_allowed(peer):
    peer.settings({h2.MAX_CONCURRENT_STREAMS: 0})
    for request in peer.requests():  # those that were sent before
        peer.reset(request.at, h2.REFUSED_STREAM)


@served("no window", "timeout", timeout="500ms", method="POST", body=BODY.decode())
def no_window(peer):
    peer.updates = False
    peer.settings({h2.INITIAL_WINDOW_SIZE: 0})
    for _ in peer.requests():
        pass
