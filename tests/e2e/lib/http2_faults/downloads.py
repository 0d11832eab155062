"""Bodies of answers that fill the client's windows."""

import http2_peer as h2

from .case import each

BYTES = 150_000


@each("a body of several windows", "ok", window_bytes=h2.WINDOW_BYTES)
def a_body_of_several_windows(peer, at):
    peer.head(at, [("content-length", str(BYTES))])
    left = BYTES
    while left:
        n_bytes = min(left, peer.wait_for_room(at))
        left -= n_bytes
        peer.data(at, n_bytes * b"x", end=not left)


@each("padding of several windows", "ok", window_bytes=h2.WINDOW_BYTES)
def padding_of_several_windows(peer, at):
    """Padding counts for the windows (section 6.9.1)."""
    peer.head(at, [("content-length", "600")])
    for n in range(600):
        while min(peer.room(0), peer.room(at)) < 257:
            peer.behind.append(peer.take(peer.next_frame()))
        peer.client_bytes.subtract({0: 257, at: 257})
        peer.frame(h2.DATA, h2.PADDED | (h2.END_STREAM if n == 599 else 0), at, b"\xffx" + bytes(255))
    peer.close(at)
