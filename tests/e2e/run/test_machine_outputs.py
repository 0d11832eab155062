"""What programs read of a run: --json, --junit, --markdown. One object on stdout and nothing else, as documented, the same from memory as from
the run folder."""

import json
import os
import signal
import xml.etree.ElementTree as ET

import pytest

from breaker import Breaker
from programs import ROOT, dead_port, wait_until

jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")

MIX = """
target: {url}
streams:
  - {{ name: good, cluster: one, users: 3, requests: [ {{ path: /a }} ], phases: [ {{ requests: 200 }} ] }}
  - {{ name: bad, cluster: one, users: 1, requests: [ {{ path: /missing }}, {{ path: /a }} ], phases: [ {{ requests: 40 }} ] }}
  - {{ name: timed, cluster: two, requests: [ {{ path: /a }} ], phases: [ {{ rate: 200, duration: 500ms, warmup: true }},
      {{ rate: 200, duration: 1s }} ] }}
thresholds: [ "one.errors < 50%", "two.p90 < 5s", "mean < 1us" ]
"""


def schema_of(name):
    schema = json.loads((ROOT / f"docs/schema/{name}.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def check(text, name="run"):
    """Held against the schema, which knows every key; each number is as short as it reads back the same."""
    document = json.loads(text)
    wrong = [f"{'/'.join(map(str, e.path))}: {e.message[:300]}" for e in jsonschema.Draft7Validator(schema_of(name)).iter_errors(document)]
    assert not wrong, "\n".join(wrong)
    json.loads(text, parse_float=lambda digits: check_short(digits, float(digits)))
    return document


def check_short(digits, value):
    shortest = repr(value).lower().partition("e")[0].replace(".", "").strip("-0")
    assert len(digits.lower().partition("e")[0].replace(".", "").strip("-0")) <= len(shortest), digits
    return value


def check_both(run, tmp_path, done):
    """The same bytes from memory and from files."""
    document = check(done.stdout)
    assert run("loadgen", "analysis", "export", document["folder"], "--format", "json").stdout == done.stdout
    for row in document["clusters"] + document["streams"]:
        assert sum(row["errors"].values()) == row["failed_n"]
        assert row["attempts_n"] == row["ok_n"] + row["failed_n"] + row["censored_n"]
    return document


def load(run, *words, expect=(0, 3, 4)):
    return run("loadgen", "run", *words, "--json", "--progress", "none", expect=expect)


def test_a_url(run, nginx, tmp_path):
    done = load(run, nginx().url + "/", "-n", 500, "--threshold", "p99 < 10s", "--user", "joe:hunter2")
    document = check_both(run, tmp_path, done)
    row, = document["clusters"]
    assert done.stderr == "" and "hunter2" not in done.stdout
    assert document["settings"]["connections"] == 10 and document["settings"]["options"]["connections"] == "10"
    assert document["settings"]["options"]["timeout"] == "10s" and document["settings"]["options"]["user"] == "(given)"
    assert row["ok_n"] == 500 and row["statuses"] == {"200": 500} and row["bytes_rx"] > 500 * 100 and row["connect"]["n"] == 10
    assert row["min_us"] <= row["ok_percentiles_us"]["p50"] <= row["percentiles"]["p99"]["value_us"] <= row["max_us"]
    assert row["min_us"] < row["mean_us"] < row["max_us"] and row["stdev_us"] > 0
    threshold, = document["thresholds"]
    assert (threshold["metric"], threshold["compare"], threshold["limit"], threshold["held"]) == ("p99", "<", 10, True)


def test_streams_and_clusters_with_failures(run, nginx, tmp_path):
    (tmp_path / "mix.yaml").write_text(MIX.format(url=nginx(server="location = /missing { return 404; }").url))
    done = load(run, "mix.yaml")
    document = check_both(run, tmp_path, done)
    one, two = document["clusters"]
    assert (one["name"], two["name"]) == ("one", "two") and [s["name"] for s in document["streams"]] == ["good", "bad", "timed"]
    assert one["statuses"] == {"200": 220, "404": 20} and one["errors"] == {"status_4xx": 20} and one["failed_ratio"] == 20 / 240
    assert two["statuses"] == {"200": 200} and document["streams"][2]["metric"] == "response"
    assert [t["held"] for t in document["thresholds"]] == [True, True, False]
    assert "loadgen: threshold missed: mean < 1us; it was" in done.stderr, "said although no table is printed"


def test_time_outs_and_a_run_without_success(run, tmp_path):
    with Breaker(b"", "hang") as silent:
        row, = check_both(run, tmp_path, load(run, silent.url, "-n", 6, "-c", 2, "--timeout", "100ms", expect=1))["clusters"]
    assert row["errors"] == {"timeout": 6} and row["percentiles"]["p50"]["state"] == "failed" and row["mean_us"] is None
    assert row["percentiles"]["p50"]["at_least_us"] == 100000
    with dead_port() as port:
        done = load(run, f"http://127.0.0.1:{port}/", "-n", 5, "--no-results", expect=1)
    document = check(done.stdout)
    assert document["folder"] is None and document["run_id"] is None and document["clusters"][0]["errors"] == {"connect": 5}
    assert done.stderr.startswith("loadgen: no request succeeded")


def test_an_interrupted_run(run, start, emulator, tmp_path):
    running = start("loadgen", emulator("--vcpus", 8, "--service-time", "50ms").url, "-c", 2, "-d", 60, "--json", "--progress", "none", "-o", "cut")
    wait_until(lambda: (tmp_path / "cut/run.json").exists(), "a run folder")
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130
    document = check(running.stdout)
    assert document["end"] == "interrupted"
    assert run("loadgen", "analysis", "export", "cut", "--format", "json").stdout == running.stdout


def test_the_lab(run, lab, tmp_path):
    document = check_both(run, tmp_path, load(run, "demo", "--deployment", lab("m4x4-t2x5").path))
    assert document["deployment"]["emulated"] and [c["label"] for c in document["clusters"]] == ["m4", "t2"]
    assert all(c["instances"] for c in document["clusters"])


def test_a_sweep(run, emulator):
    done = run("loadgen", "sweep", emulator("--vcpus", 8, "--service-time", "1ms").url, "--threshold", "p99 < 5s", "--from", 50, "--to", 100, "-d", 2, "--warmup", 1,
               "--gap", 0, "--refine", 0, "--json", "--progress", "none", expect=(0, 4))
    document = check(done.stdout, "sweep")
    cluster, = document["clusters"]
    assert cluster["steps"][0]["offered_per_s"] == 50 and "p99" in cluster["steps"][0]["percentiles"]
    assert "sustain" in done.stderr or "nothing is known" in done.stderr


def test_a_sweep_names_each_clusters_own_target(run, emulator, tmp_path):
    one, other = emulator("--vcpus", 8), emulator("--vcpus", 8)
    stream = "  - {{ name: {0}, cluster: {0}, target: {1}, request: {{ path: / }}, connections: 4, phases: [ {{ rate: 50/s, duration: 1s }} ] }}\n"
    (tmp_path / "two.yaml").write_text("name: two\nstreams:\n" + stream.format("old", one.url) + stream.format("new", other.url))
    done = run("loadgen", "sweep", "two.yaml", "--from", 50, "--to", 50, "-d", 1, "--warmup", 0, "--gap", 0, "--json", "--progress", "none", cwd=tmp_path, expect=(0, 4))
    assert [(c["name"], c["target"]) for c in check(done.stdout, "sweep")["clusters"]] == [("old", one.url), ("new", other.url)]


def test_a_campaign_prints_the_comparison(run, nginx):
    first, second = nginx(), nginx()
    done = run("loadgen", "campaign", first.url, second.url, "-c", 2, "-n", 50, "--pairs", 2, "--aa", 0, "--gap", 0, "--json", "--progress", "none",
               expect=(0, 4))
    document = json.loads(done.stdout)
    assert document["schema"] == "loadgen-comparison/1"
    jsonschema.validate(document, json.loads((ROOT / "docs/schema/comparison.schema.json").read_text()), cls=jsonschema.Draft202012Validator)


def test_thresholds_are_test_cases_and_the_table_is_markdown(run, nginx, tmp_path):
    words = [nginx().url, "-n", 2000, "-c", 2, "--threshold", "errors < 1%", "--threshold", "p50 < 1us"]
    done = run("loadgen", *words, "-q", "--junit", "ci/junit.xml", "--markdown", "ci/run.md", expect=(3, 4))
    suite = ET.parse(tmp_path / "ci/junit.xml").getroot().find("testsuite")
    cases = {case.get("name"): case for case in suite}
    assert list(cases) == ["run", "errors < 1%", "p50 < 1us"] and suite.get("tests") == "3"
    assert len(cases["errors < 1%"]) == 0 or cases["errors < 1%"].find("error") is not None
    kind = "failure" if done.returncode == 3 else "error"
    assert "it was" in cases["p50 < 1us"].find(kind).text
    assert "loadgen: threshold missed: p50 < 1us; it was" in done.stderr, "also with --quiet"
    lines = (tmp_path / "ci/run.md").read_text().splitlines()
    assert "|  | requests | failed | good/s | p50 | p90 | p99 | p99.9 |" in lines and any(line.startswith("| quick | 2 000 | 0 |") for line in lines)
    assert any(line.startswith("- **missed** `p50 < 1us`: it was") for line in lines)
    printed = run("loadgen", *words, "--markdown", "-", expect=(3, 4)).stdout
    assert printed.splitlines()[2] == lines[2] and "next:" not in printed


@pytest.mark.parametrize("folder", ["load", "load/"])
def test_they_may_lie_in_the_folder_of_the_run(run, nginx, tmp_path, folder):
    run("loadgen", nginx().url, "-n", 20, "-q", "-o", folder, "--junit", "load/junit.xml", "--markdown", "load/run.md")
    assert {"run.json", "junit.xml", "run.md"} <= {path.name for path in (tmp_path / "load").iterdir()}


@pytest.mark.parametrize("words, sentence", [
    (["--json", "--junit", "-"], "only one of --json, --junit - and --markdown - can have stdout"),
    (["--junit", "/proc/none/x.xml"], "--junit: cannot make the folder /proc/none"),
    (["--markdown", "ci/"], "--markdown must name a file, not 'ci/'"),
    (["--markdown", "."], "--markdown must name a file, not '.'"),
    (["--junit", "x", "--markdown", "x"], "--junit and --markdown name the same file, x"),
    (["--junit", "pipe"], "--junit must name a file, not 'pipe'"),
])
def test_what_cannot_be_written_is_refused_before_anything_is_sent(run, nginx, tmp_path, words, sentence):
    server = nginx()
    os.mkfifo(tmp_path / "pipe")
    assert sentence in run("loadgen", server.url, *words, expect=(1, 2)).stderr
    assert not server.stop_and_read_log()
