"""Comparisons: the answer, how sure it is, and what it refuses to claim."""

import csv
import json

import pytest

import make_run
from made_load import Cluster


def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def result(folder, p_ppm, metric="service"):
    return next(r for r in rows(folder / "compare.csv") if r["metric"] == metric and r["p_ppm"] == str(p_ppm))


def test_a_slower_cluster_is_found_with_its_ratio(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", ratio=1.15)
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert text.startswith("t2 is slower than m4: its p50 is 16 % higher (95 % interval 14 to 18 %, 8 pairs, p = ")
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
    assert text.startswith("This run does not say which is faster: 5 whole seconds are too few for an interval, which takes 30. ")
    assert "One run per cluster is not proof; `loadgen campaign tp1.yaml` would tell." in text
    assert {r["decision"] for r in rows(tmp_path / "r/compare.csv")} == {"description"}
    assert {r["metric"]: r["method"] for r in rows(tmp_path / "r/compare.csv")} == {
        "service": "none_within_run", "service_less_g": "none_within_run", "rate": "none_within_run",
        "service_typical_instance": "none_within_run"}
    assert "one run gives no interval for it" in text


def test_one_run_says_where_its_clusters_are_furthest_apart(run, tmp_path):
    """Kolmogorov and Smirnov's distance, against one computed from the bins of the simulation."""
    truth = make_run.make(str(tmp_path / "r"), "tp1")
    hists = []
    for cluster in ("cluster1", "cluster2"):
        hists.append(make_run.Hist())
        for tag, part in truth.merged.items():
            if tag.startswith("service.") and f".{cluster}." in tag and tag.endswith(".ok.all"):
                hists[-1].merge(part)
    below, largest = [0, 0], (0, None)
    for index in sorted(set(hists[0].bins) | set(hists[1].bins)):
        below = [n + hist.bins.get(index, 0) for n, hist in zip(below, hists)]
        shares = [n / hist.n for n, hist in zip(below, hists)]
        largest = max(largest, (abs(shares[0] - shares[1]), f"{100 * shares[0]:.0f} % of m4 and {100 * shares[1]:.0f} % of t2"))
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert f"{largest[1]} were done by then (distance {largest[0]:.2f})" in text, text


def test_a_run_of_a_second_says_that_it_has_no_intervals(run, tmp_path):
    make_run.make(str(tmp_path / "r"), "second")
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert "no intervals: there was no whole second in which every stream sent; an interval takes 30" in " ".join(text.split())
    assert not any(r["lo"] or r["hi"] for r in rows(tmp_path / "r/compare.csv"))


def side_by_side(folder, t2_over_m4=1.3, seconds=(60, 60), rate=100, slow=None):
    """One run of both clusters at a rate; `slow` is what befalls t2 as time goes by."""
    m4, t2 = make_run.pair_of_clusters(t2_over_m4)
    made = make_run.Run(str(folder), "both", [m4, t2], 42)
    make_run.open_stream(made, "m4-open", m4, [("steady", False, rate, None, seconds[0])])
    make_run.open_stream(made, "t2-open", t2, [("steady", False, rate, None, seconds[1])], slow=slow)
    made.write()


def test_one_run_has_intervals_where_a_method_is_sound(run, tmp_path):
    side_by_side(tmp_path / "r")
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    made = rows(tmp_path / "r/compare.csv")
    for row in made:
        if row["metric"].endswith("_typical_instance"):
            assert row["ratio"] and not row["lo"] and not row["hi"]
        elif row["p_ppm"] != "999000":  # too few beyond
            assert float(row["lo"]) < float(row["ratio"]) < float(row["hi"]), row
    rate = next(row for row in made if row["metric"] == "rate")
    assert float(rate["lo"]) < 1 < float(rate["hi"]), "the same rate was asked of both"
    less = result(tmp_path / "r", 500000, "response_less_g")
    assert 1.2 < float(less["lo"]) < float(less["hi"]) < 1.4
    assert "intervals from this run's seconds, which do not show how runs differ" in text
    assert text.startswith("This run does not tell t2 and m4 apart at p99 (95 % interval of the ratio 1.00 to 1.57)")


def test_different_loads_are_no_comparison(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=6, controls=0, ratio=1.3)
    path = tmp_path / "c/pair-03-b/run.json"
    document = json.loads(path.read_text())
    document["streams"][0].update(users=2, connections=2)
    path.write_text(json.dumps(document))
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert "the loads differ, so the times do not compare:" in text
    assert "m4: closed, 1 user, 1 connection: 1 200 requests" in text and "t2: closed, 2 users, 2 connections: 1 200 requests" in text


def test_different_durations_are_told(run, tmp_path):
    side_by_side(tmp_path / "r", seconds=(8, 4))
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert "the loads differ: m4 was measured for 8.00 s and t2 for 4.00 s" in text


def test_a_run_that_changed_half_way_is_told(run, tmp_path):
    side_by_side(tmp_path / "r", seconds=(70, 70), slow=lambda t_s: 1 if t_s < 25 else 1.5)
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert "t2 was not steady: its p50 rose by" in text and "after 25.0 s" in text
    assert "m4 was not steady" not in text and "the loads differ" not in text


def with_credits(folder, balances):
    """cloudwatch.csv as `provision metrics` writes it: {time: balance} of every t2 instance."""
    instances = json.loads((folder / "run.json").read_text())["clusters"][1]["instances"]
    lines = [f"2026-11-21T22:{at}:00Z,local,AWS/EC2,CPUCreditBalance,Average,cluster2,{instance},{balance},Count,60"
             for instance in instances for at, balance in balances.items()]
    (folder / "cloudwatch.csv").write_text("ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize("balances, words", [
    (None, "t2 is as fast as its CPU credits allow, and nothing says how many it had: `loadgen provision metrics --run DIR`"),
    ({10: 60, 11: 48.5}, "t2 spent CPU credits (60 to 48.5): this is its speed while they last"),
    ({10: 12, 11: 0.2}, "t2 ran out of CPU credits (12 at the start): full speed and baseline are mixed"),
    ({10: 0, 11: 0}, "t2 had no CPU credits: this is its speed at the baseline"),
    ({10: 60, 11: 60}, None),
])
def test_cpu_credits_speak_against_a_comparison(run, tmp_path, balances, words):
    make_run.make(str(tmp_path / "r"), "second")
    if balances:
        with_credits(tmp_path / "r", balances)
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert words is None or words in text, text
    assert ("credits" in text) == (words is not None) and "m4 is as fast" not in text


def test_credits_of_some_runs_only_are_said_to_be_that(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=0)
    with_credits(tmp_path / "c/pair-01-b", {10: 60, 11: 58})
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert "the CPU credits of t2 are known for 1 of 2 runs only" in text and "t2 spent CPU credits (60 to 58)" in text


def test_a_broken_cloudwatch_file_is_told_and_costs_nothing_else(run, tmp_path):
    make_run.make(str(tmp_path / "r"), "second")
    (tmp_path / "r/cloudwatch.csv").write_text("some,columns\n1,2\n")
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    assert "the CPU credits of t2 are not known" in text and "cloudwatch.csv" in text and "ts_utc" in text


def test_fewer_than_six_pairs_are_a_description(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=3, controls=0, ratio=1.1, spread=0.1, seed=2)
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert text.startswith("3 pairs are a description and no proof; 6 are the least.")
    assert {row["decision"] for row in rows(tmp_path / "c/compare.csv")} == {"description"}
    assert {row["pairs_more_n"] for row in rows(tmp_path / "c/compare.csv")} == {"0"}


def test_a_report_of_two_pairs_has_no_interval_either(run, tmp_path):
    """It spanned nine decades, in the headline and in the figure."""
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=1, ratio=1.3, spread=.3)
    run("loadgen-analysis", "report", tmp_path / "c", expect=None)
    text = (tmp_path / "c/report.txt").read_text(encoding="utf-8")
    assert "2 pairs are a description and no proof" in text and ", 1 control pair\n" in text, text
    assert "95 % interval 0" not in text and "9.19 (" not in text
    assert not any(row["lo"] or row["hi"] for row in rows(tmp_path / "c/figures/ratio.csv"))


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
    assert one.startswith("One run of each is no proof; 6 of each, made in turns, would tell.")
    sets = [part for n in (1, 2, 3) for part in ("--a", f"c/pair-0{n}-a", "--b", f"c/pair-0{n}-b")]
    run("loadgen-analysis", "compare", *sets, "--out", "out/new")
    run("loadgen-analysis", "compare", "c")
    assert [r["ratio"] for r in rows(tmp_path / "out/new/compare.csv")] == [r["ratio"] for r in rows(tmp_path / "c/compare.csv")]


def test_runs_of_one_url_are_named_by_their_folders(run, tmp_path):
    sets = []
    for n in range(1, 7):
        for option, name, ms in (("--a", "old", 10), ("--b", "new", 15)):
            target = Cluster("target", "target", "", "", 1, ms, .2, 1, 1)
            made = make_run.Run(str(tmp_path / f"{name}-{n}"), "quick", [target], 10 * n + len(name) + ms)
            make_run.closed_stream(made, "quick", target, [(1200, None)])
            made.started_s += 100 * n + ms
            made.write()
            sets += [option, f"{name}-{n}"]
    text = run("loadgen-analysis", "compare", *sets).stdout
    assert text.startswith("new is slower than old: its p99 is "), text
    failed = run("loadgen-analysis", "compare", *sets, "--fail-if", "p99 > +20%", expect=3).stdout
    assert "  fail-if            p99 > +20%: failed: +" in failed, failed
    assert "p99 > +90%: passed: +" in run("loadgen-analysis", "compare", *sets, "--fail-if", "p99 > +90%").stdout
    text = run("loadgen-analysis", "compare", "old-1", "new-1").stdout
    assert "The p99 of new-1 was " in text and "that of old-1" in text, text


def test_pairs_still_to_be_made_are_told(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=4, controls=0, missing=2)
    text = run("loadgen-analysis", "compare", tmp_path / "c").stdout
    assert "2 pairs of the campaign are still to be made" in text and text.startswith("2 pairs are a description")


def test_a_campaign_that_has_not_begun_is_told(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=2, controls=0, missing=2)
    assert run("loadgen-analysis", "compare", tmp_path / "c").stdout.startswith("No pair of runs is complete yet.")


@pytest.mark.parametrize("arguments, words", [
    (["r", "--a", "r"], ["not both"]),
    (["--a", "r"], ["1 runs with --a and 0 with --b"]),
    (["--a", "r", "--b", "r"], ["are the same run", "--clusters A,B"]),
    (["r", "single"], ["has 2 clusters", "--clusters A,B"]),
    (["--a", "r", "--b", "r", "--clusters", "cluster1"], ["two names"]),
    (["--a", "r", "--b", "r", "--a", "./r", "--b", "r", "--clusters", "cluster1,cluster2"], ["r and ./r are the same run", "counts once"]),
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
