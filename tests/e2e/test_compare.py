"""Comparisons: the answer, how sure it is, and what it refuses to claim."""

import csv
import json
import sys

import pytest

from programs import ROOT

sys.path.insert(0, str(ROOT / "tests/data"))
import make_run  # noqa: E402


def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def result(folder, p_ppm, metric="service"):
    return next(r for r in rows(folder / "compare.csv") if r["metric"] == metric and r["p_ppm"] == str(p_ppm))


def test_a_slower_cluster_is_found_with_its_ratio(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", ratio=1.15)
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert text.startswith("t2 (cluster2) is slower than m4 (cluster1): its p50 is 1.1")
    assert "8 pairs" in text and "same cluster twice" in text and "5 instances against 4" in text
    median = result(tmp_path / "c", 500000)
    assert median["decision"] == "higher" and float(median["lo"]) < 1.16 < float(median["hi"])
    assert len(rows(tmp_path / "c/pairs.csv")) == 20


def test_equal_clusters_are_never_called_faster(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", ratio=1.0, seed=3)
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert "slower" not in text and "faster" not in text
    assert result(tmp_path / "c", 500000)["decision"] in ("equivalent", "undecided")


def test_one_run_is_a_description(run, tmp_path):
    make_run.make(str(tmp_path / "r"), "tp1")
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert text.startswith("One run per cluster: a description, no proof.")
    assert {r["decision"] for r in rows(tmp_path / "r/compare.csv")} == {"description"}
    assert {r["method"] for r in rows(tmp_path / "r/compare.csv")} == {"block_bootstrap_within_run"}


def test_a_closed_and_an_open_cluster_are_compared_by_service_time(run, tmp_path):
    m4, t2 = make_run.pair_of_clusters(1.3)
    made = make_run.Run(str(tmp_path / "r"), "both", [m4, t2], 42)
    make_run.closed_stream(made, "m4-closed", m4, [(2000, None)])
    make_run.open_stream(made, "t2-open", t2, [("steady", False, 400, None, 5)])
    made.write()
    run("loadgen-analysis", "compare", tmp_path / "r")
    assert 1.2 < float(result(tmp_path / "r", 500000)["ratio"]) < 1.4


def test_two_runs_and_sets_of_runs_are_paired_in_order(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=3, controls=0, ratio=1.3)
    one = run("loadgen-analysis", "compare", "c/pair-01-a", "c/pair-01-b").stdout
    assert "description, no proof" in one
    (tmp_path / "out").mkdir()
    sets = [part for n in (1, 2, 3) for part in ("--a", f"c/pair-0{n}-a", "--b", f"c/pair-0{n}-b")]
    run("loadgen-analysis", "compare", *sets, "--out", "out")
    run("loadgen-analysis", "compare", "c")
    assert [r["ratio"] for r in rows(tmp_path / "out/compare.csv")] == [r["ratio"] for r in rows(tmp_path / "c/compare.csv")]


def test_pairs_still_to_be_made_are_told(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=4, controls=0, missing=2)
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert "2 pairs of the campaign are still to be made" in text and "2 pairs;" in text


def test_a_campaign_that_has_not_begun_is_told(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=0, missing=2)
    assert run("loadgen-analysis", "compare", tmp_path / "c").stdout.startswith("No pair of runs is complete yet.")


@pytest.mark.parametrize("arguments, words", [
    (["r", "--a", "r"], ["not both"]),
    (["--a", "r"], ["1 runs with --a and 0 with --b"]),
    (["--a", "r", "--b", "r"], ["has 2 clusters", "--clusters A,B"]),
    (["--a", "r", "--b", "r", "--clusters", "cluster1"], ["two names"]),
    (["--a", "r", "--b", "r", "--clusters", "cluster1,nowhere"], ["sent nothing to cluster 'nowhere'"]),
    (["single"], ["one cluster only"]),
    (["nowhere"], ["cannot open run folder nowhere"]),
])
def test_wrong_questions_are_refused(run, tmp_path, arguments, words):
    make_run.make(str(tmp_path / "r"), "second")
    make_run.make(str(tmp_path / "single"), "single")
    done = run("loadgen-analysis", "compare", *arguments, expect=2)
    for word in words:
        assert word in done.stderr, done.stderr


@pytest.mark.parametrize("change, words", [
    (lambda c: c.update(schema_version=9), ["schema version"]),
    (lambda c: c.update(pairs=3), ["'pairs' must be an array"]),
    (lambda c: c["pairs"][0].pop("arm_a"), ["'pairs[0].arm_a' is missing"]),
])
def test_a_wrong_campaign_file_is_told_by_key(run, tmp_path, change, words):
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=0, missing=2)
    campaign = json.loads((tmp_path / "c/campaign.json").read_text())
    change(campaign)
    (tmp_path / "c/campaign.json").write_text(json.dumps(campaign))
    done = run("loadgen-analysis", "compare", tmp_path / "c", expect=2)
    for word in words:
        assert word in done.stderr, done.stderr
