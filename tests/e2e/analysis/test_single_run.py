"""What one run may claim of itself: a direction between its clusters, that its times changed, how even its instances answered."""

import math
import random
import re

import pytest

from made_load import Cluster, closed_stream, open_stream
from made_run import Run

WITHOUT_GNUPLOT = {"PATH": "/nonexistent"}
RATE, SECONDS = 40, 60


def alike(label, number, instances=1):
    return Cluster(f"cluster{number}", label, None, None, instances, 20, .3, 1e-9, number)


def two_clusters(folder, seed, seconds=SECONDS, slow=None, gives_up_ms=None, rate=RATE):
    """Both the same, but for `slow` of t2, a factor by the second, and where t2 gives up."""
    m4, t2 = alike("m4", 1), alike("t2", 2)
    run = Run(str(folder), "both", [m4, t2], seed, emulated=False)
    for cluster in (m4, t2):
        open_stream(run, f"{cluster.label}-open", cluster, [("steady", False, rate, None, seconds)], slow=slow if cluster is t2 else None)
    if gives_up_ms:
        drop_slow_ones(run, "t2", gives_up_ms)
    run.write()


def drop_slow_ones(run, label, limit_ms):
    """Requests of that cluster that would take longer time out after a second instead."""
    for stream in run.streams:
        stream["timeout_s"] = 1.0
    for request in run.requests:
        if request.stream.startswith(label) and request.done - request.sent > limit_ms * 1e6:
            request.done, request.outcome, request.instance = request.sent + 10**9, "timeout", ""


def report(run, folder):
    run("loadgen-analysis", "report", folder, env=WITHOUT_GNUPLOT)
    return " ".join((folder / "report.txt").read_text().split())


DIRECTION = "faster|slower|times as long|lower|higher|longer|shorter"


def test_alike_clusters_get_no_direction(run, tmp_path):
    """H3. Of twenty such runs one may be unlucky."""
    claims = []
    for seed in range(1, 7):
        two_clusters(tmp_path / f"r{seed}", seed)
        first = report(run, tmp_path / f"r{seed}").split(". ")[0]
        claims += [first] if re.search(DIRECTION, first) else []
    assert len(claims) <= 1, claims


def test_clusters_that_differ_get_one(run, tmp_path):
    two_clusters(tmp_path / "r", 1, slow=lambda _: 1.4)
    text = report(run, tmp_path / "r")
    assert re.search(DIRECTION, text[:300]), text[:300]
    lo, hi = map(float, re.search(r"interval (\S+) to ([\d.]+)\)", text).groups())
    assert 1.1 < lo < 1.4 < hi < 1.8, text[:300]


def test_a_short_run_has_no_interval_and_no_direction(run, tmp_path):
    two_clusters(tmp_path / "r", 1, seconds=12, rate=200, slow=lambda _: 1.4)
    text = report(run, tmp_path / "r")
    assert text.startswith("This run does not say which is faster: 12 whole seconds are too few") and not re.search(DIRECTION, text.split("medians")[0].replace("say which is faster", "")), text[:400]


def test_a_cluster_that_drops_its_slow_requests_is_not_faster(run, tmp_path):
    """H1: 8 % of t2 time out. Its p90 is what it was, its p99 is no time."""
    two_clusters(tmp_path / "r", 1, gives_up_ms=31)
    check_that_failures_count(report(run, tmp_path / "r"))


def test_a_comparison_of_a_run_counts_failures(run, tmp_path):
    two_clusters(tmp_path / "r", 1, gives_up_ms=31)
    check_that_failures_count(run("loadgen-analysis", "compare", tmp_path / "r").stdout)


def check_that_failures_count(text):
    assert not re.search(r"t2[^.]*(was|is) faster|0\.\d+ times", text), text[:600]
    assert re.search("> ?1.00 s", text) and re.search(r"\b6\.\d+ %", text), text[:1500]


# H11

def autocorrelated(phi, sd, seed):
    """A factor by the second: AR(1) of that spread."""
    pick, effects = random.Random(seed), [0.0]
    for _ in range(200):
        effects.append(phi * effects[-1] + sd * math.sqrt(1 - phi * phi) * pick.gauss(0, 1))
    return lambda t_s: math.exp(effects[int(t_s)])


CHANGED = "not steady|changed|rose by|fell by"


@pytest.mark.parametrize("phi", [0, .5, .8])
def test_steady_times_are_not_said_to_change(run, tmp_path, phi):
    for seed in range(1, 4):
        two_clusters(tmp_path / f"r{seed}", seed, seconds=90, slow=autocorrelated(phi, .06, seed))
        text = run("loadgen-analysis", "compare", tmp_path / f"r{seed}").stdout
        assert not re.search(CHANGED, text), text


def test_times_that_change_are_said_to(run, tmp_path):
    two_clusters(tmp_path / "r", 1, seconds=90, slow=lambda t_s: 1 if t_s < 50 else 1.5)
    text = run("loadgen-analysis", "compare", tmp_path / "r").stdout
    lines = [line for line in text.splitlines() if re.search(CHANGED, line)]
    assert lines and "t2" in lines[0] and "m4" not in lines[0], text


# H10

@pytest.mark.parametrize("counts, is_even", [
    ((10, 10), False), ((15, 15), False), ((100, 100, 99), False), ((100, 100, 100, 100), True), ((4, 4), False)])
def test_even_counts_are_only_remarkable_where_chance_would_not_make_them(run, tmp_path, counts, is_even):
    """The probabilities of so small a range are .18, .14, .0028, .00013; of four answers each nothing is said."""
    cluster = alike("m4", 1, len(counts))
    made = Run(str(tmp_path / "r"), "even", [cluster], 1)
    closed_stream(made, "m4-run", cluster, [(sum(counts), None)])
    instances = [name for name, n in zip(cluster.instances, counts) for _ in range(n)]
    random.Random(1).shuffle(instances)
    for request, instance in zip(made.requests, instances):
        request.instance = instance
    made.write()
    run("loadgen-analysis", "recompute", tmp_path / "r")
    for text in (run("loadgen-analysis", "summary", tmp_path / "r").stdout, report(run, tmp_path / "r")):
        assert (re.search("even as round robin|exactly even", text) is not None) == is_even, text
        assert not re.search("hardly share|p < 0.001", text) or is_even, text


# H15

def test_a_run_of_twenty_one_requests_has_a_report(run, tmp_path):
    cluster = alike("m4", 1)
    made = Run(str(tmp_path / "r"), "short", [cluster], 1)
    closed_stream(made, "m4-run", cluster, [(21, None)])
    made.write()
    done = run("loadgen-analysis", "report", tmp_path / "r")
    assert "gnuplot" not in done.stderr and (tmp_path / "r/report.html").exists()
