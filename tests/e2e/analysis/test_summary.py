"""The terminal view of a run folder, and its derived files again."""

import json

import pytest

import made_hist
import make_run


@pytest.fixture(name="folder")
def fixture_folder(tmp_path, run):
    def make(kind, **options):
        path = tmp_path / kind
        truth = make_run.make(str(path), kind, **options)
        run("loadgen-analysis", "recompute", path)
        return path, truth
    return make


def line_of(text, word):
    return next(line for line in text.splitlines() if word in line).split()


def test_the_table_holds_what_the_run_counted(run, folder):
    path, truth = folder("tp1")
    text = run("loadgen-analysis", "summary", path).stdout
    hist = made_hist.Hist()
    for tag, part in truth.merged.items():
        if tag.startswith("service.") and ".cluster1." in tag and tag.endswith(".ok.all"):
            hist.merge(part)
    cells = line_of(text, "cluster1  m4")
    assert cells[:5] == ["cluster1", "m4", "2", "500", "0"]
    assert float(cells[6]) == pytest.approx(hist.percentile_ns(500000) / 1e6, rel=5e-3)
    assert float(cells[8]) == pytest.approx(hist.percentile_ns(990000) / 1e6, rel=5e-3)
    assert cells[9].endswith("*"), "2500 requests leave fewer than ten beyond p99.9"
    assert float(cells[10]) == pytest.approx(hist.most / 1e6, rel=5e-3), "the maximum is exact"
    assert "ms, service time" in text and "625 625 625 625   as even as round robin makes it" in text


def test_nothing_but_text_comes_out(run, folder):
    path, _ = folder("tp1")
    text = run("loadgen-analysis", "summary", path).stdout
    assert "\x1b" not in text and not any(line.endswith(" ") for line in text.splitlines())
    assert all(len(line) <= 112 for line in text.splitlines() if str(path) not in line)


def test_a_missed_rule_is_told_with_its_advice(run, folder):
    path, _ = folder("tp1", level="INVALID")
    text = run("loadgen-analysis", "summary", path).stdout
    assert "INVALID   the generator cannot be excluded as the cause" in text
    assert "share of the generator in the 99th percentile: 14.0 %, limit 10 %" in text
    assert "use more threads or a less busy machine" in text


def test_a_missed_threshold_is_told_with_its_value(run, folder):
    path, _ = folder("tp1")
    document = json.loads((path / "run.json").read_text())
    document["thresholds"] = [{"text": "p99 < 250ms", "scope": "all", "value": 4.9e-3, "unit": "s", "held": True},
                              {"text": "cluster1.errors < 0.1%", "scope": "cluster1", "value": 0.125, "unit": "share", "held": False},
                              {"text": "rate > 1M/s", "scope": "all", "value": None, "unit": "per_s", "held": False}]
    (path / "run.json").write_text(json.dumps(document))
    text = run("loadgen-analysis", "summary", path).stdout
    assert "  threshold   missed: cluster1.errors < 0.1%; it was 12.5 %\n  threshold   missed: rate > 1M/s; it was nothing to judge\n" in text
    assert "250ms" not in text


def test_of_a_campaign_the_comparison_is_shown(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=6, controls=0, ratio=1.3)
    text = run("loadgen-analysis", "summary", tmp_path / "c").stdout
    assert text.startswith("t2 (cluster2) is slower than m4 (cluster1): its p50 is 1.")
    assert text.endswith(f"     next: loadgen analysis report {tmp_path / 'c'}\n")
    assert not (tmp_path / "c/compare.csv").exists(), "a summary writes nothing"


@pytest.mark.parametrize("command", [["recompute"], ["export"], ["merge", "--out", "all", "c"]])
def test_what_needs_a_run_says_that_a_campaign_is_none(run, tmp_path, command):
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=0, missing=2)
    said = run("loadgen-analysis", *command, "c", expect=2).stderr
    assert "c is the folder of a campaign, not of a run" in said and "`loadgen analysis compare c`" in said


@pytest.mark.parametrize("kind, words", [
    ("zero", ["0       0   0.00/s     -"]),
    ("single", ["us, service time", "target       5 000       0"]),
    ("interrupted", ["ended early"]),
    ("errors", ["ms, response time", "296"]),
])
def test_odd_runs_are_told_soundly(run, folder, kind, words):
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
