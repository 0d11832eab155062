# ctest: release
"""`loadgen campaign`: what it plans, that it does so, and that it resumes after an interrupt."""

import json
import signal

import pytest

from programs import wait_until
from run_folder import RunFolder, check_whole

SCENARIO = """
name: tiny
target: deployment
streams:
  - { name: one, cluster: cluster1, users: 2, request: { path: /cluster1 }, phases: [ { requests: 60 } ] }
  - { name: two, cluster: cluster2, users: 2, request: { path: /cluster2 }, phases: [ { requests: 60 } ] }
"""


MAY_BE_INVALID = (0, 4)  # on a busy machine times may be loadgen's own doing


@pytest.fixture(name="campaign")
def fixture_campaign(tmp_path, lab):
    """Words of a command line for a campaign in tmp_path/campaign."""
    up = lab("m4x4-t2x5")
    path = tmp_path / "tiny.yaml"
    path.write_text(SCENARIO)
    return ["loadgen", "campaign", path, "--deployment", up.path, "--gap", "0s", "--progress", "none", "--out", tmp_path / "campaign"]


def plan_of(folder):
    return json.loads((folder / "campaign.json").read_text())


def order(plan):
    return [(pair["kind"], pair["order"]) for pair in plan["pairs"]]


def runs_of(plan):
    """(folder, cluster, seed) of every run, in the order of the pairs."""
    for pair in plan["pairs"]:
        for role in ("a", "b"):
            yield pair["runs"][role], pair["arm_" + role], pair["seed"]


def stamps(folder):
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/run.json") if not path.parent.is_symlink()}


def test_pairs_are_planned_run_and_recorded(run, campaign, tmp_path):
    folder = tmp_path / "campaign"
    done = run(*campaign, "--pairs", 2, "--aa", 1, "--seed", 11, expect=MAY_BE_INVALID)
    assert "  6 runs without a gap; the first shows how long\n" in done.stderr
    assert "  2 pairs and 1 control pair, seed 11\n" in done.stderr and "fewer than 2 control pairs: " in done.stderr
    assert "fewer than 6 pairs: the result will be a description" in done.stderr
    assert done.stderr.count("  done   about ") == 5 and " to go\n" in done.stderr, "none is left after the last"
    assert done.stdout.endswith(f"  results      {folder}     next: loadgen analysis report {folder}\n")
    plan = plan_of(folder)
    assert (plan["schema_version"], plan["seed"], plan["primary"], plan["margin"], plan["side_by_side"]) == (1, 11, "p99", 0.05, False)
    assert plan["arms"] == ["cluster1", "cluster2"] and plan["scenario"].endswith("tiny.yaml")
    assert plan["stopping"] == {"rule": "fixed"} and {"--pairs=2", "--aa=1", "--gap=0s"} <= set(plan["options"])
    assert sorted(order(plan)) == [("aa", "AA"), ("ab", "AB"), ("ab", "BA")], "as many of either order"
    assert {pair["pair"] for pair in plan["pairs"] if pair["kind"] == "ab"} == {1, 2}
    started = []
    for name, cluster, seed in runs_of(plan):
        made = RunFolder(folder / name)
        check_whole(made)
        assert made.run["end"] == "done" and made.totals["ok_n"] == 60 and made.run["seed"] == seed
        assert {stream["cluster"] for stream in made.run["stream_totals"]} == {cluster}
        assert made.run["argv"][:2] == ["loadgen", "campaign"] and {"--pairs=2", "--aa=1", "--seed=11", "--gap=0s"} <= set(made.run["argv"])
        started.append((made.run["t0_realtime_ns"], name))
    wanted = [pair["runs"][role] for pair in plan["pairs"] for role in ("ba" if pair["order"] == "BA" else "ab")]
    assert [name for _, name in sorted(started)] == wanted, "in the order that was drawn"
    assert {pair["arm_a"] for pair in plan["pairs"]} == {"cluster1"}
    assert {(pair["kind"], pair["arm_b"]) for pair in plan["pairs"]} == {("ab", "cluster2"), ("aa", "cluster1")}


def test_side_by_side_pairs_and_controls_are_one_run_of_both_arms(run, campaign, tmp_path):
    """A control sends the load of a pair, all of it to the first cluster."""
    run(*campaign, "--pairs", 2, "--aa", 2, "--side-by-side", "--seed", 1, expect=MAY_BE_INVALID)
    plan = plan_of(tmp_path / "campaign")
    assert plan["side_by_side"] is True and {pair["order"] for pair in plan["pairs"]} == {"side"}
    assert sorted(pair["kind"] for pair in plan["pairs"]) == ["aa", "aa", "ab", "ab"]
    for pair in plan["pairs"]:
        second = "cluster2" if pair["kind"] == "ab" else "cluster1-again"
        assert pair["runs"]["a"] == pair["runs"]["b"] and (pair["arm_a"], pair["arm_b"]) == ("cluster1", second)
        made = RunFolder(tmp_path / "campaign" / pair["runs"]["a"])
        check_whole(made)
        assert {stream["cluster"]: stream["ok_n"] for stream in made.run["stream_totals"]} == {"cluster1": 60, second: 60}
        paths = {stream["name"]: stream["path"] for stream in made.run["streams"]}
        assert paths == ({"one": "/cluster1", "two": "/cluster2"} if pair["kind"] == "ab" else {"one": "/cluster1", "one-again": "/cluster1"})


def test_a_dry_run_sends_and_creates_nothing(run, campaign, tmp_path):
    done = run(*campaign, "--dry-run")
    assert "8 pairs and 4 control pairs" in done.stderr and "  24 runs without a gap" in done.stderr
    assert not (tmp_path / "campaign").exists()


def test_looks_at_the_width_are_counted_and_pairs_that_give_no_interval_end_it(run, campaign, tmp_path):
    words = [*campaign, "--aa", 0, "--until-width", "99%", "--primary"]
    run(*words, "p50", expect=MAY_BE_INVALID)
    plan = plan_of(tmp_path / "campaign")
    assert plan["stopping"] == {"rule": "until_width", "width": 0.99, "looks_n": 1, "quantile": 0.97} and len(plan["pairs"]) == 8
    words[words.index(tmp_path / "campaign")] = tmp_path / "other"
    assert "8 pairs give no interval" in run(*words, "p99", expect=MAY_BE_INVALID).stderr, "60 requests are too few"
    assert plan_of(tmp_path / "other")["stopping"]["looks_n"] == 1


def test_an_interrupted_campaign_goes_on_where_it_was(programs, run, campaign, tmp_path):
    folder = tmp_path / "campaign"
    running = programs.start(*campaign, "--gap", "700ms", "--pairs", 3, "--aa", 1, "--seed", 3)
    wait_until(lambda: running.stderr.count("  done") >= 3 or running.process.poll() is not None, "three runs")
    assert "is still running" in run("loadgen", "campaign", "--resume", folder, expect=2).stderr
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130, running.stderr
    assert f"--resume {folder}" in running.stderr
    planned, before = plan_of(folder), stamps(folder)
    complete = {name for name in before if RunFolder(folder / name).run["end"] == "done"}
    assert 3 <= len(complete) < 8

    scenario = campaign[2]
    scenario.write_text(SCENARIO.replace("60", "61"))
    assert "has changed since the campaign began" in run("loadgen", "campaign", "--resume", folder, expect=2).stderr
    scenario.write_text(SCENARIO)
    done = run("loadgen", "campaign", "--resume", folder, expect=MAY_BE_INVALID)
    assert f"  {8 - len(complete)} runs of 8 left with a gap of 700 ms" in done.stderr, "its options are remembered"
    after = stamps(folder)
    assert plan_of(folder) == planned
    assert {name: after[name] for name in complete} == {name: before[name] for name in complete}, "whole runs are not made again"
    assert set(after) == {name for name, _, _ in runs_of(planned)}
    for name in after:
        assert RunFolder(folder / name).run["end"] == "done" and RunFolder(folder / name).totals["ok_n"] == 60


def test_the_order_follows_from_the_seed(run, campaign, tmp_path):
    drawn = []
    for i, seed in enumerate((5, 5, 6, 7, 8)):
        argv = [tmp_path / f"campaign-{i}" if word == tmp_path / "campaign" else word for word in campaign]
        argv[argv.index(tmp_path / "tiny.yaml")] = tmp_path / "few.yaml"
        (tmp_path / "few.yaml").write_text(SCENARIO.replace("requests: 60", "requests: 1"))
        run(*argv, "--pairs", 4, "--aa", 1, "--seed", seed, expect=MAY_BE_INVALID)
        drawn.append(order(plan_of(tmp_path / f"campaign-{i}")))
    assert drawn[0] == drawn[1]
    assert len({tuple(d) for d in drawn}) > 2
    assert all(d.count(("ab", "AB")) == d.count(("ab", "BA")) == 2 for d in drawn)
