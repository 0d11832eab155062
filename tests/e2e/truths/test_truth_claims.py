# ctest: serial release truth
"""What a run claims of its own numbers, against a known disturbance: a generator or a server that is stopped for 9 of every 20 ms.

The generator's stops are the generator's own doing, so none of its times may be claimed as the target's, over TCP or a Unix socket, closed
or paced. The server's are times of the target."""

import os
import signal
import threading
import time

import pytest

from truth import long_or_short, make_run, note, on_a_quiet_machine, read_run, times

STOPPED_S, PERIOD_S, RUN_S = .009, .020, long_or_short(6, 2)
LEAST_SHARE = .3  # of the time; a busy machine wakes the thread that stops and continues late


class Stutter(threading.Thread):
    """Stops processes for 9 of every 20 ms until left; `share` is the part of the time that they really were stopped."""

    def __init__(self, *pids):
        super().__init__(daemon=True)
        self.pids, self.is_over, self.share = pids, threading.Event(), 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join()

    def signal(self, number):
        try:
            for pid in self.pids:
                os.kill(pid, number)
        except ProcessLookupError:
            self.is_over.set()

    def run(self):
        began, stopped = time.monotonic(), 0
        while not self.is_over.is_set():
            at = time.monotonic()
            self.signal(signal.SIGSTOP)
            time.sleep(STOPPED_S)
            self.signal(signal.SIGCONT)
            stopped += time.monotonic() - at
            self.share = stopped / (time.monotonic() - began)
            time.sleep(max(0, PERIOD_S - (time.monotonic() - at)))


def claims(folder):
    """{what: claim} of the only cluster."""
    return {claim["what"]: claim for claim in read_run(folder)["claims"] if claim["stream"] is None}


def claimed_ok(folder):
    return {what for what, claim in claims(folder).items() if claim["level"] == "ok" and what != "rate"}


TRANSPORTS = ("tcp", "unix socket")
LOADS = {"closed": ("-c", 8), "paced": ("-c", 64, "--rate", 1000)}


@pytest.fixture(name="where")
def fixture_where(nginx, tmp_path):
    """where(transport): a server, and the options that lead to it."""
    def make(transport):
        path = tmp_path / "s"
        server = nginx(log=False, server=f"listen unix:{path};" if transport != "tcp" else "")
        return server, ("--target", server.url, *(("--unix-socket", path) if transport != "tcp" else ()))
    return make


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_stopped_generator_has_no_ok_time(programs, where, tmp_path, transport, load):
    _, options = where(transport)
    running = programs.start("loadgen", "run", *options, *LOADS[load], "-d", f"{RUN_S}s", "--out", tmp_path / "run", "--progress", "none")
    with Stutter(running.pid) as stutter:
        code = running.wait()
    assert code == 0, running.stderr
    if stutter.share < LEAST_SHARE:
        pytest.skip(f"the machine was busy: it was stopped for {100 * stutter.share:.0f} % of the time, less than {100 * LEAST_SHARE:.0f} %")
    assert not claimed_ok(tmp_path / "run"), claims(tmp_path / "run")


@pytest.mark.parametrize("option", (("--threshold", "p99 < 1us"), ("--strict",)), ids=("a missed threshold", "strict"))
def test_what_rests_on_an_invalid_number_ends_with_4(programs, where, tmp_path, option):
    _, options = where("tcp")
    running = programs.start("loadgen", "run", *options, *LOADS["paced"], *option, "-d", f"{RUN_S}s", "--out", tmp_path / "run", "--progress", "none")
    with Stutter(running.pid) as stutter:
        code = running.wait()
    if stutter.share < LEAST_SHARE:
        pytest.skip(f"the machine was busy: it was stopped for {100 * stutter.share:.0f} % of the time, less than {100 * LEAST_SHARE:.0f} %")
    assert claims(tmp_path / "run")["p99"]["level"] == "invalid" and code == 4, running.stderr


@on_a_quiet_machine()
def test_a_stopped_server_has_ok_times(run, where, tmp_path):
    """The negative control: p90 and p99 are the stops, and the target's."""
    server, options = where("tcp")
    with Stutter(*server.workers()):
        make_run(run, tmp_path / "run", *options, "-c", 64, "--rate", 1000, "-d", f"{RUN_S}s")
    found = claims(tmp_path / "run")
    with times():
        assert found["p99"]["value_us"] > 7000
        assert {"p90", "p99"} <= claimed_ok(tmp_path / "run"), found


@on_a_quiet_machine()
def test_a_plain_run_at_full_speed_ends_well(run, nginx, tmp_path):
    """It says what cannot be quoted; nothing that was asked for rests on that."""
    got, _ = make_run(run, tmp_path / "run", "--target", nginx(log=False).url, "-c", 64, "-d", long_or_short("5s", "2s"))
    note("requests/s of a closed loop of 64", got["totals"]["ok_n"] / got["duration_s"], "", "1/s")
    with times():
        assert claims(tmp_path / "run")["rate"]["level"] != "invalid", got["claims"]


def test_times_of_large_bodies_are_never_ok(run, emulator, tmp_path):
    """While 4 MB arrive the share of the generator is not known: only the last byte has a receive stamp."""
    make_run(run, tmp_path / "run", "--target", f"{emulator().url}/cluster1?bytes=4194304", "-c", 2, "-n", 200)
    assert not claimed_ok(tmp_path / "run"), claims(tmp_path / "run")
