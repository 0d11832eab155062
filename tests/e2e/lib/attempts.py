"""Percentiles over all attempts, computed from every single request (`--log-requests csv`) or from hist.hlog, sharing no line with the programs.

An attempt is ok, failed, or cut off by the end of the run. With r the nearest rank of p among all of them, `low` is the r-th smallest of good
times and ages together and `high` the r-th smallest good time. The percentile is exact if both lie in one bin, at least `low` if only that
is known, and failed if neither exists."""

import csv
import re
from collections import Counter, namedtuple

import hdr_log

NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9}
LAYOUT = hdr_log.Histogram(1, 3_600_000_000_000, 3)
CUT_OFF, EVENT = "censored", "reset_idle"

# `ns` is the time or the bound; None where there is none, or no attempts.
Time = namedtuple("Time", "state ns")


def bin_of(ns):
    """The index whose values enclose it, by bisection of the layout."""
    below, above = 0, 1
    while LAYOUT.highest_value(above) < ns:
        above *= 2
    while below < above:
        middle = (below + above) // 2
        below, above = (below, middle) if LAYOUT.highest_value(middle) >= ns else (middle + 1, above)
    return below


class Attempts:
    """Good times and ages are bins, counted; `ok_max_ns` is exact."""

    def __init__(self):
        self.ok, self.ages, self.ended, self.ok_max_ns, self.timeout_ns = Counter(), Counter(), Counter(), 0, None

    def add(self, outcome, ns):
        if outcome == EVENT:
            return
        self.ended[outcome] += 1
        if outcome == "ok":
            self.ok[bin_of(ns)] += 1
            self.ok_max_ns = max(self.ok_max_ns, ns)
        if outcome == CUT_OFF:
            self.ages[bin_of(ns)] += 1

    @property
    def n(self):
        return sum(self.ended.values())

    @property
    def failed_n(self):
        return self.n - self.ended["ok"] - self.ended[CUT_OFF]

    def time(self, p_ppm):
        if not self.n:
            return Time("", None)
        rank = max(1, -(-p_ppm * self.n // 10**6))
        high, low = at_rank(self.ok, rank), at_rank(self.ok + self.ages, rank)
        if high is not None and high == low:
            return Time("exact", min(LAYOUT.highest_value(high), self.ok_max_ns))
        if low is not None:
            return Time("at_least", LAYOUT.lowest_value(low))
        return Time("failed", self.timeout_ns if self.ended["timeout"] == self.failed_n else None)


def together(parts):
    """All attempts of several."""
    whole = Attempts()
    for part in parts:
        for own, other in ((whole.ok, part.ok), (whole.ages, part.ages), (whole.ended, part.ended)):
            own.update(other)
        whole.ok_max_ns = max(whole.ok_max_ns, part.ok_max_ns)
        whole.timeout_ns = min(filter(None, (whole.timeout_ns, part.timeout_ns)), default=None)
    return whole


def in_ns(text):
    """Of "100ms"."""
    number, unit = re.fullmatch(r"([\d.]+)(\D+)", text).groups()
    return float(number) * NS[unit]


def at_rank(bins, rank):
    seen = 0
    for index in sorted(bins):
        seen += bins[index]
        if seen >= rank:
            return index
    return None


def compared(folder):
    """{(cluster, None, metric): [names of streams]}, in the one metric that all clusters have: response times if each has an open stream."""
    by_cluster = {}
    for stream in folder.run["streams"]:
        by_cluster.setdefault(stream["cluster"], {}).setdefault(stream["headline"], []).append(stream["name"])
    metric = "response" if all("response" in found for found in by_cluster.values()) else "service"
    return {(cluster, None, metric): found.get(metric) or found["response"] for cluster, found in by_cluster.items()}


def scopes(folder):
    """These, every stream in its headline, and every cluster in each headline of its streams, which stream is None."""
    found = {}
    for stream in folder.run["streams"]:
        for key in ((stream["cluster"], stream["name"], stream["headline"]), (stream["cluster"], None, stream["headline"])):
            found.setdefault(key, []).append(stream["name"])
    return {**compared(folder), **found}


def measured_phases(folder, streams):
    return [p for p in folder.run["phases"] if p["stream"] in streams and not p["warmup"]]


def shortest_timeout_ns(folder, streams):
    return min(round(1e9 * s["timeout_s"]) for s in folder.run["streams"] if s["name"] in streams)


def from_requests(folder):
    """{scope: Attempts} from requests.csv."""
    with open(folder.path / "requests.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for scope, streams in scopes(folder).items():
        counted = {(p["stream"], p["phase"]) for p in measured_phases(folder, streams)}
        attempts = found[scope] = Attempts()
        attempts.timeout_ns = shortest_timeout_ns(folder, streams)
        for row in rows:
            if (row["stream"], row["phase"]) in counted:
                begin = row["due_ns"] if scope[2] == "response" else row["sent_ns"]
                attempts.add(row["class"], int(row["done_ns"]) - int(begin) if begin and row["done_ns"] else 0)
    return found


def from_histograms(folder):
    """{scope: Attempts} from hist.hlog and the counts in run.json."""
    merged = folder.histograms()
    max_ns = {exact["tag"]: exact["max_ns"] for exact in folder.run["exact"]}
    found = {}
    for scope, streams in scopes(folder).items():
        attempts = found[scope] = Attempts()
        attempts.timeout_ns = shortest_timeout_ns(folder, streams)
        for phase in measured_phases(folder, streams):
            attempts.ended.update({"ok": phase["ok_n"], **{c: n for c, n in phase["errors"].items() if c != EVENT}})
            for outcome, bins in (("ok", attempts.ok), (CUT_OFF, attempts.ages)):
                tag = f"{scope[2]}.{phase['stream']}.{phase['cluster']}.{phase['phase']}.{outcome}.all"
                bins.update(merged[tag].counts if tag in merged else {})
                if outcome == "ok":
                    attempts.ok_max_ns = max(attempts.ok_max_ns, max_ns.get(tag, 0))
        attempts.ages[0] += attempts.ended[CUT_OFF] - sum(attempts.ages.values())  # those that were cut off before they were sent
    return found


def good_per_s(folder, cluster, stream=None):
    """Good answers that came within their phase, per second in which one of the streams sent."""
    phases = [p for p in folder.run["phases"] if p["cluster"] == cluster and stream in (None, p["stream"]) and not p["warmup"]
              and p["kind"] != "pause" and p["start_s"] is not None]
    seconds, until_s = 0.0, 0.0
    for begin_s, end_s in sorted((p["start_s"], p["end_s"]) for p in phases):
        seconds += max(0.0, end_s - max(begin_s, until_s))
        until_s = max(until_s, end_s)
    return sum(p["ok_n"] - p["ok_late_n"] for p in phases) / seconds if seconds else None
