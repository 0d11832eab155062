# ctest: serial release truth long
"""The same server twice: campaigns of eight pairs whose true ratio is 1 (GT17 of the method)."""

import pytest

from truth import make_run, note, rows

N_CAMPAIGNS, COVER_LEAST = 20, 16  # of twenty 95 % intervals fewer than sixteen cover the truth in 0.3 % of such experiments

SCENARIO = """
name: same
target: {url}
streams:
  - {{ name: one, cluster: a, users: 2, request: {{ path: /cluster1 }}, phases: [ {{ requests: 1200 }} ] }}
  - {{ name: two, cluster: b, users: 2, request: {{ path: "/cluster1{query}" }}, phases: [ {{ requests: 1200 }} ] }}
"""


def interval(run, emulator, folder, seed, query=""):
    """95 % interval of the ratio of p99, from one campaign."""
    server = emulator("--service-time", "400us", "--variation", "1", "--vcpus", 2, "--seed", seed)
    folder.mkdir()
    (folder / "same.yaml").write_text(SCENARIO.format(url=server.url, query=query))
    run("loadgen", "campaign", folder / "same.yaml", "--pairs", 8, "--aa", 0, "--gap", "0s", "--seed", seed, "--progress", "none",
        "--out", folder / "campaign", timeout_s=120)
    server.stop()
    found = [row for row in rows(folder / "campaign", "compare.csv") if (row["metric"], row["p_ppm"]) == ("service", "990000")]
    return float(found[0]["lo"]), float(found[0]["hi"])


def test_equal_arms_are_found_equal(run, emulator, tmp_path):
    intervals = [interval(run, emulator, tmp_path / f"campaign-{seed}", seed) for seed in range(1, N_CAMPAIGNS + 1)]
    covering_n = sum(lo <= 1 <= hi for lo, hi in intervals)
    note(f"GT17 A/A: intervals of {N_CAMPAIGNS} that cover 1, at least", covering_n, COVER_LEAST, "")
    assert covering_n >= COVER_LEAST, intervals


def test_an_arm_that_is_slower_is_found_slower(run, emulator, tmp_path):
    """The negative control: two milliseconds more."""
    lo, _ = interval(run, emulator, tmp_path / "campaign", 1, query="?delay_ms=2")
    assert lo > 1
