"""The server's side of one HTTP/2 connection, frame by frame, so that a test can break any rule. Fields go through hpack alone; h2, the
library, is too strict to misbehave. It watches the client meanwhile: `wrong` lists what the client must not do."""

import collections
import socket
import struct

import hpack

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, WITH_PRIORITY = 1, 4, 8, 32
ACK = 1
(NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL,
 COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM, INADEQUATE_SECURITY, HTTP_1_1_REQUIRED) = range(14)
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = range(1, 7)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
WINDOW_BYTES, FRAME_BYTES, WINDOW_MOST = 65_535, 16_384, 2**31 - 1

Frame = collections.namedtuple("Frame", "kind flags stream payload")


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value, indexed=False):
    """A field without Huffman coding, whose name is not from a table."""
    return (b"\x40" if indexed else b"\0") + bytes([len(name)]) + name + hpack.hpack.encode_integer(len(value), 7) + value


class Gone(Exception):
    """The client closed the connection."""


class Request:
    """A request of the client: `at` is the stream's id."""

    def __init__(self, at, fields, window_bytes):
        self.at, self.fields, self.body, self.is_complete = at, dict(fields), b"", False
        self.window_bytes = window_bytes
        self.is_answered = False


class Peer:
    """One connection. `seen` collects what the client did, for all connections of a server."""

    def __init__(self, sock, seen, number):
        self.sock, self.seen, self.number, self.input = sock, seen, number, b""
        self.decoder, self.encoder = hpack.Decoder(), hpack.Encoder()
        self.open, self.last = {}, 0             # requests by stream
        self.behind = collections.deque()         # requests that came while another was being answered
        self.settings_sent = collections.deque()  # those without an ACK yet
        self.streams_most = None
        self.initial_bytes = self.window_bytes = WINDOW_BYTES  # what the client may send
        self.updates = True                       # these windows are kept open
        self.client_initial_bytes = WINDOW_BYTES  # what may be sent to the client
        self.client_bytes = collections.Counter({0: WINDOW_BYTES})  # by stream, less what it began with; 0: of the connection
        self.has_settings = self.is_finished = False

    # What goes out.

    def send(self, data):
        if not self.is_finished:
            self.sock.sendall(data)

    def frame(self, kind, flags=0, stream=0, payload=b""):
        self.send(frame(kind, flags, stream, payload))

    def settings(self, values=()):
        """Those that bind the client do so from its ACK on; a larger window does at once."""
        values = dict(values)
        self.settings_sent.append(values)
        if values.get(INITIAL_WINDOW_SIZE, 0) > self.initial_bytes:
            self.set_initial(values[INITIAL_WINDOW_SIZE])
        self.frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", *pair) for pair in values.items()))

    def block(self, fields):
        return self.encoder.encode(fields)

    def head(self, at, fields=(), status="200", end=False):
        self.frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), at, self.block([(":status", status), *fields]))
        if end:
            self.close(at)

    def data(self, at, data=b"", end=True):
        self.client_bytes[0] -= len(data)
        self.client_bytes[at] -= len(data)
        self.frame(DATA, END_STREAM if end else 0, at, data)
        if end:
            self.close(at)

    def answer(self, at, body=b"ok", status="200", fields=()):
        """All in one segment."""
        self.client_bytes[0] -= len(body)
        self.send(self.answer_bytes(at, body, status, fields))
        self.close(at)

    def answer_bytes(self, at, body=b"ok", status="200", fields=()):
        block = self.block([(":status", status), ("content-length", str(len(body))), *fields])
        return frame(HEADERS, END_HEADERS, at, block) + frame(DATA, END_STREAM, at, body)

    def reset(self, at, code):
        self.seen.note_sent(self.seen.sent_resets, code)
        self.frame(RST_STREAM, 0, at, struct.pack(">I", code))
        self.open.pop(at, None)

    def goaway(self, last, code=NO_ERROR):
        self.seen.note_sent(self.seen.sent_goaways, code)
        self.frame(GOAWAY, 0, 0, struct.pack(">II", last, code))

    def update(self, at, n_bytes):
        if at in self.open:
            self.open[at].window_bytes += n_bytes
        elif at == 0:
            self.window_bytes += n_bytes
        self.frame(WINDOW_UPDATE, 0, at, struct.pack(">I", n_bytes))

    def close(self, at):
        """Our side of the stream has ended; it is closed when the client's has, too."""
        if at in self.open:
            self.open[at].is_answered = True
            if self.open[at].is_complete:
                del self.open[at]

    # What comes in.

    def read(self, n_bytes):
        while len(self.input) < n_bytes:
            try:
                more = self.sock.recv(1 << 18)
            except OSError as error:  # a reset, too
                raise Gone from error
            if not more:
                raise Gone
            self.input += more
        data, self.input = self.input[:n_bytes], self.input[n_bytes:]
        return data

    def preface(self):
        self.check(self.read(len(PREFACE)) == PREFACE, "another preface")

    def next_frame(self):
        head = self.read(9)
        n_bytes, stream = int.from_bytes(head[:3], "big"), int.from_bytes(head[5:], "big")
        self.check(n_bytes <= FRAME_BYTES, "a frame that is too long")
        got = Frame(head[3], head[4], stream, self.read(n_bytes))
        self.check(self.has_settings or got.kind == SETTINGS, "SETTINGS are not first")
        return got

    def requests(self):
        """Yields each request when it is complete, answers SETTINGS and PING, and ends when the client closes the connection."""
        for request in self.heads():
            if request.is_complete:
                yield request

    def heads(self):
        """The same, but a request with a body is yielded when its fields are there, and again whenever some of its body is."""
        try:
            while True:
                request = self.behind.popleft() if self.behind else self.take(self.next_frame())
                if request:
                    yield request
        except Gone:
            return

    def batches(self, most):
        """Yields the streams of complete requests that came at once, up to so many."""
        for request in self.requests():
            got = [request.at]
            while len(got) < most and len(self.input) >= 9 + int.from_bytes(self.input[:3], "big"):
                more = self.take(self.next_frame())
                if more and more.is_complete:
                    got.append(more.at)
            yield got

    def wait_for_room(self, at):
        """Bytes of DATA that may be sent at once, at least 1; requests that come meanwhile are yielded afterwards."""
        while min(self.room(0), self.room(at)) <= 0:
            self.behind.append(self.take(self.next_frame()))
        return min(self.room(0), self.room(at), FRAME_BYTES)

    def take(self, got):
        """The request that the frame belongs to, if it is open and went on."""
        if got.kind == HEADERS:
            return self.take_head(got)
        if got.kind == DATA:
            return self.take_data(got)
        if got.kind == RST_STREAM:
            self.seen.resets[int.from_bytes(got.payload, "big")] += 1
            self.open.pop(got.stream, None)
        elif got.kind == GOAWAY:
            self.seen.goaways[int.from_bytes(got.payload[4:8], "big")] += 1
        elif got.kind == WINDOW_UPDATE:
            self.take_update(got)
        elif got.kind == SETTINGS and not got.flags & ACK:
            self.take_settings(got)
        elif got.kind == SETTINGS:
            self.take_ack()
        elif got.kind == PING and not got.flags & ACK:
            self.frame(PING, ACK, 0, got.payload)
        return None

    def take_head(self, got):
        self.check(got.stream % 2 and got.stream > self.last, f"stream {got.stream} after {self.last}")
        self.check(got.flags & END_HEADERS, "a block in several frames")
        self.last = got.stream
        fields = self.decoder.decode(got.payload[5:] if got.flags & WITH_PRIORITY else got.payload)
        for name, value in fields:
            self.check(name == name.lower() and name not in ("connection", "host", "transfer-encoding"), f"the field {name}: {value}")
        request = Request(got.stream, fields, self.initial_bytes)
        request.is_complete = bool(got.flags & END_STREAM)
        self.open[got.stream] = request
        self.check(self.streams_most is None or len(self.open) <= self.streams_most, f"{len(self.open)} streams of {self.streams_most}")
        self.seen.n_requests += 1
        return request

    def take_data(self, got):
        self.window_bytes -= len(got.payload)
        self.check(self.window_bytes >= 0, f"the connection's window was overrun by {-self.window_bytes} bytes")
        request = self.open.get(got.stream)
        if request:
            request.window_bytes -= len(got.payload)
            self.check(request.window_bytes >= 0 or not got.payload, f"a window was overrun by {-request.window_bytes} bytes")
            request.body += got.payload
            request.is_complete = bool(got.flags & END_STREAM)
        if self.updates and got.payload:
            self.update(0, len(got.payload))
            if request and not request.is_complete:
                self.update(got.stream, len(got.payload))
        if request and request.is_answered and request.is_complete:
            del self.open[got.stream]
            return None
        return request

    def take_update(self, got):
        n_bytes = int.from_bytes(got.payload, "big")
        self.client_bytes[got.stream] += n_bytes
        self.check(n_bytes and self.room(got.stream) <= WINDOW_MOST, f"a window of stream {got.stream} that becomes {self.room(got.stream)}")

    def room(self, at):
        """Bytes that the client allows on a stream alone, or on the connection."""
        return self.client_bytes[at] + (self.client_initial_bytes if at else 0)

    def take_settings(self, got):
        values = dict(struct.iter_unpack(">HI", got.payload))
        self.check(values.get(ENABLE_PUSH, 1) == 0 or self.has_settings, "the client takes pushes")
        self.client_initial_bytes = values.get(INITIAL_WINDOW_SIZE, self.client_initial_bytes)
        self.has_settings = True
        self.frame(SETTINGS, ACK)

    def take_ack(self):
        self.check(self.settings_sent, "an ACK of nothing")
        values = self.settings_sent.popleft() if self.settings_sent else {}
        self.streams_most = values.get(MAX_CONCURRENT_STREAMS, self.streams_most)
        if values.get(INITIAL_WINDOW_SIZE, self.initial_bytes) < self.initial_bytes:
            self.set_initial(values[INITIAL_WINDOW_SIZE])

    def set_initial(self, n_bytes):
        for request in self.open.values():
            request.window_bytes += n_bytes - self.initial_bytes
        self.initial_bytes = n_bytes

    def check(self, is_right, what):
        if not is_right:
            self.seen.wrong.append(what)

    def finish(self):
        """Sends no more, and takes in what still comes, lest the kernel reset what was sent."""
        socket.socket.shutdown(self.sock, socket.SHUT_WR)  # of TLS, too: without close_notify
        self.take_the_rest()

    def take_the_rest(self):
        """Until the client closes the connection; nothing more is sent."""
        self.is_finished = True
        while True:
            self.take(self.next_frame())
