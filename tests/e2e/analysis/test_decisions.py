# ctest: release truth
"""What a comparison may say, case by case: a made campaign each, and the right sentence or none.

A failure makes no cluster faster, one broken run hides no difference, too few pairs prove nothing, runs that cannot be trusted decide
nothing, and a single run claims no more than its interval carries. LOADGEN_TRUTH=full makes all the campaigns that the promise speaks of."""

import csv
import math
import random
import re

import pytest

import decision
import truth
from made_campaign import drawn, even, fail, give_up, lognormal, make_drawn_campaign

TABLE = lognormal(20, .8)
NARROW = lognormal(20, .3)
N = 1500


def ratios(*factors):
    """Pairs, or controls, whose ratios are these to a bin's width: m4 is always the same."""
    return [(even(NARROW, N), even(NARROW, N, factor)) for factor in factors]


CLEAN = (1.51, 1.49, 1.53, 1.52, 1.50, 1.52, 1.48, 1.51)
BROKEN = (1.51, 1.49, 1.53, .19, 1.50, 1.52, 1.48, 1.51)
EQUAL = (1.01, .99, 1.02, 1, .98, 1.01, 1.02, 1)


class Compared:
    """What `compare` prints of a campaign, and its compare.csv."""

    def __init__(self, run, folder, expect=0):
        self.text = run("loadgen-analysis", "compare", folder, expect=expect).stdout
        self.first = " ".join(self.text.split("\n\n")[0].split())
        with open(folder / "compare.csv", newline="", encoding="utf-8") as file:
            self.rows = {(r["metric"], r["p_ppm"]): r for r in csv.DictReader(file)}

    def row(self, p_ppm=990000, metric="service"):
        return self.rows[metric, str(p_ppm)]

    def decision(self, p_ppm=990000, metric="service"):
        return self.row(p_ppm, metric)["decision"]


@pytest.fixture(name="compare")
def fixture_compare(run, tmp_path):
    """compare(pairs, controls, expect=0, ...): a campaign folder is made and compared."""
    def make(pairs, same=(), expect=0, **settings):
        make_drawn_campaign(tmp_path / "c", pairs, same, **settings)
        return Compared(run, tmp_path / "c", expect)
    return make


def says_faster(text, name="t2"):
    """Whether a sentence or a row calls that cluster faster or its rate higher."""
    return re.search(rf"{name}[^.]*? (is|was) (?!not)[^.]*faster", text) is not None


# H1: who fails is not faster.

def test_a_cluster_that_drops_its_slow_requests_is_slower(compare):
    """The same distribution in both; t2 times out above 60 ms (mk/surv)."""
    pick = random.Random(1)
    pairs = [(drawn(pick, TABLE, N), give_up(drawn(pick, TABLE, N), 60, 1)) for _ in range(8)]
    got = compare(pairs, [(drawn(pick, TABLE, N), drawn(pick, TABLE, N)) for _ in range(2)], timeout_s=1)
    assert got.decision() == "higher" and "t2" in got.first and "slower" in got.first, got.text
    assert re.search(r"more than [78]\.\d times", got.first), "p99 of m4 is 130 ms, of t2 more than a second"
    assert re.search(r"t2[^.]* failed 8\.\d+ % of its requests", got.text), got.text
    assert not says_faster(got.text) and got.decision(500000) not in ("lower", "equivalent")


def test_a_cluster_that_answers_errors_at_once_is_not_faster(compare):
    """mk/fasterr: 503 after 0.3 ms for 32 %."""
    pick = random.Random(1)
    pairs = [(drawn(pick, TABLE, N), fail(pick, drawn(pick, TABLE, N, .7), .32, "status_5xx", .3)) for _ in range(8)]
    got = compare(pairs)
    assert got.decision() == "higher" and "slower" in got.first and got.decision(500000) not in ("lower", "equivalent"), got.text
    assert re.search(r"t2[^.]* failed 3\d\.\d+ % of its requests", got.text) and not says_faster(got.text), got.text


FAULTS = {
    "2 % resets": lambda pick, times: fail(pick, times, .02, "reset", 1),
    "5 % fast 503": lambda pick, times: fail(pick, times, .05, "status_5xx", .3),
    "8 % time-outs": lambda pick, times: give_up(times, 60, 1),
}
SHARES = {"2 % resets": .02, "5 % fast 503": .05, "8 % time-outs": .083}


@pytest.mark.parametrize("kind", FAULTS)
def test_alike_clusters_one_of_which_fails(run, tmp_path, kind):
    """However the dice fall, the one that fails is never called faster, nor equivalent; at p99 it is slower."""
    decisions = []
    for seed in range(1, truth.long_or_short(100, 15) + 1):
        pick = random.Random(seed)
        spread = lambda: math.exp(pick.gauss(0, .035))
        pairs = [(drawn(pick, TABLE, N, spread()), FAULTS[kind](pick, drawn(pick, TABLE, N, spread()))) for _ in range(8)]
        folder = tmp_path / f"c{seed}"
        make_drawn_campaign(folder, pairs, [(drawn(pick, TABLE, N, spread()), drawn(pick, TABLE, N, spread())) for _ in range(2)], timeout_s=1)
        got = Compared(run, folder)
        decisions.append(got.decision())
        assert not says_faster(got.text), got.text
        for p_ppm in (500000, 900000, 990000):
            are_apart = SHARES[kind] > (1 - p_ppm / 1e6) / 10
            assert got.decision(p_ppm) not in ("lower", *["equivalent"] * are_apart), (seed, p_ppm, got.text)
    assert decisions == ["higher"] * len(decisions), decisions


# H2: controls and single bad runs.

def check_ratio(row, value, lo, hi):
    for column, known in (("ratio", value), ("lo", lo), ("hi", hi)):
        assert float(row[column]) == pytest.approx(known, rel=.002), (column, row)


def test_a_control_that_went_wrong_hides_nothing(compare):
    """mk/aaout."""
    got = compare(ratios(*CLEAN), ratios(1.01, 2.02))
    assert got.decision() == "higher" and "t2" in got.first and "slower" in got.first, got.text
    check_ratio(got.row(), 1.5074, 1.4935, 1.5215)


def test_a_control_that_shifts_as_the_pairs_do_takes_its_part(compare):
    """mk/aabias: what is left beyond the controls still is a difference, and both ratios are printed."""
    got = compare(ratios(1.25, 1.27, 1.26, 1.24, 1.28, 1.26, 1.25, 1.27), ratios(1.12, 1.14))
    assert got.decision() == "higher" and "1.26" in got.text and re.search(r"1\.1[12]", got.text), got.text


def test_a_difference_that_the_controls_explain_is_none(compare):
    got = compare(ratios(1.14, 1.12, 1.15, 1.13, 1.11, 1.14, 1.13, 1.15), ratios(1.12, 1.14))
    assert got.decision() == "undecided" and "ndecided" in got.first and "control" in got.text.lower(), got.text
    assert "more pairs" not in got.first


def test_one_broken_run_is_named_and_hides_nothing(compare):
    """mk/broken: one run of m4 took eight times as long."""
    got = compare(ratios(*BROKEN))
    assert got.decision() == "higher" and "slower" in got.first, got.text
    check_ratio(got.row(), 1.5016, 1.4813, 1.5222)
    assert re.search(r"pair 4\b[^\n]*0\.19", got.text) and "1.51 (1.49 to 1.52)" in " ".join(got.text.split()), got.text


def some_campaign(pick):
    """Pairs and controls of some number, ratio and spread, in which one run of forty is broken."""
    ratio, spread = pick.choice([1, 1, 1.03, 1.08, 1.2, 1.5]), pick.choice([.01, .03, .1])

    def side(factor):
        return even(NARROW, N, factor * math.exp(pick.gauss(0, spread / math.sqrt(2))) * (pick.uniform(1.5, 5) if pick.random() < .025 else 1))
    return ([(side(1), side(ratio)) for _ in range(pick.randrange(4, 13))], [(side(1), side(1)) for _ in range(pick.randrange(5))])


def test_decisions_are_those_of_the_rule(run, tmp_path):
    """Against the same rule, written a second time."""
    outcomes = set()
    for seed in range(1, truth.long_or_short(300, 40) + 1):
        folder = tmp_path / f"c{seed}"
        make_drawn_campaign(folder, *some_campaign(random.Random(seed)))
        got = Compared(run, folder)
        p99_us = {(r["kind"], int(r["pair"]), r["role"]): float(r["p99_us"]) for r in truth.rows(folder, "pairs.csv")}
        d = {kind: [math.log(p99_us[kind, n, "b"] / value) for (of, n, role), value in p99_us.items() if (of, role) == (kind, "a")]
             for kind in ("ab", "aa")}
        known = decision.decide(d["ab"], d["aa"])
        outcomes.add(known.outcome)
        row = got.row()
        assert row["decision"] == known.outcome, (seed, d, known, got.text)
        for column, value in zip(("ratio", "lo", "hi", "p_raw"), known[1:]):
            assert (float(row[column]) if row[column] else None) == pytest.approx(value, rel=2e-4), (seed, column, known, row)
    assert outcomes == {"higher", "undecided", "equivalent", "description"}


# H6: runs that cannot be trusted.

@pytest.mark.parametrize("share, decides", [(0, True), (.5, False)])
def test_runs_that_are_the_generators_doing_decide_nothing(compare, share, decides):
    """mk/invalid: half of every time is loadgen's own."""
    got = compare(ratios(*CLEAN), expect=0 if decides else 4, generator_share=share)
    assert (got.decision() == "higher") == decides, got.text
    assert re.search("slower|faster", got.first) is not None if decides else "slower" not in got.text, got.text


# H8: too few pairs.

@pytest.mark.parametrize("factors", [(1.07, 1.07), (1.0, 1.001), (1.5, 1.5, 1.51, 1.49, 1.5)], ids=["mk/two", "mk/twoeq", "five"])
def test_fewer_than_six_pairs_are_a_description(compare, factors):
    got = compare(ratios(*factors))
    assert {row["decision"] for row in got.rows.values()} == {"description"}, got.text
    assert not re.search("slower|faster|equivalent|p = ", got.text), got.text
    assert not any(row["lo"] or row["hi"] for row in got.rows.values() if row["method"].startswith("paired"))


def test_a_target_that_is_slower_in_some_runs_is_not_called_equivalent(compare):
    """Three runs of eight take half as long again."""
    got = compare(ratios(1, 1.5, 1.01, .99, 1.5, 1, 1.5, 1.01))
    assert got.decision() == "undecided" and "equivalent" not in got.first.lower().replace("equivalence", ""), got.text


# H9: the p beside the claim is the claim's.

def test_equivalence_has_its_own_p_and_interval(compare):
    """mk/eqsig."""
    got = compare(ratios(*EQUAL))
    assert got.decision() == "equivalent" and "equivalent" in got.first, got.text
    assert "90 % interval -0.6 to 1.3 %" in got.first, "0.9943 to 1.0132"
    assert float(re.search(r"p = ([\d.e-]+)\)", got.first)[1]) == pytest.approx(2.018e-5, rel=.1), "of the two one-sided tests"


def test_equivalence_is_not_denied_by_a_small_but_sure_difference(compare):
    got = compare(ratios(1.02, 1.021, 1.019, 1.02, 1.022, 1.018, 1.02, 1.02))
    assert got.decision() == "equivalent" and not re.search("slower|faster", got.first), got.text


def test_secondary_rows_decide_nothing(compare):
    got = compare(ratios(*CLEAN))
    for (metric, _), row in got.rows.items():
        if metric.endswith(("_less_g", "_typical_instance")):
            assert row["decision"] in ("", "description") and not row["p_raw"] and not row["p_holm"], row


def test_undecided_has_a_reason(compare):
    got = compare(ratios(.8, 1.3, 1.5, .7, 1.1, .9, 1.4, 1.2))
    assert got.decision() == "undecided" and re.search("interval|includes 1", got.text) and "not decidable" in got.text or "more pairs" in got.text, got.text


# H12: side by side.

def report(run, folder):
    run("loadgen-analysis", "report", folder, env={"PATH": "/nonexistent"})
    return " ".join((folder / "report.html").read_text().split())


def test_side_by_side_runs_are_said_to_be_that(run, tmp_path):
    make_drawn_campaign(tmp_path / "c", ratios(*CLEAN), ratios(1, 1.01, .99, 1), side_by_side=True)
    got = Compared(run, tmp_path / "c")
    assert got.decision() == "higher" and int(got.row()["n_pairs"]) == 8
    text = report(run, tmp_path / "c")
    assert "one after the other" not in text and re.search("side by side|at the same time|together", text)


def test_an_invalid_run_of_both_clusters_counts_once(run, tmp_path):
    make_drawn_campaign(tmp_path / "c", ratios(*CLEAN), side_by_side=True, settings_of=lambda number, *_: {"generator_share": .5 if number == 1 else 0})
    got = Compared(run, tmp_path / "c", expect=(0, 4))
    assert "2 runs" not in got.text, got.text


# H14: pairs that were added until the interval was narrow.

def test_a_stopping_rule_is_told_and_pays_for_its_looks(run, tmp_path):
    widths = []
    for name, stopping in (("fixed", None), ("until", {"rule": "until_width", "width": .05, "looks_n": 3, "quantile": .97})):
        make_drawn_campaign(tmp_path / name, ratios(*CLEAN), stopping=stopping)
        row = Compared(run, tmp_path / name).row()
        widths.append(math.log(float(row["hi"]) / float(row["lo"])))
        assert ("97 %" in report(run, tmp_path / name)) == (stopping is not None)
    assert widths[1] / widths[0] == pytest.approx(decision.t_quantile(.03, 7) / decision.t_quantile(.05, 7), rel=.01)


# H16: too few samples.

def test_too_few_samples_are_the_reason(run, tmp_path):
    make_drawn_campaign(tmp_path / "c", [(even(NARROW, 200), even(NARROW, 200, 1.2))] * 8)
    got = Compared(run, tmp_path / "c")
    assert "0 pairs" not in got.text and not re.search("slower|faster|equivalent", got.first), got.text
