"""The terminal view of a run folder, and its derived files again."""
# ctest: early

import json
import re
import signal

import pytest

import made_hist
import make_run
from programs import wait_until
from run_folder import RunFolder, seconds_written

# A quarter of the answers is an error; half of the others name one instance, the rest one each of the others.
NGINX = """
location /one {
  if ($request_id ~ "^[0-3]") { return 503; }
  if ($request_id ~ "^[4-9]") { return 200 "Instance i-b is responding now!"; }
  if ($request_id ~ "^[a-c]") { return 200 "Instance i-x is responding now!"; }
  return 200 "Instance i-a is responding now!";
}
location /two {
  if ($request_id ~ "^[0-1]") { return 200 "not as expected"; }
  if ($request_id ~ "^[2-3]") { return 404; }
  return 200 "Instance i-c is responding now!";
}
"""
STREAM = """
  - name: {name}
    cluster: {cluster}
    request: {{ path: {path} }}
    expect: {{ status: 200, body: "Instance {{instance}} is responding now!" }}
    {load}
"""
USERS = "users: {users}\n    phases: [ {{ name: warm, warmup: true, requests: 30 }}, {{ name: main, requests: {n} }}, {{ pause: 100ms }}, {{ requests: 40 }} ]"
ARRIVALS = "arrivals: poisson\n    connections: 2\n    queue: 20\n    phases: [ { warmup: true, rate: 50/s, duration: 1s }, { rate: 40k/s, duration: 500ms } ]"
THRESHOLDS = '[ "cluster1.errors < 1%", "p50 < 50s", "rate > 1M/s", "cluster2.p99 < 1us" ]'


def line_of(text, word):
    return next(line for line in text.splitlines() if word in line).split()


def test_the_table_holds_what_the_run_counted(run, folder):
    path, truth = folder("tp1")
    text = run("loadgen-analysis", "summary", path).stdout
    hist = made_hist.Hist()
    for tag, part in truth.merged.items():
        if tag.startswith("service.") and ".cluster1." in tag and tag.endswith(".ok.all"):
            hist.merge(part)
    cells = line_of(text, "m4 cluster1")
    assert cells[:5] == ["m4", "cluster1", "2", "500", "0"]
    assert float(cells[6]) == pytest.approx(hist.percentile_ns(500000) / 1e6, rel=5e-3)
    assert float(cells[10]) == pytest.approx(hist.percentile_ns(990000) / 1e6, rel=5e-3)
    assert cells[13].endswith("*"), "2500 requests leave fewer than ten beyond p99.9"
    assert float(line_of(text, "  m4   max")[2]) == pytest.approx(hist.most / 1e6, rel=5e-3), "the maximum is exact"
    assert re.search("625 625 625 625 +as even as round robin makes it", text)


def test_nothing_but_text_comes_out(run, folder):
    path, _ = folder("tp1")
    text = run("loadgen-analysis", "summary", path).stdout
    assert "\x1b" not in text and not any(line.endswith(" ") for line in text.splitlines())
    assert all(len(line) <= 80 for line in text.splitlines() if str(path) not in line)


@pytest.fixture(name="scenario")
def fixture_scenario(nginx, tmp_path):
    """scenario(LOAD of cluster1, LOAD of cluster2): a file, and the deployment of two clusters that its streams go to."""
    server = nginx(server=NGINX)

    def make(*loads):
        instances = [("i-a", "cluster1"), ("i-b", "cluster1"), ("i-c", "cluster2"), ("i-d", "cluster2")]
        deployment = {"schema_version": 1, "provider": "local", "emulated": True, "run_id": "7f3a19c2", "state": "up", "topology": "small",
                      "created_utc": "2026-11-21T22:09:00Z", "app": "emulator", "url": server.url,
                      "clusters": [{"name": f"cluster{i}", "label": label, "path": f"/cluster{i}", "instance_type": f"{label}.large", "count": 2}
                                   for i, label in enumerate(("m4", "t2"), 1)],
                      "instances": [{"id": i, "cluster": cluster, "instance_type": "m4.large", "address": "127.0.0.1", "port": server.port}
                                    for i, cluster in instances], "resources": []}
        (tmp_path / "deployment.json").write_text(json.dumps(deployment))
        streams = [STREAM.format(name=name, cluster=cluster, path=path, load=load)
                   for name, cluster, path, load in zip(("first", "second", "third"), ("cluster1", "cluster2", "cluster1"), ("/one", "/two", "/one"), loads)]
        (tmp_path / "scenario.yaml").write_text(f"name: both\ntarget: deployment\nthresholds: {THRESHOLDS}\nstreams:{''.join(streams)}")
        return tmp_path / "scenario.yaml", "--deployment", tmp_path / "deployment.json"
    return make


@pytest.mark.parametrize("loads, rows", [
    ((USERS.format(users=3, n=300), ARRIVALS), [["first"], ["second"]]),
    ((USERS.format(users=3, n=300), USERS.format(users=2, n=200), USERS.format(users=1, n=100)), [["m4", "cluster1"], ["t2", "cluster2"]]),
], ids=["two models", "one model"])
def test_run_and_analysis_print_the_same_summary(run, scenario, tmp_path, loads, rows):
    done = run("loadgen", "run", *scenario(*loads), "--out", tmp_path / "run", "--progress", "none", "--threads", 2, expect=(3, 4))
    printed = done.stdout
    assert run("loadgen-analysis", "summary", tmp_path / "run").stdout == printed
    lines = printed.splitlines()
    assert lines[0].startswith("both    http://127.0.0.1:") and "2 m4.large, 2 t2.large (emulated)" in printed.split("requests")[0]
    heading = next(i for i, line in enumerate(lines) if line.split()[:2] == ["requests", "failed"])
    for line, row in zip(lines[heading + 1:], rows):
        assert line.split()[:len(row)] == row
    for words in ("  warm-up  ", "  instances   m4  ", "\n              t2  ", " max ", " mean ", " of good answers ", "B/s", " 503: ", "  threshold   missed: cluster1.errors < 1%; it was ",
                  "\n  failed  ", "status_5xx: unexpected status 503", "expect: "):
        assert words in printed, printed
    assert len(re.search(r"instances   m4((?: +\d+)+)", printed)[1].split()) == 3, "two of the deployment, one that it does not name"


def test_the_sentence_on_two_clusters_is_the_same_from_memory_and_from_files(run, emulator, tmp_path):
    """31 whole seconds, the fewest plus one: the intervals agree to the digit, and so do summary, report and compare."""
    server = emulator("--vcpus", 4)
    stream = ("  - {{ name: {0}, cluster: {0}, connections: 8, request: {{ path: '/cluster1?delay_ms={1}' }}, "
              "phases: [ {{ rate: 100/s, duration: 31s }} ] }}\n")
    (tmp_path / "duo.yaml").write_text(f"name: duo\ntarget: {server.url}\nstreams:\n" + stream.format("quick", 1) + stream.format("slow", 9))
    printed = run("loadgen", "run", "duo.yaml", "--out", "run", "--progress", "none", cwd=tmp_path, expect=(0, 4)).stdout
    assert run("loadgen-analysis", "summary", "run", cwd=tmp_path).stdout == printed
    words = " ".join(printed.split())
    # On a busy machine the seconds may differ too much, or the times be loadgen's own.
    assert re.search(r"slow was slower than quick at p50: [\d.]+ times as long \(95 % interval [\d.]+ to [\d.]+\), "
                     r"|does not tell slow and quick apart at p50 \(95 % interval of the ratio |loadgen's own delay may have made the difference", words), printed
    assert "One run per cluster is not proof; `loadgen campaign duo.yaml` would tell." in words and "connect p50 " in words
    sentence = run("loadgen-analysis", "compare", "run", cwd=tmp_path).stdout.splitlines()[0]
    assert sentence in words
    run("loadgen-analysis", "report", "run", cwd=tmp_path, env={"PATH": "/nonexistent"})
    assert " ".join((tmp_path / "run/report.txt").read_text().split("\n")[:2]).startswith(sentence)


def test_an_interrupted_run_has_the_same_summary_again(run, start, scenario, tmp_path):
    running = start("loadgen", "run", *scenario(USERS.format(users=2, n="1M")), "--out", tmp_path / "run", "--progress", "none",
                    "--log-requests", "csv")
    wait_until(lambda: seconds_written(tmp_path / "run"), "the first second")
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130, running.stderr
    printed = running.stdout
    assert "\n  interrupted after " in printed
    assert run("loadgen-analysis", "summary", tmp_path / "run").stdout == printed
    assert RunFolder(tmp_path / "run").run["end"] == "interrupted"


def test_a_missed_rule_stands_with_its_advice(run, folder):
    path, _ = folder("tp1", level="INVALID")
    text = run("loadgen-analysis", "summary", path).stdout
    assert "the generator's share of p99: 14.0 %" in text
    assert "use more threads or a less busy machine" in " ".join(text.split())


def test_a_missed_threshold_stands_with_its_value(run, folder):
    path, _ = folder("tp1")
    document = json.loads((path / "run.json").read_text())
    document["thresholds"] = [{"text": "p99 < 250ms", "scope": "all", "value": 4.9e-3, "unit": "s", "held": True},
                              {"text": "cluster1.errors < 0.1%", "scope": "cluster1", "value": 0.125, "unit": "share", "held": False},
                              {"text": "rate > 1M/s", "scope": "all", "value": None, "unit": "per_s", "held": False}]
    (path / "run.json").write_text(json.dumps(document))
    text = run("loadgen-analysis", "summary", path).stdout
    assert "  threshold   missed: cluster1.errors < 0.1%; it was 12.5 %\n  threshold   missed: rate > 1M/s; there was nothing to judge\n" in text
    assert "250ms" not in text


def test_of_a_campaign_the_comparison_is_shown(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=6, controls=0, ratio=1.3)
    text = run("loadgen-analysis", "summary", tmp_path / "c").stdout
    assert text.startswith("t2 is slower than m4: its p50 is ")
    assert text.endswith(f"     next: loadgen analysis report {tmp_path / 'c'}\n")
    assert not (tmp_path / "c/compare.csv").exists(), "a summary writes nothing"


@pytest.mark.parametrize("command", [["recompute"], ["export"], ["merge", "--out", "all", "c"]])
def test_what_needs_a_run_says_that_a_campaign_is_none(run, tmp_path, command):
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=0, missing=2)
    said = run("loadgen-analysis", *command, "c", expect=2).stderr
    assert "c is the folder of a campaign, not of a run" in said and "`loadgen analysis compare c`" in said


@pytest.mark.parametrize("kind, words", [
    ("zero", ["0        -     0.00     -"]),
    ("single", [", closed, ", "quick      5 000"]),
    ("interrupted", ["  interrupted after "]),
    ("errors", [", open", "none", "2.97 %"]),
])
def test_odd_runs_have_sound_summaries(run, folder, kind, words):
    path, _ = folder(kind)
    text = run("loadgen-analysis", "summary", path).stdout
    for word in words:
        assert word in text, text
    numbers = text.replace(str(path), "").lower().replace("information", "")
    assert "nan" not in numbers and "inf" not in numbers


def test_recompute_writes_the_same_bytes_anywhere(run, folder, tmp_path):
    path, _ = folder("open")
    (tmp_path / "again").mkdir()
    run("loadgen-analysis", "recompute", path, "--out", tmp_path / "again")
    for name in ("percentiles.csv", "instances.csv", "phases.csv", "checks.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (path / name).read_bytes()
