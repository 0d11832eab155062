"""Streams and connections that end before the answer does."""

import socket
import struct

import http2_peer as h2
from http2_peer import frame

from .case import OK, each

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


@each("a connection that is reset", "reset")
def a_connection_that_is_reset(peer, _):
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket(fileno=peer.sock.detach()).close()  # without close_notify


@each("GOAWAY with an error after acceptance", "reset", method="POST")
def GOAWAY_with_an_error_after_acceptance(peer, at):
    peer.goaway(at, h2.INTERNAL_ERROR)
    peer.finish()
