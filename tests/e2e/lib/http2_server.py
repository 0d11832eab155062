"""A server of HTTP/2 on a free port of 127.0.0.1, whose behaviour is a function of one connection (http2_peer.py)."""

import collections
import socket
import threading

from http2_peer import Gone, Peer
from listening import Listening, server_tls


class Seen:
    """What clients sent to a server, and what was wrong with it."""

    def __init__(self):
        self.n_connections = self.n_requests = 0
        self.resets, self.goaways = collections.Counter(), collections.Counter()  # by code
        self.sent_resets, self.sent_goaways = collections.Counter(), collections.Counter()  # by the server
        self.wrong = []
        self.sending = threading.Lock()

    def note_sent(self, counter, code):
        """Connections are served by threads; what they send is counted to the frame."""
        with self.sending:
            counter[code] += 1


class Http2Server(Listening):
    """`behave(peer)` serves a connection in a thread of its own, from the client's preface on; the connection is closed when it returns.
    `tls` is (certificate file, key file), `alpn` what is chosen then."""

    def __init__(self, behave, tls=None, alpn="h2"):
        self.behave, self.seen = behave, Seen()
        self.context = server_tls(*tls) if tls else None
        if tls and alpn:
            self.context.set_alpn_protocols([alpn])
        self.open = set()
        super().__init__("https" if tls else "http")

    def __exit__(self, *_):
        super().__exit__()
        for conn in list(self.open):
            try:
                socket.socket.shutdown(conn, socket.SHUT_RDWR)  # wakes its thread; of TLS, too
            except OSError:
                pass

    def begin(self, conn):
        self.seen.n_connections += 1
        super().begin(conn, self.seen.n_connections)

    def serve(self, conn, number):
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secured = None
        try:
            with self.context.wrap_socket(conn, server_side=True) if self.context else conn as secured:
                self.open.add(secured)
                peer = Peer(secured, self.seen, number)
                peer.preface()
                try:
                    self.behave(peer)
                except OSError:  # the client takes nothing more, but what it had sent before is here
                    peer.take_the_rest()
        except (OSError, Gone):  # the client closed the connection, which is its right
            pass
        except Exception as error:  # the test is to see it
            self.seen.wrong.append(repr(error))
            raise
        finally:
            self.open.discard(secured)
