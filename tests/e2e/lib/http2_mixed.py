"""A server of HTTP/2 that answers as the rules allow, in all ways at random: statuses, header blocks that add to the table, refer to it, do
neither or empty it, blocks and bodies in pieces, padding, interim answers, trailers, unknown frames, and streams in any order."""

import collections
import random

import http2_peer as h2
from http2_peer import frame, literal

STATUSES = (200, 200, 200, 201, 204, 206, 304, 404, 418, 500, 503)
FIELDS = [("server", "mixed"), ("date", "Sun, 29 Nov 2026 21:00:00 GMT"), ("content-type", "text/html"), ("etag", 40 * "e"), ("x-long", 3000 * "l")]
MOST_AT_ONCE = 8
INDEX = {200: b"\x88", 204: b"\x89", 206: b"\x8a", 304: b"\x8b", 404: b"\x8d", 500: b"\x8e"}  # in the static table


class Mixed:
    """`answered` counts the answers by status, over all connections."""

    def __init__(self, seed):
        self.seed, self.answered = seed, collections.Counter()

    def __call__(self, peer):
        draw = random.Random(self.seed * 1000 + peer.number)
        peer.settings({h2.MAX_CONCURRENT_STREAMS: 100, h2.HEADER_TABLE_SIZE: draw.choice([0, 100, 4096, 65_536])})
        for waiting in peer.batches(MOST_AT_ONCE):
            answers = [Answer(peer, at, draw) for at in waiting]
            self.answered.update(answer.status for answer in answers)
            while answers:  # a piece of any; a block is never interrupted
                answer = draw.choice(answers)
                if answer.send_next():
                    answers.remove(answer)


class Answer:
    """What is sent on one stream, in pieces."""

    def __init__(self, peer, at, draw):
        self.peer, self.at, self.draw = peer, at, draw
        self.status = draw.choice(STATUSES)
        body = b"" if self.status in (204, 304) else draw.randbytes(draw.choice([0, 1, 2, 100, 3000]))
        has_trailers = draw.random() < .1
        steps = [lambda: self.head([(":status", "103"), ("link", "</a.css>")], False)] * draw.choice([0, 0, 0, 1, 2])
        fields = draw.sample(FIELDS, draw.randrange(len(FIELDS)))
        if draw.random() < .7 and self.status not in (204, 304):
            fields.append(("content-length", str(len(body))))
        steps.append(lambda: self.head([(":status", str(self.status)), *fields], not body and not has_trailers))
        cuts = sorted(draw.randrange(len(body) + 1) for _ in range(draw.randrange(4))) if body else []
        for begin, end in zip([0, *cuts], [*cuts, len(body)]) if body else ():
            steps.append(lambda part=body[begin:end], is_last=end == len(body) and not has_trailers: self.data(part, is_last))
            if end == len(body):
                break
        if has_trailers:
            steps.append(lambda: self.head([("x-sum", str(draw.randrange(5)))], True))
        self.steps = collections.deque(steps)

    def send_next(self):
        """True: that was all."""
        if self.draw.random() < .1:
            self.peer.send(self.draw.choice([frame(99, 255, self.at, b"?"), frame(h2.PING, 0, 0, b"12345678"),
                                             frame(h2.WINDOW_UPDATE, 0, self.at, b"\0\0\0\1"), frame(h2.PRIORITY, 0, self.at, bytes(5))]))
        self.steps.popleft()()
        if not self.steps:
            self.peer.close(self.at)
        return not self.steps

    def head(self, fields, is_end):
        """HEADERS, and CONTINUATIONs behind them."""
        block, flags = self.block(fields), h2.END_STREAM if is_end else 0
        cuts = sorted(self.draw.randrange(len(block) + 1) for _ in range(self.draw.choice([0, 0, 0, 1, 5])))
        parts = [block[i:j] for i, j in zip([0, *cuts], [*cuts, len(block)])]
        first = parts.pop(0)
        if self.draw.random() < .2:
            n_padding = self.draw.randrange(256)
            flags, first = flags | h2.PADDED, bytes([n_padding]) + first + bytes(n_padding)
        out = [(h2.HEADERS, flags, first), *((h2.CONTINUATION, 0, part) for part in parts)]
        out[-1] = (out[-1][0], out[-1][1] | h2.END_HEADERS, out[-1][2])
        self.peer.send(b"".join(frame(kind, flags, self.at, payload) for kind, flags, payload in out))

    def block(self, fields):
        """Its fields by one way or another, which may differ from field to field."""
        encoder, out = self.peer.encoder, b""
        if self.draw.random() < .05:
            for n_bytes in (0, 4096):  # empties the table
                encoder.header_table_size = n_bytes
        way = self.draw.choice(["table", "literals", "mixed", "mixed"])
        for name, value in fields:
            how = self.draw.choice(["table", "literals"]) if way == "mixed" else way
            if how == "table" or encoder.table_size_changes:
                out += encoder.encode([(name, value)], huffman=self.draw.random() < .5)
            elif name == ":status" and int(value) in INDEX and self.draw.random() < .5:
                out += INDEX[int(value)]
            else:
                out += literal(name.encode(), value.encode())
        return out

    def data(self, body, is_end):
        flags, payload = h2.END_STREAM if is_end else 0, body
        if self.draw.random() < .2:
            n_padding = self.draw.randrange(256)
            flags, payload = flags | h2.PADDED, bytes([n_padding]) + body + bytes(n_padding)
        self.peer.frame(h2.DATA, flags, self.at, payload)
