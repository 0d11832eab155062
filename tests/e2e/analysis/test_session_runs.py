"""Run folders of sessions as the analysis reads them: the rows of steps are those that the run wrote, in shares as in one piece."""

import collections
import concurrent.futures
import csv
import json
import re

import shop_scenario
from shop_log import run_shop
from shop_scenario import BUYERS

ROWS = ["login", "search", "order", "logout", "order_redirect", "session"]


def table(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts(folder):
    """{step: [done, ok, failed]} of intervals.csv; the stream as a whole is the step ""."""
    sums = collections.defaultdict(lambda: [0, 0, 0])
    for row in table(folder, "intervals.csv"):
        for i, column in enumerate(("done_n", "ok_n", "err_n")):
            sums[row["step"]][i] += int(row[column])
    return dict(sums)


def counts_of_json(folder):
    """The same of run.json."""
    sums = collections.defaultdict(lambda: [0, 0, 0])
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for phase in run["phases"]:
        for row in phase["rows"]:
            n = row["done_n"], row["ok_n"], row["done_n"] - row["ok_n"]
            sums[row["row"]] = [a + b for a, b in zip(sums[row["row"]], n)]
    return dict(sums)


def check_rows(folder):
    """The rows of steps are complete, and sum to the stream's."""
    got = counts(folder)
    assert {step: n for step, n in got.items() if step} == counts_of_json(folder)
    assert got[""] == [sum(n) for n in zip(*(got[step] for step in ROWS if step != "session"))]
    return got


def check_recomputed(run, folder, out):
    run("loadgen-analysis", "recompute", folder, "--out", out)
    for name in ("percentiles.csv", "instances.csv", "phases.csv", "checks.csv"):
        assert (out / name).read_bytes() == (folder / name).read_bytes(), name


def forget_the_last_seconds(folder):
    """What run.json is like when a run is killed before it was written again."""
    file = folder / "run.json"
    run = json.loads(file.read_text(encoding="utf-8"))
    totals = run["stream_totals"][0]
    run["end"] = "running"
    for row in totals["rows"] + [row for phase in run["phases"] for row in phase["rows"]]:
        row.update(done_n=0, ok_n=0)
    totals["sessions"].update(due_n=0, begun_n=0)
    file.write_text(json.dumps(run), encoding="utf-8")


def scenario(folder, url):
    return shop_scenario.write(folder, url, BUYERS, n_users=6, model="users: 6", phases="[ { passes: 30, warmup: true }, { passes: 90 } ]")


def test_steps_are_read_as_the_run_wrote_them(shop, run, tmp_path):
    server = shop("--delay-ms", 2)
    path = tmp_path / "run"
    run_shop(run, path, scenario(tmp_path, server.url), "-t", 2)
    server.stop_and_read()
    assert set(check_rows(path)) == {"", *ROWS}
    check_recomputed(run, path, tmp_path / "again")
    steps = {row["step"] for row in table(path, "percentiles.csv") if row["class"] == "all" and row["p_ppm"] == "990000"}
    assert steps == {"", *ROWS}
    summary = run("loadgen-analysis", "summary", path).stdout
    assert re.findall(r"^    (\w+)(?: +\d|$)", summary, re.MULTILINE) == ROWS
    exported = run("loadgen-analysis", "export", path, "--format", "openmetrics").stdout
    assert 'loadgen_step_requests_total{run="run",cluster="target",stream="buyers",step="order",result="ok"} 90' in exported
    run("loadgen-analysis", "report", path)
    page = (path / "report.html").read_text(encoding="utf-8")
    assert "Steps and sessions" in page and "order_redirect" in page
    tex = (path / "report.tex").read_text(encoding="utf-8")
    assert r"\label{tab:steps-buyers}" in tex and r"order\_redirect & 90 & " in tex
    forget_the_last_seconds(path)
    run("loadgen-analysis", "report", path, env={"PATH": "/nonexistent"})
    assert "120 passes were due and 120 began" in (path / "report.html").read_text(encoding="utf-8")


def test_shares_of_sessions_are_merged_step_by_step(shop, run, tmp_path):
    server = shop("--delay-ms", 2)
    file = scenario(tmp_path, server.url)
    parts = [tmp_path / "s1", tmp_path / "s2"]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda i: run_shop(run, parts[i], file, "--shard", f"{i + 1}/2", "--seed", 5), range(2)))
    server.stop_and_read()
    run("loadgen-analysis", "merge", *parts, "--out", tmp_path / "whole", expect=(0, 4))  # 4: on a busy machine they overlap too little
    got = check_rows(tmp_path / "whole")
    of_parts = [check_rows(part) for part in parts]
    assert got == {step: [a + b for a, b in zip(of_parts[0][step], of_parts[1][step])] for step in got}
    assert got["session"][0] == 120
    check_recomputed(run, tmp_path / "whole", tmp_path / "again")
