# ctest: calm release
"""`loadgen sweep` against servers whose capacity is known: what it starts from, which is a scenario or a URL, and a rate that may be too much."""

import re

import pytest

from swept import scenario
from truth import on_a_quiet_machine, read_run, rows, times

pytestmark = pytest.mark.usefixtures("urgent")


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
