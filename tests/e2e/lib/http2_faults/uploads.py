"""Bodies of requests: windows that hold them up, and answers that do not wait for them."""

import http2_peer as h2

from .case import BODY, served


def takes(name, window_bytes, take, body=BODY):
    """`take(peer, request)` is called when a request's fields came, and whenever some of its body did."""
    @served(name, "ok", method="POST", body=body.decode())
    def behave(peer):
        peer.updates = False
        peer.settings({h2.INITIAL_WINDOW_SIZE: window_bytes})
        for request in peer.heads():
            if not request.is_complete:
                take(peer, request)
                continue
            if body is BODY:
                peer.update(0, len(body))
            peer.answer(request.at, status="200" if request.body == body else "400")


def open_by(n_bytes):
    return lambda peer, request: request.window_bytes <= 0 and peer.update(request.at, n_bytes)


def open_connection_by(n_bytes):
    return lambda peer, _: peer.window_bytes <= 0 and peer.update(0, n_bytes)



def shrink(peer, request):
    """After the first 400 bytes of a stream its window becomes -384, and grows again in three steps."""
    if request.window_bytes <= 0:
        if peer.initial_bytes > 16 and not peer.settings_sent:
            peer.settings({h2.INITIAL_WINDOW_SIZE: 16})
        for _ in range(3):
            peer.update(request.at, 200)


takes("a window of 0, opened by 100", 0, open_by(100))
takes("a window of 1", 1, open_by(1))
takes("a window that is lowered midway", 400, shrink)
takes("a window of the connection that is opened by 9000", 1 << 20, open_connection_by(9000), 100 * BODY)


def answers_early(name, *codes):
    @served(name, "ok", method="POST", body=BODY.decode())
    def behave(peer):
        peer.settings({h2.INITIAL_WINDOW_SIZE: 100})
        peer.updates = False
        for request in peer.heads():
            if not request.is_answered:
                peer.answer(request.at)
                for code in codes:
                    peer.reset(request.at, code)


answers_early("an early answer")
answers_early("an early answer, then NO_ERROR", h2.NO_ERROR)
