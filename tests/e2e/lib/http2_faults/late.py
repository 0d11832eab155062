"""Answers that do not come, or never end: the requests time out."""

import time

import http2_peer as h2
from http2_peer import frame

from .case import BODY, each, head, served


@each("every connection goes away at once", "timeout", timeout="500ms", n=6)
def every_connection_goes_away_at_once(peer, _):
    peer.goaway(0)
    peer.finish()


@each("every stream refused", "timeout", timeout="500ms", n=6)
def every_stream_refused(peer, at):
    peer.reset(at, h2.REFUSED_STREAM)


@each("silence", "timeout", timeout="500ms", n=6, stream=h2.CANCEL)
def silence(*_):
    pass


@each("half an answer", "timeout", timeout="500ms", n=6, stream=h2.CANCEL)
def half_an_answer(peer, at):
    peer.head(at, [("content-length", "9")])
    peer.data(at, b"half", end=False)


@each("interim answers without end", "timeout", timeout="500ms", n=6)
def interim_answers_without_end(peer, at):
    while True:
        peer.send(b"".join(frame(*head(status=b"103")[:2], at, head(status=b"103")[2]) for _ in range(100)))
        time.sleep(0.01)


@each("a body without end", "timeout", timeout="500ms", n=6)
def a_body_without_end(peer, at):
    peer.head(at)
    while True:
        peer.data(at, 10_000 * b"x", end=False)
        time.sleep(0.01)


@each("empty DATA without end", "timeout", timeout="500ms", n=6)
def empty_DATA_without_end(peer, at):
    peer.head(at)
    while True:
        peer.send(1000 * frame(h2.DATA, 0, at))
        time.sleep(0.01)


@served("no stream allowed", "timeout", timeout="500ms", n=6)
def no_stream_allowed(peer):
    peer.settings({h2.MAX_CONCURRENT_STREAMS: 0})
    for request in peer.requests():  # those that were sent before
        peer.reset(request.at, h2.REFUSED_STREAM)


@served("no window", "timeout", timeout="500ms", n=6, method="POST", body=BODY.decode())
def no_window(peer):
    peer.updates = False
    peer.settings({h2.INITIAL_WINDOW_SIZE: 0})
    for _ in peer.requests():
        pass
