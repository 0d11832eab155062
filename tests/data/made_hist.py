"""HdrHistograms as the log holds them, for run folders that are made up. Written from the format's description alone."""

import base64
import struct
import zlib
from collections import Counter

HIGHEST_NS = 3_600_000_000_000


def bin_of(ns):
    """Index of HdrHistogram's counter with lowest 1 and 3 digits: 2048 sub-buckets."""
    ns = min(ns, HIGHEST_NS)
    bucket = (ns | 2047).bit_length() - 11
    return ((bucket + 1) << 10) + (ns >> bucket) - 1024


def top_of(index):
    bucket = (index >> 10) - 1
    if bucket < 0:
        return index
    return ((((index & 1023) + 1024 + 1) << bucket) - 1)


class Hist:
    def __init__(self):
        self.bins, self.n, self.least, self.most, self.sum, self.overflow = Counter(), 0, None, 0, 0, 0

    def add(self, ns):
        self.bins[bin_of(ns)] += 1
        self.n += 1
        self.sum += ns
        self.overflow += ns > HIGHEST_NS
        self.least = ns if self.least is None else min(self.least, ns)
        self.most = max(self.most, ns)

    def add_all(self, values):
        """The same for many, faster."""
        self.bins.update(map(bin_of, values))
        self.n += len(values)
        self.sum += sum(values)
        self.overflow += sum(ns > HIGHEST_NS for ns in values)
        self.least = min(values) if self.least is None else min(self.least, *values)
        self.most = max(self.most, *values)

    def merge(self, other):
        for index, count in other.bins.items():
            self.bins[index] += count
        self.n += other.n
        self.sum += other.sum
        self.overflow += other.overflow
        if other.n:
            self.least = other.least if self.least is None else min(self.least, other.least)
            self.most = max(self.most, other.most)

    def percentile_ns(self, p_ppm):
        rank, seen = max(1, (p_ppm * self.n + 999_999) // 1_000_000), 0
        for index in sorted(self.bins):
            seen += self.bins[index]
            if seen >= rank:
                return top_of(index)
        return None

    def encode(self):
        payload, at = bytearray(), 0
        for index in sorted(self.bins):
            if index > at:
                payload += zigzag(at - index)
            payload += zigzag(self.bins[index])
            at = index + 1
        if not payload:
            payload += zigzag(-1)
        inner = struct.pack(">IiiiqqD".replace("D", "d"), 0x1C849303 | 0x10, len(payload), 0, 3, 1, HIGHEST_NS, 1.0) + payload
        packed = zlib.compress(inner)
        return base64.b64encode(struct.pack(">Ii", 0x1C849304 | 0x10, len(packed)) + packed).decode()


def zigzag(value):
    """LEB128 64b9B: at most nine bytes, the ninth holds eight bits."""
    value = (value << 1) ^ (value >> 63)
    value &= (1 << 64) - 1
    out = bytearray()
    for _ in range(8):
        if value < 0x80:
            out.append(value)
            return out
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return out
