"""Several generators of one run, merged: nothing is lost, nothing counts twice, and what does not belong together is refused."""

import collections
import json
import time

import pytest

import hdr_log
from run_folder import RunFolder, check_whole

SCENARIO = """
name: both
target: {url}
thresholds: [ "p99 < 5s" ]
streams:
  - {{ name: open, cluster: c1, request: {{ path: /cluster1 }}, arrivals: poisson, connections: 8, phases: [ {{ name: warm, warmup: true, rate: 40/s, duration: 1s }},
        {{ name: load, rate: 80/s, duration: 2s }} ] }}
  - {{ name: closed, cluster: c2, users: 2, request: {{ path: /cluster2 }}, phases: [ {{ requests: 60 }} ] }}
"""


def generators(start, tmp_path, url):
    """Runs two generators with seeds of their own, the second one two thirds of a second late: a whole second, rounded."""
    scenario = tmp_path / "both.yaml"
    scenario.write_text(SCENARIO.format(url=url))
    running = []
    for seed, name in enumerate("ab", 1):
        running.append(start("loadgen", "run", "--out", tmp_path / name, "--progress", "none", "--allow-invalid", "--log-requests", "csv",
                             "--seed", seed, scenario))
        time.sleep(0.67)
    for one in running:
        assert one.wait() == 0, one.stderr
    return [RunFolder(tmp_path / name) for name in "ab"]


@pytest.fixture(name="both")
def fixture_both(start, emulator, tmp_path):
    server = emulator("--service-time", "10ms")
    return generators(start, tmp_path, server.url)


def check_sums(merged, parts):
    for key in ("intended_n", "sent_n", "done_n", "ok_n", "err_n", "bytes_rx", "bytes_tx"):
        assert merged.totals[key] == sum(part.totals[key] for part in parts), key
    for name in ("errors.csv", "health.csv", "dns.csv", "remotes.csv", "samples.csv", "requests.csv"):
        assert len(merged.rows(name)) == sum(len(part.rows(name)) for part in parts), name
    expected = collections.defaultdict(lambda: hdr_log.Histogram(1, 3_600_000_000_000, 3))
    for part in parts:
        for tag, histogram in part.histograms().items():
            expected[tag].merge(histogram)
    found = merged.histograms()
    assert {tag: h.counts for tag, h in found.items()} == {tag: h.counts for tag, h in expected.items()}
    for exact in merged.run["exact"]:
        own = [e for part in parts for e in part.run["exact"] if e["tag"] == exact["tag"]]
        assert (exact["n"], exact["sum_ns"]) == (sum(e["n"] for e in own), sum(e["sum_ns"] for e in own))
        assert (exact["min_ns"], exact["max_ns"]) == (min(e["min_ns"] for e in own), max(e["max_ns"] for e in own))


def check_seconds(merged):
    """The percentiles of intervals.csv, from the log by a decoder of our own."""
    by_second = collections.defaultdict(lambda: hdr_log.Histogram(1, 3_600_000_000_000, 3))
    for line in hdr_log.read(merged.path / "hist.hlog"):
        metric, stream, *_, instance = line.tag.split(".")
        if instance == "all":
            by_second[int(line.start_s), stream, metric].merge(line.histogram)
    rows = merged.rows("intervals.csv")
    keys = [(int(row["t_s"]), row["stream"]) for row in rows]
    assert len(keys) == len(set(keys)), "one row per second and stream"
    for row, key in zip(rows, keys):
        for column, metric, p_ppm in (("p50_us", "response" if row["stream"] == "open" else "service", 500000),
                                      ("service_p99_us", "service", 990000)):
            assert bool(row[column]) == ((*key, metric) in by_second)
            if row[column]:
                assert round(float(row[column]) * 1000) == by_second[*key, metric].value_at_ppm(p_ppm), (key, column)


def test_two_generators_become_one_run(run, both, tmp_path):
    run("loadgen-analysis", "merge", *(part.path for part in both), "--out", tmp_path / "all")
    merged = RunFolder(tmp_path / "all")
    check_whole(merged)
    check_sums(merged, both)
    check_seconds(merged)
    first, last = sorted(both, key=lambda part: part.run["t0_realtime_ns"])
    assert merged.run["t0_realtime_ns"] == first.run["t0_realtime_ns"]
    assert [source["run_id"] for source in merged.run["merged_from"]] == [first.run["run_id"], last.run["run_id"]]
    assert merged.run["run_id"] == "all" and merged.run["threads"] == sum(part.run["threads"] for part in both)
    assert merged.run["thresholds"] == [] and merged.run["thresholds_dropped"] == ["p99 < 5s"]
    assert [phase["rate_per_s"] for phase in merged.phases("open")] == [80, 160]
    assert len({row["thread"] for row in merged.rows("health.csv")}) == merged.run["threads"]
    check_shift(merged, last)


def check_shift(merged, last):
    """The later generator's requests stand where they were, on the earlier one's clock."""
    shift_ns = last.run["t0_realtime_ns"] - merged.run["t0_realtime_ns"]
    moved = {int(row["done_ns"]) + shift_ns for row in last.rows("requests.csv")}
    done_ns = [int(row["done_ns"]) for row in merged.rows("requests.csv")]
    assert moved < set(done_ns)
    late_s = round(shift_ns / 1e9)
    seconds = {(int(row["t_s"]) + late_s, row["cpu_user_s"]) for row in last.rows("health.csv")}
    assert seconds <= {(int(row["t_s"]), row["cpu_user_s"]) for row in merged.rows("health.csv")}
    for row in merged.rows("intervals.csv"):
        if int(row["t_s"]) < late_s:
            assert row["partial"] == "1", "only one of the two had begun"


def test_a_merged_folder_is_a_run_folder(run, both, tmp_path):
    run("loadgen-analysis", "merge", *(part.path for part in both), "-o", tmp_path / "all")
    run("loadgen-analysis", "recompute", tmp_path / "all", "--out", tmp_path / "a")
    for name in ("percentiles.csv", "instances.csv", "phases.csv", "checks.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "all" / name).read_bytes(), name
    run("loadgen-analysis", "summary", tmp_path / "all")
    run("loadgen-analysis", "report", tmp_path / "all")
    assert (tmp_path / "all/report.html").stat().st_size > 10000


def edited(part, folder, change):
    """A copy of run.json alone, changed: what is refused is refused before anything else is read."""
    folder.mkdir()
    document = json.loads((part.path / "run.json").read_text())
    change(document)
    (folder / "run.json").write_text(json.dumps(document))
    return folder


DIFFERENT = [
    (lambda r: r["scenario"].update(text="name: other\n"), ["not of the same run", "scenarios differ"]),
    (lambda r: r["target"].update(url="http://127.0.0.2:1"), ["'target'"]),
    (lambda r: r["phases"][0].update(kind="burst"), ["phase warm of stream open"]),
    (lambda r: r.update(t0_realtime_ns=r["t0_realtime_ns"] + 3_600_000_000_000), ["did not run at the same time"]),
    (lambda r: r.update(schema_version=2), ["schema version 2"]),
]


def test_what_does_not_belong_together_is_refused(run, both, tmp_path):
    for i, (change, words) in enumerate(DIFFERENT):
        other = edited(both[1], tmp_path / f"other-{i}", change)
        done = run("loadgen-analysis", "merge", both[0].path, other, "--out", tmp_path / "all", expect=2)
        for word in words:
            assert word in done.stderr, done.stderr
        assert not (tmp_path / "all").exists()


def test_wrong_calls_are_refused(run, both, tmp_path):
    a, b = (part.path for part in both)
    for arguments, words in (
            ([a, a, "--out", tmp_path / "all"], "are the same run"),
            ([a, "--out", tmp_path / "all"], "at least two"),
            ([a, b, "--out", b], "exists already"),
            ([a, b], "--out is missing")):
        assert words in run("loadgen-analysis", "merge", *arguments, expect=2).stderr
    (b / "intervals.csv").write_text("t_s,stream\n0,open\n")
    assert "different columns" in run("loadgen-analysis", "merge", a, b, "--out", tmp_path / "all", expect=2).stderr
    assert not (tmp_path / "all").exists(), "a half-made folder is removed"
