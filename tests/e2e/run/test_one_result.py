"""One run has one result: what `run` prints, the files, thresholds, claims and all that `analysis` makes of them agree to the digit, however
the run went. The truth is computed here from every single request."""

import csv
import html
import io
import json
import math
import re
import signal
import time

import pytest

import attempts
from programs import wait_until
from run_folder import RunFolder, check_whole, seconds_written

PERCENTS = {"p50": 500000, "p90": 900000, "p99": 990000, "p99.9": 999000}
TIMES = [f"{name} < 100ms" for name in PERCENTS]
THRESHOLDS = [option for text in (*TIMES, "errors < 1%", "rate > 1/s") for option in ("--threshold", text)]
MARKS = {"ok": "", "warn": "~", "invalid": "!", "not_judged": "?"}


def check_one_result(run, path, printed=None):
    """`printed` is what `run` printed."""
    folder = RunFolder(path)
    check_whole(folder)
    truth, decoded = attempts.from_requests(folder), attempts.from_histograms(folder)
    check_counts(folder, truth)
    check_histograms(truth, decoded)
    check_percentiles(folder, truth)
    check_claims(folder, truth)
    check_thresholds(folder, truth)
    summary = run("loadgen", "analysis", "summary", path).stdout
    assert printed is None or summary == printed, summary
    check_table(folder, truth, summary)
    compared = {key[0]: truth[key] for key in attempts.compared(folder)}
    check_exports(run, folder, compared)
    check_spectrum(run, folder, compared)
    run("loadgen", "analysis", "report", path, env={"PATH": "/nonexistent"})
    said = (folder.path / "report.txt").read_text()
    assert table_of(said) == table_of(summary) and "next: " not in said
    check_page(folder, truth, (folder.path / "report.html").read_text())


def check_counts(folder, truth):
    for (cluster, stream, _), known in truth.items():
        for phase in folder.run["phases"]:
            assert phase["done_n"] == phase["ok_n"] + sum(n for c, n in phase["errors"].items() if c not in ("censored", "reset_idle")), phase
        if stream:
            counted = sum((attempts.Counter({"ok": p["ok_n"], **p["errors"]}) for p in attempts.measured_phases(folder, [stream])),
                          attempts.Counter())
            counted.pop(attempts.EVENT, None)
            assert +known.ended == +counted, (cluster, stream)


def check_histograms(truth, decoded):
    for scope, known in truth.items():
        assert decoded[scope].n == known.n, scope
        for p_ppm in PERCENTS.values():
            assert decoded[scope].time(p_ppm) == known.time(p_ppm), (scope, p_ppm)


def us(text):
    """Of a cell: ns, or None."""
    return round(float(text) * 1000) if text else None


def check_percentiles(folder, truth):
    found = {(r["cluster"], None if r["stream"] == "all" else r["stream"], r["metric"], int(r["p_ppm"])): r
             for r in folder.rows("percentiles.csv") if r["class"] == "all" and r["phase"] == "all"}
    for scope, known in truth.items():
        for p_ppm in PERCENTS.values():
            state, ns = known.time(p_ppm)
            row = found.pop((*scope, p_ppm), None)
            assert (row is not None) == (known.n > 0), (scope, p_ppm)
            if row:
                assert (row["state"], us(row["value_us"]), us(row["at_least_us"]), int(row["n"])) == \
                    (state, ns if state == "exact" else None, ns if state != "exact" else None, known.n), row
    assert not {key for key in found if key[3] in PERCENTS.values()}


def scope_of(folder, truth, cluster, stream):
    """The attempts of a claim: those of a stream, or of a cluster in the metric that all have."""
    return next(key for key in truth if key[:2] == (cluster, stream) and (stream or key in attempts.compared(folder)))


def check_time(entry, time):
    """value_us, at_least_us and state of a JSON object."""
    ns = [round(1000 * entry[key]) if entry[key] is not None else None for key in ("value_us", "at_least_us")]
    assert (entry["state"], *ns) == (time.state, time.ns if time.state == "exact" else None, None if time.state == "exact" else time.ns), entry


def check_claims(folder, truth):
    found = {(claim["scope"], claim["stream"], claim["what"]): claim for claim in folder.run["claims"]}
    assert len(found) == len(folder.run["claims"])
    for (cluster, stream) in {key[:2] for key in truth}:
        scope = scope_of(folder, truth, cluster, stream)
        known, metric = truth[scope], scope[2]
        for what, p_ppm in PERCENTS.items():
            claim = found.pop((cluster, stream, what))
            assert claim["p_ppm"] == p_ppm and claim["metric"] == metric and claim["level"] in MARKS
            if known.n:
                check_time(claim, known.time(p_ppm))
        rate = found.pop((cluster, stream, "rate"))["value_per_s"]
        assert rate == pytest.approx(attempts.good_per_s(folder, cluster, stream), rel=1e-9)
    assert not found


def check_thresholds(folder, truth):
    """A time below the limit holds; a failure, or a bound that reaches it, misses it; otherwise nothing is decided."""
    for judged in folder.run["thresholds"]:
        measured, _, limit = judged["text"].split(" ")
        scope, _, metric = measured.rpartition(".") if not measured.startswith("p99.9") else ("", "", measured)
        streams = [key for key in truth if key[1] and scope in ("", key[0], key[1])]
        known = attempts.together(truth[key] for key in streams)
        if metric in PERCENTS:
            time, limit_ns = known.time(PERCENTS[metric]), attempts.in_ns(limit)
            check_time({"state": judged["state"], "value_us": scaled(judged["value"], 1e6), "at_least_us": scaled(judged["at_least"], 1e6)}, time)
            held = {"exact": lambda: time.ns < limit_ns, "failed": lambda: False, "at_least": lambda: None if time.ns < limit_ns else False}
            assert judged["held"] is held[time.state](), judged
        elif metric == "errors":
            least, most = known.failed_n / known.n, (known.n - known.ended["ok"]) / known.n
            if (least < .01) == (most < .01):
                assert judged["value"] == pytest.approx(least) and (judged["state"], judged["held"]) == ("exact", least < .01)
            else:
                assert judged["at_least"] == pytest.approx(least) and (judged["state"], judged["held"]) == ("at_least", None)


def scaled(value, factor):
    return None if value is None else value * factor


def table_of(text):
    """The rows, from the heading on."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if {"requests", "failed", "good/s", "p99.9"} <= set(line.split()))
    return lines[first:lines.index("", first)]


def cells_of(line):
    """Without the load model, which stands behind the name where streams differ in it."""
    return re.split(r"\s{2,}", re.sub(r"^(\S+) +(open|closed) ", r"\1  ", line.strip()))


def check_number(cell, value):
    """`cell` is the value with so many digits."""
    number = cell.replace(" ", "")
    half = .5 * 10 ** -len(number.partition(".")[2])
    if len(number) > 3 and "." not in number and set(number[3:]) == {"0"}:
        half *= 10 ** (len(number) - 3)
    assert abs(float(number) - value) <= half * 1.001, (cell, value)


def mark_of(known, p_ppm, level):
    """`*` if fewer than ten attempts are beyond it, and none then where there is no time."""
    state = known.time(p_ppm).state
    if known.n - max(1, -(-p_ppm * known.n // 10**6)) >= 10:
        return MARKS[level]
    return "*" if state in ("exact", "at_least") else ""


def check_time_cell(cell, known, p_ppm, level):
    time, mark = known.time(p_ppm), mark_of(known, p_ppm, level)
    sign = {"exact": "", "at_least": ">= ?", "failed": "> ?"}.get(time.state)
    shown = re.fullmatch(rf"{sign}([\d.  ]+) (ns|us|ms|s|min|h){re.escape(mark)}", cell)
    if time.state == "" or time.ns is None:
        assert cell == ("none" if time.state else "-")
    else:
        assert shown, (cell, time, mark)
        check_number(shown[1], time.ns / attempts.NS[shown[2]])


def check_table(folder, truth, text):
    """Each cell is the value, rounded."""
    claims = {(claim["scope"], claim["stream"], claim["what"]): claim for claim in folder.run["claims"]}
    names = {}
    for cluster, stream, _ in truth:
        names.setdefault(stream or cluster, (cluster, stream))
    rows = [cells_of(line) for line in table_of(text)[1:]]
    assert rows
    for name, n, failed, rate, *cells in rows:
        cluster, stream = next(key for word in name.split() if (key := names.get(word)))
        known = truth[scope_of(folder, truth, cluster, stream)]
        assert n.replace(" ", "") == str(known.n)
        if failed.endswith("%"):
            check_number(failed[:-1], 100 * known.failed_n / known.n)
        else:
            assert failed == ("0" if known.n else "-") and known.failed_n == 0
        check_number(rate.rstrip("~!?"), attempts.good_per_s(folder, cluster, stream))
        for cell, (what, p_ppm) in zip(cells, PERCENTS.items()):
            check_time_cell(cell, known, p_ppm, claims[cluster, stream, what]["level"])


def export(run, folder, name):
    return run("loadgen", "analysis", "export", folder.path, "--format", name).stdout


def check_exports(run, folder, compared):
    """Of clusters, in the one metric that all have."""
    document = json.loads(export(run, folder, "json"))
    lines = export(run, folder, "openmetrics").splitlines()
    bins = list(csv.DictReader(io.StringIO(export(run, folder, "csv"))))
    for found in document["clusters"]:
        cluster = found["name"]
        known = compared[cluster]
        assert (found["attempts_n"], found["ok_n"], found["failed_n"], found["censored_n"]) == \
            (known.n, known.ended["ok"], known.failed_n, known.ended[attempts.CUT_OFF])
        assert found["good_per_s"] == pytest.approx(attempts.good_per_s(folder, cluster), rel=1e-9)
        assert sum(found["errors"].values()) == found["failed_n"] and found["failed_ratio"] == (known.failed_n / known.n if known.n else None)
        for name, row in found["percentiles"].items():
            check_time(row, known.time(round(float(name[1:]) * 10000)))
        for p_ppm in PERCENTS.values():
            check_metric([line for line in lines if f'cluster="{cluster}",quantile="{p_ppm / 1e6:g}"}}' in line], known.time(p_ppm))
        for result, n in (("ok", known.ended["ok"]), ("failed", known.failed_n), ("censored", known.ended[attempts.CUT_OFF])):
            assert [line for line in lines if f'cluster="{cluster}",result="{result}"}} {n}' in line], (result, n, lines)
        own = [row for row in bins if row["cluster"] == cluster]
        assert {us(row["hi_us"]): int(row["count_n"]) for row in own if row["class"] == "ok"} == \
            {attempts.LAYOUT.highest_value(index): n for index, n in known.ok.items()}
        assert sum(int(row["count_n"]) for row in own) == known.n


def check_metric(lines, time):
    values = [float(line.split()[-1]) for line in lines if line.startswith("loadgen_time_seconds{")]
    assert values == {"exact": [(time.ns or 0) / 1e9], "failed": [math.inf]}.get(time.state, []), (lines, time)


def check_spectrum(run, folder, compared):
    """The curve of every cluster, up to where the rest failed."""
    run("loadgen", "analysis", "figures", folder.path, "--data")
    path = folder.path / "figures/spectrum.csv"
    rows = folder.rows("figures/spectrum.csv") if path.exists() else []
    for row in rows:
        time = compared[row["cluster"]].time(int(row["p_ppm"]))
        assert time.state == "exact" and float(row["value_ms"]) == pytest.approx(time.ns / 1e6, rel=1e-6), (row, time)
    for cluster, known in compared.items():
        assert {int(row["n"]) for row in rows if row["cluster"] == cluster} <= {known.n}
        assert known.ended["ok"] < .6 * known.n or any(row["cluster"] == cluster for row in rows)


def check_page(folder, truth, page):
    """Its first table has a row per cluster."""
    rows = [[html.unescape(cell) for cell in re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in re.findall("<tr>.*?</tr>", page)]
    first = next(i for i, row in enumerate(rows) if {"requests", "good/s", *PERCENTS} <= set(row))
    claims = {(claim["scope"], claim["what"]): claim for claim in folder.run["claims"] if claim["stream"] is None}
    for scope in attempts.compared(folder):
        known = truth[scope]
        row = dict(zip(rows[first], next(row for row in rows[first:] if scope[0] in row[0])))
        assert row["requests"].replace(" ", "") == str(known.n) and row.get("cut off", "0") == str(known.ended[attempts.CUT_OFF])
        for what, p_ppm in PERCENTS.items():
            check_time_cell(row[what], known, p_ppm, claims[scope[0], what]["level"])


@pytest.fixture(name="quick")
def fixture_quick(run, tmp_path):
    """quick(url, OPTION...): a run in quick mode, held to have one result."""
    def make(url, *options):
        done = run("loadgen", "run", "--target", url, *options, *THRESHOLDS, "--log-requests", "csv", "--progress", "none", "--out", tmp_path / "run",
                   expect=(0, 1, 3, 4))
        check_one_result(run, tmp_path / "run", done.stdout)
        return RunFolder(tmp_path / "run")
    return make


@pytest.mark.parametrize("options, least, most", [
    ([], 0, 0), (["--fail-ratio", .02, "--reset-ratio", .01], .005, .06), (["--fail-ratio", .5], .4, .6), (["--fail-ratio", 1], 1, 1),
    (["--reset-ratio", 1], 1, 1)], ids=["0 %", "3 %", "50 %", "100 % status 503", "100 % resets"])
def test_requests_that_fail(quick, emulator, options, least, most):
    totals = quick(emulator(*options).url + "/cluster1", "-c", 4, "-n", 1200).totals
    assert least <= totals["err_n"] / 1200 <= most and totals["censored_n"] == 0


def test_requests_that_time_out(quick, emulator):
    """H1b: 3 % are never answered."""
    folder = quick(emulator("--stall-ratio", .03, "--stall", "1h", "--service-time", "2ms", "--vcpus", 64).url + "/cluster1",
                   "--rate", 200, "-d", "6s", "--timeout", "1s")
    assert folder.totals["errors"]["timeout"] > 12, "more than 1 %"
    rows = {int(r["p_ppm"]): r for r in folder.rows("percentiles.csv") if (r["class"], r["stream"]) == ("all", "all")}
    assert (rows[990000]["state"], rows[990000]["at_least_us"], rows[500000]["state"]) == ("failed", "1000000.000", "exact")


def test_more_than_the_target_can_do(quick, emulator):
    folder = quick(emulator("--service-time", "10ms").url + "/cluster1", "--rate", 600, "-d", "2s", "--timeout", "1s", "-c", 64)
    assert folder.totals["err_n"] > folder.totals["ok_n"]


TWO_CLUSTERS = """
name: both
target: {url}
thresholds: [ "cluster1.errors < 1%", "p90 < 50s", "rate > 1M/s", "cluster2.p99 < 1us" ]
streams:
  - {{ name: users, cluster: cluster1, users: 3, timeout: 1s, request: {{ path: "/cluster1?delay_ms=2" }},
       phases: [ {{ name: warm, warmup: true, requests: 60 }}, {{ name: main, requests: 400 }}, {{ pause: 100ms }}, {{ requests: 90 }} ] }}
  - {{ name: arrivals, cluster: cluster2, request: {{ path: /cluster1 }}, arrivals: poisson, connections: 2, queue: 20, timeout: 20ms,
       phases: [ {{ warmup: true, rate: 50/s, duration: 300ms }}, {{ rate: 2k/s, duration: 700ms }}, {{ rate: 20/s, duration: 300ms }} ] }}
  - {{ name: more-users, cluster: cluster1, users: 2, timeout: 500ms, request: {{ path: "/cluster1?delay_ms=5" }}, phases: [ {{ duration: 800ms }} ] }}
"""


def test_warm_up_and_streams_of_two_clusters(run, start, emulator, tmp_path):
    """From two generators at once, and what they have together."""
    server = emulator("--fail-ratio", .05, "--reset-ratio", .02, "--stall-ratio", .01, "--stall", "1h", "--service-time", "500us", "--vcpus", 4)
    (tmp_path / "both.yaml").write_text(TWO_CLUSTERS.format(url=server.url))
    running = [start("loadgen", "run", tmp_path / "both.yaml", "--log-requests", "csv", "--progress", "none", "--out", tmp_path / name)
               for name in "ab"]
    for one, name in zip(running, "ab"):
        assert one.wait() in (3, 4), one.stderr
        check_one_result(run, tmp_path / name, one.stdout)
    run("loadgen", "analysis", "merge", "--out", "merged", "a", "b", expect=(3, 4))
    check_one_result(run, tmp_path / "merged")


def hung(start, tmp_path, server, query):
    """A run against a server that hangs from some time on, or from the start, and is ended by Ctrl-C."""
    running = start("loadgen", "run", "--target", f"{server.url}/cluster1{query}", "-c", 5, "-d", "1h", *THRESHOLDS, "--log-requests", "csv",
                    "--progress", "none", "--out", tmp_path / "run")
    wait_until(lambda: seconds_written(tmp_path / "run"), "the first second")
    if not query.endswith("3600000"):
        server.running.send_signal(signal.SIGSTOP)
        time.sleep(.3)  # so that those in flight are older than any answer
    running.send_signal(signal.SIGINT)
    try:
        assert running.wait() == 130, running.stderr
    finally:
        server.running.send_signal(signal.SIGCONT)
    return running


@pytest.mark.parametrize("query", ["?delay_ms=3600000", "?delay_ms=40"], ids=["from the start", "later on"])
def test_a_server_that_hangs_until_ctrl_c(run, start, emulator, tmp_path, query):
    """Five requests in flight are cut off: beside none, or some hundred, good answers."""
    running = hung(start, tmp_path, emulator(), query)
    check_one_result(run, tmp_path / "run", running.stdout)
    totals = RunFolder(tmp_path / "run").totals
    assert (totals["censored_n"], totals["err_n"]) == (5, 0) and (totals["ok_n"] > 0) == (query == "?delay_ms=40")


SWEEP = """
name: one
target: {url}
streams:
  - {{ name: one, request: {{ path: /cluster1 }}, arrivals: constant, connections: 64, timeout: 300ms, phases: [ {{ rate: 10/s, duration: 1s }} ] }}
"""


def test_steps_of_a_sweep(run, emulator, tmp_path):
    """Its curve has the numbers of the steps' runs, and a step whose p99 lies among failures is not held."""
    server = emulator("--fail-ratio", .03, "--stall-ratio", .02, "--stall", "1h", "--vcpus", 8)
    (tmp_path / "one.yaml").write_text(SWEEP.format(url=server.url))
    run("loadgen", "sweep", tmp_path / "one.yaml", "--from", "300/s", "--to", "300/s", "-d", "1s", "--warmup", "200ms", "--gap", "0s",
        "--threshold", "p99 < 10s", "--out", tmp_path / "sweep", "--progress", "none", expect=(0, 4))
    with open(tmp_path / "sweep/loadcurve.csv", newline="", encoding="utf-8") as file:
        curve = list(csv.DictReader(file))
    assert curve
    for row in curve:
        folder = RunFolder(tmp_path / "sweep" / row["run"])
        known = attempts.from_histograms(folder)["target", None, "response"]
        time = known.time(int(row["p_ppm"]))
        assert (row["state"], us(row["value_us"]), us(row["at_least_us"])) == \
            (time.state, time.ns if time.state == "exact" else None, None if time.state == "exact" else time.ns), row
        assert [int(row[name]) for name in ("n", "failed_n", "censored_n")] == [known.n, known.failed_n, known.ended[attempts.CUT_OFF]]
        assert float(row["achieved_per_s"]) == pytest.approx(attempts.good_per_s(folder, "target"), rel=1e-6)
        assert row["held"] == "0", "3 % fail, so no time is the p99"
