"""Reads a run folder as results/README.md describes it, and checks its files against each other."""

import csv
import json
import pathlib

import hdr_log

ANSWERS = ["status", "status_4xx", "status_5xx", "balancer_5xx", "expect"]
COUNTS = ["sent_n", "done_n", "ok_n", "err_n", "censored_n", "bytes_rx", "bytes_tx"]
ERRORS = ["timeout", "dropped", "status", "status_4xx", "status_5xx", "balancer_5xx", "expect", "connect", "dns", "tls",
          "reset", "protocol", "ports"]


class RunFolder:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.run = json.loads((self.path / "run.json").read_text())
        self.totals = self.run["totals"]

    def rows(self, name):
        with open(self.path / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def histograms(self):
        """{tag: Histogram} of the whole run."""
        return hdr_log.merged_by_tag(hdr_log.read(self.path / "hist.hlog"))

    def phases(self, stream):
        return [phase for phase in self.run["phases"] if phase["stream"] == stream]


def latest(folder):
    return RunFolder(folder / "results/latest")


def seconds_written(path):
    """The number of rows in intervals.csv of a run that may still be running; the folder may not exist yet."""
    try:
        return max(0, (path / "intervals.csv").read_text().count("\n") - 1)
    except FileNotFoundError:
        return 0


def sum_of(rows, column):
    return sum(int(row[column]) for row in rows if row[column])


def of_streams(rows):
    """Those of whole streams; session streams also have some for each step, for redirects and for the session as a whole."""
    return [row for row in rows if not row["step"]]


def check_steps(folder):
    """The requests of a session stream are those of its steps and their redirects."""
    intervals = folder.rows("intervals.csv")
    for stream in folder.run["stream_totals"]:
        rows = {row["row"]: row for row in stream.get("rows", ())}
        requests = [row for name, row in rows.items() if name != "session"]
        for column in ("done_n", "ok_n", "censored_n") if rows else ():
            assert sum(row[column] for row in requests) == stream[column], (stream["stream"], column)
        for name, row in rows.items():
            own = [each for each in intervals if (each["stream"], each["step"]) == (stream["stream"], name)]
            for column in ("done_n", "ok_n", "censored_n"):
                assert sum_of(own, column) == row[column], (stream["stream"], name, column)


def check_whole(folder):
    """What holds for every run, however it ended: the files agree."""
    totals, intervals = folder.totals, of_streams(folder.rows("intervals.csv"))
    check_steps(folder)
    for column in COUNTS:
        assert sum_of(intervals, column) == totals[column], f"intervals.csv and run.json disagree on {column}"
    for column in ("sent_n", "done_n", "ok_n", "err_n", "censored_n"):
        assert sum(stream[column] for stream in folder.run["stream_totals"]) == totals[column], column
    check_sent_again(folder, intervals)
    check_statuses(folder)
    for name in ERRORS:
        counted = totals["errors"].get(name, 0)
        assert sum_of(intervals, name + "_n") == counted, f"intervals.csv and run.json disagree on {name}"
    assert totals["done_n"] == totals["ok_n"] + totals["err_n"]
    assert totals["err_n"] == sum(totals["errors"].get(name, 0) for name in ERRORS)
    assert totals["censored_n"] == totals["errors"].get("censored", 0)
    assert sum_of([row for row in folder.rows("errors.csv") if row["class"] != "ok" and row["step"] != "session"], "count_n") == \
        totals["err_n"] + totals["censored_n"] + totals["errors"].get("reset_idle", 0)
    for phase in folder.run["phases"]:
        failed_n = sum(n for name, n in phase["errors"].items() if name in ERRORS)
        assert phase["done_n"] == phase["ok_n"] + failed_n and phase["ok_late_n"] <= phase["ok_n"], phase
    for row in intervals:
        assert int(row["done_n"]) == int(row["ok_n"]) + int(row["err_n"]), row
    check_histograms(folder)


def check_sent_again(folder, intervals):
    for cause, n in folder.totals["sent_again"].items():
        assert sum_of(intervals, f"again_{cause}_n") == n == sum(one["sent_again"][cause] for one in folder.run["stream_totals"]), cause


def check_statuses(folder):
    """Every complete answer of a measured phase has a status."""
    for stream in folder.run["stream_totals"]:
        measured = [phase for phase in folder.run["phases"] if phase["stream"] == stream["stream"] and not phase["warmup"]]
        answers_n = sum(phase["ok_n"] + sum(phase["errors"].get(name, 0) for name in ANSWERS) for phase in measured)
        assert sum(stream["statuses"].values()) == answers_n, stream
        assert list(stream["statuses"]) == sorted(stream["statuses"]) or "merged_from" in folder.run, stream
    for column in ("bytes_rx", "bytes_tx"):
        assert sum(stream[column] for stream in folder.run["stream_totals"]) <= folder.totals[column], column


def check_histograms(folder):
    """hist.hlog, by a decoder of our own, has the counts of run.json and the values of percentiles.csv."""
    histograms = folder.histograms()
    ok_n = sum(h.n for tag, h in histograms.items() if tag.startswith("service.") and tag.endswith(".ok.all"))
    assert ok_n == folder.totals["ok_n"], "service times in hist.hlog, against run.json"
    for exact in folder.run["exact"]:
        histogram = histograms[exact["tag"]]
        lowest, highest = min(histogram.counts), max(histogram.counts)
        assert histogram.n == exact["n"], exact["tag"]
        assert histogram.lowest_value(lowest) <= exact["min_ns"] <= histogram.highest_value(lowest), exact["tag"]
        assert histogram.lowest_value(highest) <= exact["max_ns"] <= histogram.highest_value(highest), exact["tag"]
    check_percentiles(folder, histograms)


def check_percentiles(folder, histograms):
    rows = folder.rows("percentiles.csv")
    exact_max_ns = {exact["tag"]: exact["max_ns"] for exact in folder.run["exact"]}
    warmups = {(phase["stream"], phase["phase"]) for phase in folder.run["phases"] if phase["warmup"]}
    headlines = {s["stream"]: (s["cluster"], "service" if s["intended_n"] is None else "response") for s in folder.run["stream_totals"]}
    assert rows or not folder.totals["ok_n"]
    for row in rows:
        if row["class"] == "all":
            continue  # every attempt, failed ones included: lib/attempts.py
        merged, max_ns = hdr_log.Histogram(1, 3_600_000_000_000, 3), 0
        for tag, histogram in histograms.items():
            metric, stream, cluster, phase, outcome, instance = tag.split(".")
            stream, _, step = stream.partition("/")
            if step != row["step"] and (row["step"] or step == "session"):
                continue
            if (metric, cluster, outcome, instance) != (row["metric"], row["cluster"], row["class"], "all"):
                continue
            if row["stream"] not in ("all", stream):
                continue
            if row["stream"] == "all" and (cluster, metric) in headlines.values() and headlines[stream] != (cluster, metric):
                continue  # different headline metrics are not merged
            if row["phase"] != phase and (row["phase"] != "all" or (stream, phase) in warmups):
                continue
            merged.merge(histogram)
            max_ns = max(max_ns, exact_max_ns[tag])
        assert merged.n == int(row["n"]), row
        p_ppm = int(row["p_ppm"])
        value_ns = min(merged.value_at_ppm(p_ppm), max_ns)
        assert round(float(row["value_us"]) * 1000) == value_ns, row
        assert int(row["n_beyond"]) == merged.n - max(1, -(-p_ppm * merged.n // 10**6)), row
