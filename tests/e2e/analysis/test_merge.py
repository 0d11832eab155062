"""Several generators of one run, merged: nothing is lost, nothing counts twice, and what does not belong together is refused."""
# ctest: early

import collections
import json
import time

import pytest

import hdr_log
from run_folder import RunFolder, check_whole

SCENARIO = """
name: both
target: {url}
thresholds: [ "p99 < 50s", "open.p50 > 1ms", "closed.mean < 50s", "max < 50s", "c1.errors <= 0", "closed.rate > 1/s", "rate > 1/s" ]
streams:
  - {{ name: open, cluster: c1, request: {{ path: /cluster1 }}, arrivals: poisson, connections: 8, phases: [ {{ name: warm, warmup: true, rate: 40/s, duration: 1s }},
        {{ name: load, rate: 80/s, duration: 2s }} ] }}
  - {{ name: closed, cluster: c2, users: 2, request: {{ path: /cluster1 }}, phases: [ {{ requests: 60 }} ] }}
"""


def generators(start, tmp_path, url):
    """Runs two generators with seeds of their own, the second one two thirds of a second late: a whole second, rounded."""
    scenario = tmp_path / "both.yaml"
    scenario.write_text(SCENARIO.format(url=url))
    running = []
    for seed, name in enumerate("ab", 1):
        running.append(start("loadgen", "run", "--out", tmp_path / name, "--progress", "none", "--log-requests", "csv",
                             "--seed", seed, scenario))
        time.sleep(0.67)
    for one in running:
        assert one.wait() in (0, 4), one.stderr  # beside other tests a threshold may rest on numbers that are the generator's doing
    return [RunFolder(tmp_path / name) for name in "ab"]


@pytest.fixture(name="both")
def fixture_both(start, emulator, tmp_path):
    server = emulator("--service-time", "10ms")
    return generators(start, tmp_path, server.url)


def check_sums(merged, parts):
    for key in ("intended_n", "sent_n", "done_n", "ok_n", "err_n", "bytes_rx", "bytes_tx"):
        values = [part.totals[key] for part in parts]
        assert merged.totals[key] == (None if None in values else sum(values)), key
    for i, stream in enumerate(merged.run["stream_totals"]):
        own = [part.run["stream_totals"][i] for part in parts]
        assert stream["bytes_rx"] == sum(one["bytes_rx"] for one in own)
        assert stream["statuses"] == {"200": sum(one["statuses"]["200"] for one in own)}
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
                most_ns = round(float(row["max_us"]) * 1000)
                assert round(float(row[column]) * 1000) == min(by_second[*key, metric].value_at_ppm(p_ppm), most_ns), (key, column)
        for columns, most in (("p50_us p90_us p99_us p999_us service_p50_us service_p99_us conn_wait_p99_us", "max_us"),
                              ("lag_p50_us lag_p99_us", "lag_max_us")):
            for column in columns.split():
                assert not row[column] or float(row[column]) <= float(row[most]), (key, column)


def check_thresholds(merged):
    """Judged on all requests, against independent numbers: the merged log, run.json and intervals.csv."""
    values = {t["text"]: t["value"] for t in merged.run["thresholds"]}
    assert list(values) == ["p99 < 50s", "open.p50 > 1ms", "closed.mean < 50s", "max < 50s", "c1.errors <= 0", "closed.rate > 1/s", "rate > 1/s"]
    assert all(t["held"] for t in merged.run["thresholds"])
    times = {"open": hdr_log.Histogram(1, 3_600_000_000_000, 3), "closed": hdr_log.Histogram(1, 3_600_000_000_000, 3)}
    both = hdr_log.Histogram(1, 3_600_000_000_000, 3)
    for tag, histogram in merged.histograms().items():
        metric, stream, _, phase, _, instance = tag.split(".")
        if instance == "all" and phase != "warm" and metric == {"open": "response", "closed": "service"}[stream]:
            times[stream].merge(histogram)
            both.merge(histogram)
    assert values["p99 < 50s"] == both.value_at_ppm(990000) / 1e9 and values["open.p50 > 1ms"] == times["open"].value_at_ppm(500000) / 1e9
    exact = [e for e in merged.run["exact"] if e["tag"].startswith("service.closed.") and e["tag"].endswith(".all")]
    assert values["closed.mean < 50s"] == pytest.approx(sum(e["sum_ns"] for e in exact) / sum(e["n"] for e in exact) / 1e9)
    phase, = merged.phases("closed")
    assert values["closed.rate > 1/s"] == pytest.approx(120 / (phase["end_s"] - phase["start_s"]), rel=1e-6)
    assert values["c1.errors <= 0"] == 0


def check_numbers(merged, parts):
    """No two requests of a stream and no two connections of the run share a number."""
    log = merged.rows("requests.csv")
    assert len({(row["stream"], row["seq"]) for row in log}) == len(log)
    first = sorted(parts, key=lambda part: part.run["t0_realtime_ns"])
    for row in log:
        row["generator"] = int(row["seq"]) % len(parts)
    for i, part in enumerate(first):
        own = {(row["stream"], int(row["seq"]), int(row["conn"])) for row in part.rows("requests.csv")}
        assert {(row["stream"], int(row["seq"]) // len(parts), int(row["conn"]) // len(parts)) for row in log if row["generator"] == i} == own
        assert all(int(row["conn"]) % len(parts) == i for row in log if row["generator"] == i)


def test_two_generators_become_one_run(run, both, tmp_path):
    (both[1].path / "cloudwatch.csv").write_text("ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s\n")
    text = run("loadgen-analysis", "merge", *(part.path for part in both), "--out", tmp_path / "all").stdout
    assert text.count("  threshold   held: ") == 7 and "missed" not in text
    merged = RunFolder(tmp_path / "all")
    check_thresholds(merged)
    check_numbers(merged, both)
    assert (tmp_path / "all/cloudwatch.csv").read_bytes() == (both[1].path / "cloudwatch.csv").read_bytes(), "whoever has it"
    check_whole(merged)
    check_sums(merged, both)
    check_seconds(merged)
    first, last = sorted(both, key=lambda part: part.run["t0_realtime_ns"])
    assert merged.run["t0_realtime_ns"] == first.run["t0_realtime_ns"]
    assert [source["run_id"] for source in merged.run["merged_from"]] == [first.run["run_id"], last.run["run_id"]]
    assert merged.run["run_id"] == "all" and merged.run["threads"] == sum(part.run["threads"] for part in both)
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
    """An altered copy of run.json alone: it is refused before anything else is read."""
    folder.mkdir()
    document = json.loads((part.path / "run.json").read_text())
    change(document)
    (folder / "run.json").write_text(json.dumps(document))
    return folder


def test_three_generators_of_a_deployment_become_one_run(start, run, lab, tmp_path):
    up = lab("m4x4-t2x5")
    scenario = tmp_path / "both.yaml"
    scenario.write_text(LAB_SCENARIO)
    running = [start("loadgen", "run", "--out", tmp_path / name, "--progress", "none", "--seed", seed, "--log-requests",
                     "csv", "--deployment", up.path, scenario) for seed, name in enumerate("abc", 1)]
    for one in running:
        assert one.wait() == 3, one.stderr
    parts = [RunFolder(tmp_path / name) for name in "abc"]
    run("loadgen", "provision", "metrics", "--deployment", up.path, "--run", parts[0].path)
    done = run("loadgen-analysis", "merge", *(part.path for part in parts), "--out", tmp_path / "all", expect=3)
    assert "3 runs merged" in done.stdout and "  threshold   missed: rate > 1M/s; it was " in done.stdout
    merged = RunFolder(tmp_path / "all")
    check_whole(merged)
    check_sums(merged, parts)
    check_numbers(merged, parts)
    assert json.loads((tmp_path / "all/deployment.json").read_text())["run_id"] == up.deployment["run_id"]
    assert merged.run["clusters"] == parts[0].run["clusters"] and len(merged.rows("cloudwatch.csv")) > 0
    requests = {row["instance"]: int(row["requests_n"]) for row in merged.rows("instances.csv")}
    assert set(requests) == {instance["id"] for instance in up.deployment["instances"]} and sum(requests.values()) == 3 * 180
    run("loadgen-analysis", "compare", tmp_path / "all")


LAB_SCENARIO = """
name: both
target: deployment
thresholds: [ "rate > 1M/s" ]
streams:
  - { name: m4, cluster: cluster1, users: 2, request: { path: /cluster1 }, phases: [ { requests: 40 }, { pause: 3s }, { requests: 40 } ],
      expect: { status: 200, body: "Instance {instance} is responding now!" } }
  - { name: t2, cluster: cluster2, users: 2, request: { path: /cluster2 }, phases: [ { requests: 100 } ],
      expect: { status: 200, body: "Instance {instance} is responding now!" } }
"""


def test_generators_that_hardly_met_are_told(run, both, tmp_path):
    """The clocks say that they shared a tenth of the time, which the thresholds and the load rest on."""
    document = json.loads((both[1].path / "run.json").read_text())
    first = min(part.run["t0_realtime_ns"] for part in both)
    shortest_s = min(part.run["duration_s"] for part in both)
    document["t0_realtime_ns"] = first + int(0.9e9 * shortest_s)
    (both[1].path / "run.json").write_text(json.dumps(document))
    text = run("loadgen-analysis", "merge", *(part.path for part in both), "--out", tmp_path / "all").stdout
    assert "  WARN        time that all generators ran at once: " in text and "check that their clocks agree" in text
    merged = RunFolder(tmp_path / "all")
    check, = [c for c in merged.run["checks"] if c["rule"] == "merge"]
    assert check["level"] == "WARN" and check["value"] < 30


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
