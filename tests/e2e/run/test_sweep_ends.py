# ctest: release early
"""`loadgen sweep` where the times do not matter: how its steps end, and what it refuses."""

import re
import signal
import time

from programs import wait_until
from swept import scenario
from truth import read_run, rows


def test_an_interrupted_sweep_exits_130_and_keeps_its_curve(start, emulator, tmp_path):
    """After the first step at least one more is run, whatever the first found: another rate, or the same again."""
    server = emulator("--vcpus", 8)
    running = start("loadgen", "sweep", scenario(tmp_path, server.url), "--from", "50/s", "-d", "2s", "--warmup", "100ms", "--gap", "0s", "--out",
                    tmp_path / "sweep", "--progress", "none")
    while running.stdout.count("/s   good ") < 1 and running.process.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130, running.stdout
    assert len(rows(tmp_path / "sweep", "loadcurve.csv")) >= 1


def test_users_cannot_be_swept_and_that_is_said(run, tmp_path):
    path = tmp_path / "users.yaml"
    path.write_text("name: users\ntarget: http://127.0.0.1:9\nstreams:\n  - { name: one, users: 1, request: { path: / }, phases: [ { requests: 1 } ] }\n")
    done = run("loadgen", "sweep", path, "--out", tmp_path / "sweep", expect=2)
    assert "stream 'one'" in done.stderr and "rate" in done.stderr


def test_random_arrivals_are_held_against_what_was_due(run, emulator, tmp_path):
    """Seed 3 draws fewer arrivals than the rates say; all are answered, so nothing is saturated."""
    server = emulator("--vcpus", 8)
    path = scenario(tmp_path, server.url)
    path.write_text(path.read_text().replace("constant", "poisson"))
    run("loadgen", "sweep", path, "--from", "40/s", "--to", "60/s", "--seed", 3, "-d", "1s", "--warmup", "50ms", "--gap", "0s", "--out", tmp_path / "sweep",
        "--progress", "none", expect=(0, 4))
    steps = {row["run"]: row for row in rows(tmp_path / "sweep", "loadcurve.csv")}
    assert any(float(row["achieved_per_s"]) < 0.99 * float(row["offered_per_s"]) for row in steps.values()), steps
    for name, row in steps.items():
        totals = read_run(tmp_path / "sweep" / name)["totals"]
        assert totals["intended_n"] == totals["ok_n"] and row["result"] in ("held", "generator"), row


def test_a_step_without_an_answer_after_one_with_some_is_no_dead_target(start, emulator, tmp_path):
    """The queue that the first step leaves behind, 4 s of it, takes all of the next step's time; and the first is made again, as loadgen was
    stopped in it."""
    server = emulator("--vcpus", 1, "--service-time", "50ms")
    running = start("loadgen", "sweep", server.url + "/cluster1", "-d", "1", "--warmup", "0", "--gap", "0", "--refine", 0, "--factor", 8,
                    "--timeout", "300ms", "--progress", "none", "--out", tmp_path / "sweep")
    wait_until((tmp_path / "sweep/target-100/intervals.csv").exists, "the first step")
    time.sleep(0.3)  # some answers
    running.send_signal(signal.SIGSTOP)
    time.sleep(0.4)
    running.send_signal(signal.SIGCONT)
    assert running.wait() in (0, 4), running.stderr
    first, *others = running.stdout.splitlines()
    assert "loadgen was the limit" in first and not re.search(r"good +0\.0", first), first
    assert re.search(r" 100/s .* (no request succeeded|loadgen was the limit)$", others[0]), running.stdout
    if "nothing is known of" not in running.stdout:  # as on a busy machine, where loadgen may be the limit again
        assert re.search(r" 12\.5/s .* no request succeeded\n", running.stdout) and "sustain" in running.stdout, running.stdout


def test_what_names_nothing_to_sweep_is_answered_with_both_forms(run):
    assert "give a URL, or a scenario, such as `loadgen sweep http://127.0.0.1:8080/` or `loadgen sweep open`" in run("loadgen", "sweep", expect=2).stderr
    assert "'http://b' is one too many" in run("loadgen", "sweep", "http://a", "http://b", expect=2).stderr
    assert "--header belongs to quick mode" in run("loadgen", "sweep", "open", "-H", "a: b", expect=2).stderr


def test_the_generator_is_not_taken_for_the_target(start, emulator, tmp_path):
    """Every step is disturbed by stopping the generator: nothing can be said about the target, and nothing is."""
    server = emulator("--vcpus", 8)
    running = start("loadgen", "sweep", scenario(tmp_path, server.url), "--from", "200/s", "-d", "2s", "--warmup", "100ms", "--gap", "0s", "--out",
                    tmp_path / "sweep", "--progress", "none")
    while running.process.poll() is None:
        time.sleep(0.5)
        running.send_signal(signal.SIGSTOP)
        time.sleep(0.3)
        running.send_signal(signal.SIGCONT)
    assert running.wait() == 4, running.stderr
    assert running.stdout.count("loadgen was the limit") == 3, running.stdout
    assert "nothing is known of target: loadgen was the limit at the first rate, 200/s" in running.stdout
    assert {(row["run"], row["rate_level"]) for row in rows(tmp_path / "sweep", "loadcurve.csv")} == {("target-200", "invalid"),
                                                                                                      ("target-200-again", "invalid")}
