# ctest: release
"""The promise of `compare --fail-if` to a CI job, against a server with known delays: a regression of 20 % in p99 between two series of
six runs fails the build, and of twenty pairs of series of one build none does.

Each run asks for a thousand delays in random order, the quantiles of one distribution times the run's own level, so the p99 of the
server is known, and how runs differ as well: the log ratio of two runs of one build has a standard deviation of 4 %, as on a busy
machine, and 2 % where a regression is to be found. `p99 > +10%` is then found proven by mistake in fewer than 1 of 1000 pairs of series
(test_the_gate_is_as_sure_as_it_is_said_to_be), and the levels are drawn from a fixed seed, so that only the machine itself adds
chance."""

import json
import math
import random
from concurrent.futures import ThreadPoolExecutor
from statistics import NormalDist, fmean, stdev

import decision

N_REQUESTS, N_RUNS, N_PAIRS_OF_SERIES, AT_ONCE = 1000, 6, 20, 12
MEDIAN_MS, SIGMA, SLOWER = 20, .7, 1.2
PAIR_SPREAD = .04  # of the log ratio of two runs of one build

SCENARIO = """
name: {name}
target: {url}
streams:
  - name: one
    users: 40
    feed: {name}.csv
    request: {{ path: "/cluster1?delay_ms={{csv:ms}}" }}
    phases: [ {{ requests: {n} }} ]
"""


def delays_ms(factor):
    """Quantiles of a lognormal distribution, whose p99 is 102 ms."""
    quantile = NormalDist().inv_cdf
    return [round(factor * MEDIAN_MS * math.exp(SIGMA * quantile((i + .5) / N_REQUESTS))) for i in range(N_REQUESTS)]


def write_run(folder, name, url, factor, spread, pick):
    """The scenario of one run of a build that answers so many times as slowly."""
    rows = delays_ms(factor * math.exp(pick.gauss(0, spread / math.sqrt(2))))
    pick.shuffle(rows)
    (folder / f"{name}.csv").write_text("ms\n" + "".join(f"{ms}\n" for ms in rows))
    (folder / f"{name}.yaml").write_text(SCENARIO.format(name=name, url=url, n=N_REQUESTS))


def make_series(run, folder, url, builds, spread, seed):
    """Series of runs, in turns; `builds` are their names and how slow they are."""
    pick = random.Random(seed)
    runs = [(f"{build}-{i}", f"{build}/{i}", factor) for i in range(1, N_RUNS + 1) for build, factor in builds]
    for name, _, factor in runs:
        write_run(folder, name, url, factor, spread, pick)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda one: run("loadgen", "run", f"{one[0]}.yaml", "-o", one[1], "--progress", "none"), runs))


def gate(run, base, new, *arguments):
    done = run("loadgen-analysis", "compare", base, new, "--fail-if", "p99 > +10%", "--json", *arguments, expect=None)
    return done.returncode, json.loads(done.stdout)["gates"][0]


def test_a_regression_of_20_percent_fails_the_build(run, emulator, tmp_path, urgent):
    make_series(run, tmp_path, emulator("--vcpus", 8).url, [("base", 1), ("new", SLOWER)], PAIR_SPREAD / 2, 1)
    code, found = gate(run, "base", "new")
    print(found["words"])
    assert code == 3 and found["result"] == "failed", found
    assert abs(found["change"] - 20) < 5, found


def test_no_equal_build_fails(run, emulator, tmp_path, urgent):
    url = emulator("--vcpus", 8).url
    numbers = range(N_PAIRS_OF_SERIES)
    make_series(run, tmp_path, url, [(f"{name}-{k}", 1) for k in numbers for name in ("base", "new")], PAIR_SPREAD, 2)
    ends = [gate(run, f"base-{k}", f"new-{k}") for k in numbers]
    print([found["words"] for _, found in ends])
    assert not [found for code, found in ends if code == 3]
    assert sum(found["result"] == "passed" for _, found in ends) >= N_PAIRS_OF_SERIES / 2, "a gate that never knows would not fail either"


def share_proven(ratio, spread, n, pick):
    """How often `p99 > +10%` is proven by so many pairs of series whose true ratio is that."""
    critical = decision.t_quantile(.05, N_RUNS - 1) / math.sqrt(N_RUNS)
    proven_n = 0
    for _ in range(n):
        d = [pick.gauss(math.log(ratio), spread) for _ in range(N_RUNS)]
        proven_n += fmean(d) - critical * stdev(d) > math.log(1.1)
    return proven_n / n


def test_the_gate_is_as_sure_as_it_is_said_to_be():
    pick = random.Random(7)
    for ratio, spread, least, most in ((1, PAIR_SPREAD, 0, .001), (1, .1, 0, .01), (1.1, PAIR_SPREAD, .015, .035), (SLOWER, PAIR_SPREAD, .96, 1), (SLOWER, PAIR_SPREAD / 2, .995, 1)):
        share = share_proven(ratio, spread, 4000, pick)
        assert least <= share <= most, (ratio, spread, share)
