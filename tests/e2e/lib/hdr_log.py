"""A decoder of HdrHistogram logs (format 1.3, V2 compressed histograms) that shares no line with the programs under test.

Written from the format as HdrHistogram documents and implements it (Java, AbstractHistogram and ZigZagEncoding): a log line is
`[Tag=x,]start_s,length_s,max,base64`; the base64 holds a big-endian envelope around a zlib stream of zigzag LEB128 counters, where
a negative number is a run of that many empty counters. It refuses what it does not understand instead of guessing.
"""

import base64
import struct
import zlib
from collections import Counter, namedtuple

Line = namedtuple("Line", "tag start_s length_s max_ms histogram")

ENVELOPE_COOKIE = 0x1C849304 | 0x10
PAYLOAD_COOKIE = 0x1C849303 | 0x10
ENVELOPE = struct.Struct(">ii")
HEADER = struct.Struct(">iiiiqqd")


class Histogram:
    """Counts by counter index; lowest, highest and digits define the layout."""

    def __init__(self, lowest, highest, digits):
        self.lowest, self.highest, self.digits = lowest, highest, digits
        self.unit_bits = lowest.bit_length() - 1
        sub_buckets = 1 << (2 * 10**digits - 1).bit_length()
        self.half = sub_buckets // 2
        self.half_bits = self.half.bit_length() - 1
        self.counts = Counter()

    def layout(self):
        return self.lowest, self.highest, self.digits

    def merge(self, other):
        assert self.layout() == other.layout()
        self.counts.update(other.counts)

    @property
    def n(self):
        return sum(self.counts.values())

    def lowest_value(self, index):
        shift = (index >> self.half_bits) - 1
        sub = (index & (self.half - 1)) + self.half
        if shift < 0:
            shift, sub = 0, sub - self.half
        return sub << (shift + self.unit_bits)

    def highest_value(self, index):
        return self.lowest_value(index + 1) - 1

    def index_of_rank(self, rank):
        seen = 0
        for index in sorted(self.counts):
            seen += self.counts[index]
            if seen >= rank:
                return index
        raise ValueError(f"rank {rank} of {seen}")

    def value_at_ppm(self, p_ppm):
        """The highest value of the bin that holds the nearest rank, max(1, ceil(p n))."""
        rank = max(1, -(-p_ppm * self.n // 10**6))
        return self.highest_value(self.index_of_rank(rank))


def numbers(data):
    """Zigzag LEB128 of up to nine bytes; the ninth has no continuation bit and carries eight."""
    at = 0
    while at < len(data):
        value, shift = 0, 0
        for position in range(9):
            byte = data[at]
            at += 1
            if position == 8:
                value |= byte << shift
                break
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield (value >> 1) ^ -(value & 1)


def decode(text):
    """Decodes base64 to a Histogram."""
    envelope = base64.b64decode(text, validate=True)
    cookie, length = ENVELOPE.unpack_from(envelope)
    assert cookie == ENVELOPE_COOKIE, f"cookie of the envelope is {cookie:#x}"
    assert length == len(envelope) - ENVELOPE.size, "length of the zlib stream"
    data = zlib.decompress(envelope[ENVELOPE.size :])
    cookie, length, offset, digits, lowest, highest, ratio = HEADER.unpack_from(data)
    assert cookie == PAYLOAD_COOKIE, f"cookie of the payload is {cookie:#x}"
    assert (length, offset, ratio) == (len(data) - HEADER.size, 0, 1.0)
    histogram = Histogram(lowest, highest, digits)
    index = 0
    for number in numbers(data[HEADER.size :]):
        if number < 0:
            index += -number
            continue
        if number:
            histogram.counts[index] = number
        index += 1
    return histogram


def read(path):
    """All lines of a log, in order."""
    lines = []
    versions = []
    with open(path, encoding="ascii") as log:
        for text in log:
            text = text.rstrip("\n")
            if text.startswith("#[Histogram log format version"):
                versions.append(text)
            if text.startswith("#") or text.startswith('"StartTimestamp"'):
                continue
            tag = None
            if text.startswith("Tag="):
                tag, text = text[len("Tag=") :].split(",", 1)
            start_s, length_s, max_ms, encoded = text.split(",")
            lines.append(Line(tag, float(start_s), float(length_s), float(max_ms), decode(encoded)))
    assert versions == ["#[Histogram log format version 1.3]"], versions
    return lines


def merged_by_tag(lines):
    """One Histogram per tag: the sum of its lines."""
    merged = {}
    for line in lines:
        merged.setdefault(line.tag, Histogram(*line.histogram.layout())).merge(line.histogram)
    return merged
