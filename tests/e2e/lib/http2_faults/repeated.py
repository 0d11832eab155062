"""Requests that a server does not take, and connections that it ends: the requests are sent again."""

import time

import http2_peer as h2

from .case import served


@served("one stream allowed", "ok")
def one_stream_allowed(peer):
    peer.settings({h2.MAX_CONCURRENT_STREAMS: 1})
    for request in peer.requests():
        if len(peer.open) > 1:
            peer.reset(request.at, h2.REFUSED_STREAM)
        else:
            peer.answer(request.at)


@served("a limit that changes", "ok")
def a_limit_that_changes(peer):
    peer.settings({h2.MAX_CONCURRENT_STREAMS: 0})
    for most in (1, 3, 0, 2, 100):
        time.sleep(0.02)
        peer.settings({h2.MAX_CONCURRENT_STREAMS: most})
    for request in peer.requests():
        peer.answer(request.at)


@served("every third refused", "ok")
def every_third_refused(peer):
    peer.settings()
    for n, request in enumerate(peer.requests(), 1):
        if n % 3:
            peer.answer(request.at)
        else:
            peer.reset(request.at, h2.REFUSED_STREAM)


def goes_away(name, leave):
    """After 3 requests of a connection, which are answered; what was sent behind them is not."""
    @served(name, "ok", method="POST", body="once")
    def behave(peer):
        peer.settings()
        for n, request in enumerate(peer.requests(), 1):
            if n < 3:
                peer.answer(request.at)
            elif n == 3:
                leave(peer, request.at)


def leave_and_close(peer, at):
    peer.goaway(at)
    peer.answer(at)
    peer.finish()


def leave_open(peer, at):
    peer.answer(at)
    peer.goaway(at)


def leave_twice(peer, at):
    peer.goaway(h2.WINDOW_MOST)
    peer.goaway(at)
    peer.answer(at)
    peer.finish()


def leave_for_an_error(peer, at):
    peer.answer(at)
    peer.goaway(at, h2.ENHANCE_YOUR_CALM)
    peer.finish()


def leave_late(peer, at):
    """The last answer comes some time after GOAWAY."""
    peer.goaway(at)
    time.sleep(0.05)
    peer.answer(at)
    peer.finish()


goes_away("GOAWAY midway", leave_and_close)
goes_away("GOAWAY and the socket left open", leave_open)
goes_away("GOAWAY twice", leave_twice)
goes_away("GOAWAY with an error", leave_for_an_error)
goes_away("GOAWAY before the answer", leave_late)


@served("GOAWAY first", "ok")
def GOAWAY_first(peer):
    """Of every second connection: it takes nothing."""
    peer.settings()
    if peer.number % 2:
        peer.goaway(0)
        peer.finish()
    else:
        for request in peer.requests():
            peer.answer(request.at)
