"""The gate of `compare --fail-if`: what it makes of runs and series, how it ends, and the forms of its output."""

import csv
import json
import math
import random
import shutil
import xml.etree.ElementTree as ElementTree

import pytest

import make_run
from made_campaign import DrawnRun, drawn, even, fail, lognormal
from made_load import Cluster
from programs import ROOT

TABLE = lognormal(20, .3)
N = 1500


def target(name="target"):
    return Cluster(name, name, "", "", 1, 1, 0, 0, 0)


def make_series(folder, answers, started_s=0):
    """A run per item, begun one after the other."""
    folder.mkdir()
    for i, times in enumerate(answers):
        made = DrawnRun(str(folder / f"{i + 1}"), [target()], {"target": times}, 1)
        made.started_s += started_s + 20 * i
        made.fields["run_id"] = f"{folder.name}-{i + 1}"
        made.write()


def ratios(*factors):
    return [even(TABLE, N, factor) for factor in factors]


SAME = (1, 1.01, .99, 1.02, .98, 1)
SLOWER = (1.21, 1.19, 1.22, 1.18, 1.20, 1.20)


@pytest.fixture(name="compare")
def fixture_compare(run, tmp_path):
    """compare(base, new, gates, expect=0): two series of drawn answers, compared."""
    def make(base, new, *arguments, expect=0):
        make_series(tmp_path / "base", base)
        make_series(tmp_path / "new", new, started_s=10)
        return run("loadgen-analysis", "compare", "base", "new", *arguments, expect=expect)
    return make


def line_of(done, gate):
    return next(line for line in done.stdout.splitlines() if gate in line)


def test_a_regression_of_20_percent_fails(compare):
    done = compare(ratios(*SAME), ratios(*SLOWER), "--fail-if", "p99 > +10%", expect=3)
    assert done.stdout.startswith("new is slower than base: its p99 is 20 % higher"), done.stdout
    assert "fail-if            p99 > +10%: failed: +20 % (95 % interval +17 to +23, 6 pairs)" in done.stdout, done.stdout


def test_none_passes(compare):
    done = compare(ratios(*SAME), ratios(*reversed(SAME)), "--fail-if", "p99 > +10%", "--fail-undecided")
    assert "p99 > +10%: passed: " in line_of(done, "fail-if"), done.stdout


def test_what_cannot_be_told_passes_unless_it_is_to_fail(compare, run):
    done = compare(ratios(*SAME), ratios(1, 1.4, .8, 1.3, .9, 1.2), "--fail-if", "p99 > +10%")
    assert "undecided, which passes: " in line_of(done, "fail-if")
    assert "more runs" in line_of(done, "fail-if")
    done = run("loadgen-analysis", "compare", "base", "new", "--fail-if", "p99 > +10%", "--fail-undecided", expect=3)
    assert "undecided, which fails here: " in line_of(done, "fail-if")


def test_two_runs_prove_nothing_and_say_what_would(compare, run):
    compare(ratios(*SAME), ratios(*SLOWER))
    done = run("loadgen-analysis", "compare", "base/1", "new/1", "--fail-if", "p99 > +10%")
    assert "1 pair of runs proves nothing (+21 % in it); it takes 5 more runs of each" in line_of(done, "fail-if"), done.stdout
    run("loadgen-analysis", "compare", "base/1", "new/1", "--fail-if", "p99 > +10%", "--fail-undecided", expect=3)


def test_below_six_pairs_there_is_no_interval(compare):
    """With two pairs it would span nine decades."""
    done = compare(ratios(1, 1.2), ratios(2, 1.1), "--json")
    percentile = json.loads(done.stdout)["percentiles"]["p99"]
    assert percentile["ratio"] > 1 and percentile["lo"] is None and percentile["hi"] is None and percentile["p"] is None


def test_failed_shares_are_judged_by_runs_and_not_by_requests(compare, run, tmp_path):
    pick = random.Random(5)
    alike = [drawn(pick, TABLE, N) for _ in range(6)]
    some = [fail(pick, drawn(pick, TABLE, N), .02, "reset", 1) for _ in range(6)]
    done = compare(alike, some, "--fail-if", "failed > +0.1%", expect=3)
    assert "failed > +0.1%: failed: +" in line_of(done, "fail-if") and "points" in line_of(done, "fail-if")
    make_series(tmp_path / "once", alike[:5] + [fail(pick, alike[5], .2, "reset", 1)], started_s=10)
    done = run("loadgen-analysis", "compare", "base", "once", "--fail-if", "failed > +0.1%")
    assert "undecided" in line_of(done, "fail-if"), "one bad run of six is no proof"


def test_a_target_that_answers_nothing_fails_every_gate(compare):
    dead = [{"reset": [10**6] * N}] * 6
    done = compare(ratios(*SAME), dead, "--fail-if", "p99 > +10%", "--fail-if", "rate < -5%", "--fail-if", "failed > +0.1%", "--json", expect=3)
    assert [gate["result"] for gate in json.loads(done.stdout)["gates"]] == ["failed"] * 3, done.stdout


def test_what_loadgen_did_itself_is_no_verdict(run, tmp_path):
    for name, factor, share in (("base", 1, 0), ("new", 1.5, .5)):
        (tmp_path / name).mkdir()
        for i in range(6):
            made = DrawnRun(str(tmp_path / name / str(i)), [target()], {"target": even(TABLE, N, factor)}, 1, generator_share=share)
            made.started_s += 20 * i + (name == "new")
            made.write()
    done = run("loadgen-analysis", "compare", "base", "new", "--fail-if", "p99 > +10%", expect=4)
    assert "invalid: in 6 of 6 runs of new the p99 may be loadgen's own doing" in done.stdout, done.stdout


def test_series_of_unequal_length_are_paired_as_far_as_they_go(run, tmp_path):
    make_series(tmp_path / "base", ratios(*SAME))
    make_series(tmp_path / "new", ratios(*SLOWER, 1.2, 1.21), started_s=10)
    done = run("loadgen-analysis", "compare", "base", "new", "--fail-if", "p99 > +10%", expect=3)
    assert "left out           the last 2 runs of new, for which base has none" in done.stdout, done.stdout
    assert "6 pairs" in done.stdout


def test_series_that_were_not_interleaved_are_said_to_be_that(run, tmp_path):
    make_series(tmp_path / "base", ratios(*SAME))
    make_series(tmp_path / "new", ratios(*SAME), started_s=1000)
    text = run("loadgen-analysis", "compare", "base", "new").stdout
    assert "all runs of base came before those of new: what else changed in between counts as well" in text, text
    make_series(tmp_path / "between", ratios(*SAME), started_s=10)
    assert "came before" not in run("loadgen-analysis", "compare", "base", "between").stdout


def test_runs_of_different_machines_are_said_to_be_that(run, tmp_path):
    make_series(tmp_path / "base", ratios(*SAME))
    make_series(tmp_path / "new", ratios(*SAME), started_s=10)
    path = tmp_path / "new/3/run.json"
    document = json.loads(path.read_text())
    assert "different machines" not in run("loadgen-analysis", "compare", "base", "new").stdout
    document["host"].update(cpu="Other CPU", cpus=64)
    path.write_text(json.dumps(document))
    assert "the runs were made on different machines: " in run("loadgen-analysis", "compare", "base", "new").stdout
    assert "and Other CPU, 64 CPUs" in run("loadgen-analysis", "compare", "base", "new").stdout


def test_a_copied_run_counts_once(run, tmp_path):
    make_series(tmp_path / "base", ratios(*SAME))
    make_series(tmp_path / "new", ratios(*SAME), started_s=10)
    shutil.copytree(tmp_path / "new/1", tmp_path / "new/7")
    stderr = run("loadgen-analysis", "compare", "base", "new", expect=2).stderr
    assert "new/1 and new/7 are the same run (new-1)" in stderr, stderr


def test_of_three_clusters_two_must_be_chosen(run, tmp_path):
    made = make_run.Run(str(tmp_path / "r"), "three", [Cluster(f"c{i}", f"kind{i}", "", "", 1, 10 * i, .2, 1, 1) for i in (1, 2, 3)], 42)
    for cluster in made.clusters:
        make_run.closed_stream(made, f"{cluster.name}-run", cluster, [(1200, None)])
    made.write()
    stderr = run("loadgen-analysis", "compare", "r", expect=2).stderr
    assert "r has 3 clusters; choose two of them, such as --clusters c1,c2" in stderr, stderr
    text = run("loadgen-analysis", "compare", "r", "--clusters", "c1,c3").stdout
    assert "kind1" in text and "kind3" in text and "kind2" not in text, text
    run("loadgen-analysis", "figures", "r", expect=None)


def test_clusters_of_a_series_are_compared_side_by_side(run, tmp_path):
    (tmp_path / "s").mkdir()
    for i, factor in enumerate(SLOWER):
        made = DrawnRun(str(tmp_path / "s" / str(i)), [target("one"), target("two")], {"one": even(TABLE, N), "two": even(TABLE, N, factor)}, 1)
        made.started_s += 20 * i
        made.write()
    assert "series of runs" in run("loadgen-analysis", "compare", "s", expect=2).stderr
    done = run("loadgen-analysis", "compare", "s", "--clusters", "one,two", "--fail-if", "p99 > +10%", expect=3)
    assert done.stdout.startswith("two is slower than one: its p99 is 20 % higher"), done.stdout


def test_the_folder_of_the_output_is_made(compare, tmp_path):
    compare(ratios(*SAME), ratios(*SLOWER), "-o", "a/b/c")
    with open(tmp_path / "a/b/c/compare.csv", newline="", encoding="utf-8") as f:
        assert {row["n_pairs"] for row in csv.DictReader(f)} >= {"6"}


def test_junit_is_what_a_server_of_ci_reads(compare):
    done = compare(ratios(*SAME), ratios(*SLOWER), "--fail-if", "p99 > +10%", "--fail-if", "failed > +1%", "--format", "junit", expect=3)
    suite = ElementTree.fromstring(done.stdout)
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert cases["p99 > +10%"].find("failure") is not None and cases["failed > +1%"].find("failure") is None
    assert "new is slower than base" in done.stdout
    assert "p99 > +10%: failed: +20 %" in done.stderr, "a log shows why the step failed"


def test_the_forms_are_written_to_files_beside_the_text(compare, tmp_path):
    arguments = ["--fail-if", "p99 > +10%", "--junit", "gate.xml", "--markdown", "gate.md"]
    assert compare(ratios(*SAME), ratios(*SLOWER), *arguments, expect=3).stdout.startswith("new is slower than base")
    assert ElementTree.parse(tmp_path / "gate.xml").getroot() is not None
    assert (tmp_path / "gate.md").read_text(encoding="utf-8").startswith("**new is slower")


def test_markdown_is_a_comment(compare):
    text = compare(ratios(*SAME), ratios(*SLOWER), "--fail-if", "p99 > +10%", "--format", "markdown", expect=3).stdout
    lines = text.splitlines()
    assert lines[0].startswith("**new is slower than base: its p99 is 20 % higher") and lines[0].endswith("**")
    assert any(line.startswith("- `p99 > +10%` failed: +20 %") for line in lines), text
    assert "<details>" in text and any(line.startswith("| p99 ") for line in lines), text


SCHEMA = json.loads((ROOT / "docs/schema/comparison.schema.json").read_text(encoding="utf-8"))


def valid(text):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    return document


def test_json_is_as_its_schema_says(compare, run, tmp_path):
    found = valid(compare(ratios(*SAME), ratios(*SLOWER), "--fail-if", "p99 > +10%", "--fail-if", "rate < -5%", "--json", expect=3).stdout)
    assert (found["a"]["name"], found["b"]["name"], found["kind"], found["exit_code"]) == ("base", "new", "runs", 3)
    assert math.isclose(found["percentiles"]["p99"]["ratio"], 1.2, rel_tol=.01) and found["percentiles"]["p99"]["decision"] == "higher"
    assert found["percentiles"]["p99.9"]["a"]["state"] is None
    assert [(gate["metric"], gate["limit"], gate["unit"]) for gate in found["gates"]] == [("p99", 10, "percent"), ("rate", -5, "percent")]
    assert len(found["pairs"]) == 6 and found["pairs"][0]["a"]["run_id"] == "base-1"
    make_run.make_campaign(tmp_path / "campaign", ratio=1.15)
    found = valid(run("loadgen-analysis", "compare", "campaign", "--json").stdout)
    assert (found["kind"], found["pairs_n"], found["controls_n"], found["gates"]) == ("campaign", 8, 2, [])
    make_run.make(str(tmp_path / "one"), "tp1")
    found = valid(run("loadgen-analysis", "compare", "one", "--format", "json", "--fail-if", "p99 > +10%").stdout)
    assert found["kind"] == "clusters" and found["gates"][0]["words"].startswith("undecided, which passes: one run proves nothing")
    make_run.make_campaign(tmp_path / "empty", pairs=2, controls=0, missing=2)
    found = valid(run("loadgen-analysis", "compare", "empty", "--json", "--fail-if", "p99 > +10%").stdout)
    assert found["a"] is None and found["pairs_missing_n"] == 2
    make_series(tmp_path / "dead", [{"timeout": [10**8] * N}] * 6, started_s=10)
    found = valid(run("loadgen-analysis", "compare", "base", "dead", "--json", "--fail-if", "failed > +1%", expect=3).stdout)
    assert found["percentiles"]["p99"]["b"]["state"] == "failed" and found["rate"]["b"]["value_per_s"] in (0, None)
