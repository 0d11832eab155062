# ctest: calm release
"""`loadgen sweep` against servers whose capacity is known: the curve, and when a step holds."""

import csv
import re

import pytest

from swept import scenario
from truth import on_a_quiet_machine, read_run, rows, times

pytestmark = pytest.mark.usefixtures("urgent")

COLUMNS = ("cluster offered_per_s achieved_per_s p_ppm value_us at_least_us state lo_us hi_us n failed_n censored_n held result level rate_level "
           "run").split()


@on_a_quiet_machine()
def test_a_known_capacity_is_found_and_the_curve_told(run, emulator, tmp_path):
    """2 vCPUs of 5 ms a request are 400/s: below that almost nothing waits, above it the queue grows without bound."""
    server = emulator("--vcpus", 2, "--service-time", "5ms")
    done = run("loadgen", "sweep", scenario(tmp_path, server.url), "--from", "150/s", "--to", "2k/s", "--factor", "1.5", "--refine", 2, "-d", "1500ms",
               "--warmup", "500ms", "--gap", "200ms", "--threshold", "p90 < 100ms", "--out", tmp_path / "sweep", "--progress", "none",
               expect=(0, 4))
    with times():
        assert done.returncode == 0, done.stdout
        sustains = re.search(r"^target sustains (\d+(?:\.\d+)?)/s, but not \d+(?:\.\d+)?/s$", done.stdout, re.MULTILINE)
        assert sustains, done.stdout
        assert 300 <= float(sustains[1]) <= 420
        assert "loadgen was the limit" not in done.stdout

    curve = rows(tmp_path / "sweep", "loadcurve.csv")
    with open(tmp_path / "sweep" / "loadcurve.csv", encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == COLUMNS
    steps = {row["run"]: row for row in curve if row["p_ppm"] == "990000"}
    for name, row in steps.items():
        offered = float(row["offered_per_s"])
        made = read_run(tmp_path / "sweep" / name)
        load = next(phase for phase in made["phases"] if phase["phase"] == "load")
        assert made["argv"][:2] == ["loadgen", "sweep"] and {"--refine=2", "--gap=200ms", "--threshold=p90 < 100ms"} <= set(made["argv"])
        claims = {claim["what"]: claim for claim in made["claims"] if claim["scope"] == "target" and claim["stream"] is None}
        assert abs(load["rate_per_s"] - offered) < 0.001 and row["cluster"] == "target"
        assert (row["level"], row["rate_level"]) == (claims["p99"]["level"], claims["rate"]["level"])
        assert abs(float(row["achieved_per_s"]) - claims["rate"]["value_per_s"]) < 0.001 and row["state"] == "exact"
        assert float(row["value_us"]) == claims["p99"]["value_us"]
        assert float(row["lo_us"] or 0) <= float(row["value_us"]) <= float(row["hi_us"] or "inf")
        if offered >= 500:
            assert row["held"] == "0", row
    with times():
        assert [float(row["offered_per_s"]) for row in steps.values()][:3] == [150, 225, 337.5]
        assert all(row["held"] == "1" for row in steps.values() if float(row["offered_per_s"]) <= 300)
        assert all(abs(float(row["achieved_per_s"]) / float(row["offered_per_s"]) - 1) < 0.02 for row in steps.values() if row["held"] == "1")
        by_load = sorted((float(row["offered_per_s"]), float(row["value_us"])) for row in steps.values())
        assert by_load[0][1] < 50e3 < by_load[-1][1], "latency grows with load"


@on_a_quiet_machine()
def test_a_queue_that_grows_all_through_a_step_is_no_holding(run, emulator, tmp_path):
    """420/s where 400/s are served: every request is answered within a tenth of a second after the step, and no threshold notices."""
    server = emulator("--vcpus", 2, "--service-time", "5ms")
    done = run("loadgen", "sweep", scenario(tmp_path, server.url), "--from", "420/s", "--to", "420/s", "-d", "4s", "--warmup", "1s", "--gap", "0s", "--out",
               tmp_path / "sweep", "--progress", "none", expect=(0, 4))
    totals = read_run(tmp_path / "sweep" / "target-420")["totals"]
    assert totals["ok_n"] == totals["intended_n"]
    with times():
        assert "   the queue kept growing\ntarget does not sustain 420/s\n" in done.stdout
        assert {(row["run"], row["held"], row["result"]) for row in rows(tmp_path / "sweep", "loadcurve.csv")} == {("target-420", "1", "queue")}


def test_a_step_most_of_whose_requests_time_out_has_a_bound_and_no_fast_answers(run, emulator, tmp_path):
    """2 vCPUs of 5 ms a request are 400/s; of 2000/s most wait longer than the timeout, and those few that do not are no percentile."""
    server = emulator("--vcpus", 2, "--service-time", "5ms")
    done = run("loadgen", "sweep", scenario(tmp_path, server.url), "--from", "20/s", "--to", "2k/s", "--factor", "100", "--refine", 0, "-d", "1s", "--warmup",
               "500ms", "--gap", "0s", "--timeout", "100ms", "--out", tmp_path / "sweep", "--progress", "none", expect=(0, 4))
    row = next(row for row in rows(tmp_path / "sweep", "loadcurve.csv") if row["run"].startswith("target-2000") and row["p_ppm"] == "990000")
    assert (row["value_us"], row["at_least_us"], row["state"]) == ("", "100000.000", "failed"), row
    assert int(row["failed_n"]) > 0.1 * int(row["n"]) and int(row["n"]) == 2000 and row["result"] in ("saturated", "generator"), row
    assert "p99  > 100 ms" in done.stdout
    assert float(row["achieved_per_s"]) < 1500, row
