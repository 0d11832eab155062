"""Several event loops with everything that crosses threads, under TSan. Small loads: sanitizers are slow."""
# ctest: tsan

import signal

from programs import PATIENCE_S, wait_until
from run_folder import RunFolder, check_whole, latest, seconds_written
from truth import make_run, on_a_quiet_machine, times

QUIET = ("--progress", "plain")


def test_closed_loops_on_three_threads_share_their_requests(nginx, run, tmp_path):
    server = nginx(keepalive_requests=50)
    run("loadgen", "run", "--target", server.url, "-t", 3, "-c", 12, "-n", 6000, *QUIET)
    folder = latest(tmp_path)
    assert folder.totals["ok_n"] == len(server.stop_and_read_log()) == 6000
    check_whole(folder)


@on_a_quiet_machine()
def test_ten_users_on_four_threads_take_as_long_as_on_one(emulator, run, tmp_path):
    """100 requests of 100 ms: ten rounds. Divided by threads, two of the threads had two users for 25 requests: 1.3 s."""
    target = f"{emulator().url}/cluster1?delay_ms=100"
    for n_threads in (1, 4):
        got, _ = make_run(run, tmp_path / f"run-{n_threads}", "--target", target, "-t", n_threads, "-c", 10, "-n", 100)
        assert got["totals"]["ok_n"] == 100
        with times():
            assert 1.0 <= got["phases"][0]["end_s"] - got["phases"][0]["start_s"] < 1.15, n_threads


def test_phases_of_requests_are_numbered_without_holes_whatever_the_threads(nginx, run, tmp_path):
    server = nginx()
    scenario = tmp_path / "numbers.yaml"
    scenario.write_text(f"""
target: {server.url}
threads: 3
streams: [ {{ name: s, request: "/n{{counter}}", users: 4, phases: [ {{ requests: 5 }}, {{ requests: 6 }}, {{ duration: 100ms }}, {{ requests: 5 }} ] }} ]
""")
    run("loadgen", "run", scenario, *QUIET)
    numbers = [int(line.target.removeprefix("/n")) for line in server.stop_and_read_log()]
    assert sorted(numbers[:5]) == list(range(5)), "the first phase has the first numbers"
    assert sorted(numbers[5:11]) == list(range(5, 11)), "and the second the next"
    assert len(set(numbers)) == len(numbers) == latest(tmp_path).totals["sent_n"], "no number twice"


def test_open_loops_on_two_threads_keep_one_schedule(nginx, run, tmp_path):
    server = nginx()
    run("loadgen", "run", "--target", server.url, "-t", 2, "--rate", "500/s", "--arrivals", "poisson", "--seed", 7, "-d", "3s", *QUIET)
    folder = latest(tmp_path)
    assert folder.totals["intended_n"] == folder.totals["sent_n"] == len(server.stop_and_read_log())
    check_whole(folder)


def test_streams_of_both_models_run_side_by_side(lab, run, tmp_path):
    up = lab()
    scenario = tmp_path / "mixed.yaml"
    scenario.write_text("""
name: mixed
target: deployment
streams:
  - { name: closed, cluster: cluster1, users: 4, request: { path: /cluster1 }, expect: { body: "Instance {instance} is responding now!" },
      phases: [ { duration: 1s }, { pause: 300ms }, { requests: 200 } ] }
  - { name: open, cluster: cluster2, connections: 32, request: { path: /cluster2 }, expect: { body: "Instance {instance} is responding now!" },
      phases: [ { rate: 100/s, duration: 500ms, warmup: true }, { rate: 100/s, ramp_to: 400/s, duration: 2s } ] }
""")
    run("loadgen", "run", scenario, "--deployment", up.path, "-t", 2, *QUIET)
    folder = latest(tmp_path)
    assert folder.totals["err_n"] == 0
    assert next(s for s in folder.run["stream_totals"] if s["stream"] == "open")["done_n"] == 50 + 500
    check_whole(folder)


def test_an_interrupt_ends_all_threads(nginx, start, tmp_path):
    server = nginx()
    running = start("loadgen", "run", "--target", server.url, "-t", 3, "-c", 12, "-d", "1h", "--out", tmp_path / "run", *QUIET)
    wait_until(lambda: seconds_written(tmp_path / "run"), "the first second")
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_S) == 130, running.stderr
    check_whole(RunFolder(tmp_path / "run"))
