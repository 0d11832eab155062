# ctest: serial release
"""`loadgen sweep` against servers whose capacity is known."""

import csv
import re

from swept import scenario
from truth import on_a_quiet_machine, read_run, rows, times

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


@on_a_quiet_machine()
def test_a_target_that_sustains_nothing_is_named(run, emulator, tmp_path):
    server = emulator("--service-time", "60ms")
    done = run("loadgen", "sweep", scenario(tmp_path, server.url), "--from", "50/s", "-d", "1s", "--warmup", "100ms", "--gap", "0s", "--threshold",
               "p50 < 50ms", "--out", tmp_path / "sweep", "--progress", "none", expect=(0, 4))
    with times():
        assert "target does not sustain 50.0/s" in done.stdout
        assert len({row["run"] for row in rows(tmp_path / "sweep", "loadcurve.csv")}) == 1


@on_a_quiet_machine()
def test_a_url_is_swept_without_a_scenario(run, emulator, tmp_path):
    """2 vCPUs of 5 ms a request are 400/s. The request is that of the options, and what is secret in them is nowhere in the results."""
    server = emulator("--vcpus", 2, "--service-time", "5ms")
    done = run("loadgen", "sweep", f"127.0.0.1:{server.port}/cluster1", "-d", "1", "--warmup", "200ms", "--gap", "0", "--to", "1600/s", "--refine", 1,
               "--threshold", "p90 < 100ms", "-m", "POST", "--body", "hidden-1", "-H", "X-Key: hidden-2", "-u", "me:hidden-3", "-c", 64, "--out",
               tmp_path / "sweep", "--progress", "none", expect=(0, 4))
    assert f"sweep  http://127.0.0.1:{server.port}/cluster1\n  rates from 100/s to 1 600/s, each 2 times the last\n" in done.stderr
    assert "  must hold: p90 < 100ms, 99 % good answers, no growing queue\n  1.20 s a step, up to 6 steps: about 7.20 s\n" in done.stderr
    steps = {row["run"]: row for row in rows(tmp_path / "sweep", "loadcurve.csv")}
    made = read_run(tmp_path / "sweep" / "target-100")
    assert (made["streams"][0]["method"], made["streams"][0]["connections"]) == ("POST", 64)
    assert [made["settings"][name] for name in ("rate", "duration", "warmup", "connections")] == ["100", "1s", "200ms", "64"]
    assert made["target"]["url"] == f"http://127.0.0.1:{server.port}/cluster1" and "--body=(given)" in made["argv"]
    for file in (tmp_path / "sweep").rglob("*.*"):
        assert file.is_dir() or b"hidden-" not in file.read_bytes(), file
    run("loadgen", "analysis", "report", tmp_path / "sweep")
    report = (tmp_path / "sweep" / "report.txt").read_text()
    assert report.startswith(f"{server.url}/cluster1 sustains ") or report.startswith("Nothing is known"), report
    with times():
        sustains = re.search(rf"^{server.url}/cluster1 sustains (\S+)/s, but not \S+/s$", done.stdout, re.MULTILINE)
        assert sustains and 200 <= float(sustains[1]) <= 400, done.stdout
        assert list(steps)[:3] == ["target-100", "target-200", "target-400"]


@on_a_quiet_machine()
def test_a_first_rate_that_is_too_much_is_followed_by_lower_ones(run, emulator, tmp_path):
    """One vCPU of 15 ms a request is 67/s, below the first rate. One that was asked for is not left."""
    server = emulator("--vcpus", 1, "--service-time", "15ms")
    words = ["loadgen", "sweep", server.url + "/cluster1", "-d", "2", "--warmup", "0", "--gap", "1.5", "--refine", 0, "--timeout", "300ms", "--progress", "none", "--out"]
    done = run(*words, tmp_path / "down", expect=(0, 4))
    assert "  --threshold 'p99 < 250ms' would add a limit on times\n" in done.stderr
    with times():
        assert "sustains 50.0/s, but not 100/s\n" in done.stdout, done.stdout
    run(*words, tmp_path / "asked", "--from", "100/s", expect=(0, 4))
    assert {row["offered_per_s"] for row in rows(tmp_path / "asked", "loadcurve.csv")} == {"100.000"}
