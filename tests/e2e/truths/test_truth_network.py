# ctest: serial release truth
"""A network that takes a known time, and one that waits for itself (GT10 and GT12 of the method)."""

import sys

import pytest

from programs import ROOT, wait_until
from relay import HERE, THERE, Namespace
from truth import fresh, logged, long_or_short, make_run, note, on_a_quiet_machine, percentile_s, quantile, times

pytestmark = pytest.mark.usefixtures("urgent")


@pytest.fixture(name="far_away")
def fixture_far_away(programs, nginx, tmp_path):
    """far_away(delay_ms, OPTION...) runs against a server behind the relay and returns the run's folder."""
    try:
        namespace = Namespace()
        namespace.__enter__()
    except PermissionError as failure:
        pytest.skip(f"no network of our own here: {failure}")
    (tmp_path / "large").write_bytes(200_000 * b"x")

    def measure(delay_ms, *options, path="/", bytes_per_s=()):
        folder = fresh(tmp_path) / "run"
        relay = programs.start(sys.executable, ROOT / "tests/e2e/lib/relay.py", delay_ms, *bytes_per_s)
        wait_until(lambda: relay.stdout or relay.process.poll() is not None, "the relay")
        if not relay.stdout:
            pytest.skip(f"no network device of our own here: {relay.stderr.splitlines()[-1]}")
        server = nginx(addresses=("127.0.0.1", HERE), server=f"location /large {{ root {tmp_path}; }}")
        make_run(programs.run, folder, "--target", f"http://{THERE}:{server.port}{path}", "--log-requests", "csv", *options)
        server.stop()
        relay.stop()
        return folder

    yield measure
    namespace.__exit__()


# Two requests on each connection, far enough apart that the first is answered before the second is due.
LOAD = ("--rate", 20, "-d", long_or_short("20s", "3s"), "-c", 1, "--requests-per-connection", 2)


def journey_us(folder):
    """Medians: connecting, and from due to the first byte of the answer on a reused and on a new connection."""
    log = logged(folder)
    reused_us, new_us = (quantile([(row["first_ns"] - row["due_ns"]) / 1e3 for row in log if (row["req_on_conn"] == "1") == is_new], 50)
                         for is_new in (False, True))
    return 1e6 * percentile_s(folder, "connect", 50), reused_us, new_us


def beyond_the_way_us(far_away, delay_ms, told_ms):
    """What these times have beyond the way there and back, taken once, once and twice, and the same without any way."""
    way_us = 2000 * told_ms
    floors, found = journey_us(far_away(0, *LOAD)), journey_us(far_away(delay_ms, *LOAD))
    with times():
        assert max(floors) < 2000, "relay and server answer at once"
    return [us - n * way_us - floor for us, n, floor in zip(found, (1, 1, 2), floors)]


def assert_within_table(beyond_us):
    for what, us in zip(("connect", "first byte, reused", "first byte, new"), beyond_us):
        assert abs(us) <= 200, what


@on_a_quiet_machine()
def test_connecting_and_waiting_for_an_answer_take_the_way_there_and_back(far_away):
    """GT10: a handshake is one way there and back, an answer another."""
    beyond_us = beyond_the_way_us(far_away, 10, told_ms=10)
    for what, us in zip(("connect", "first byte on a reused connection", "first byte on a new one"), beyond_us):
        note(f"GT10 10 ms each way: {what}, beyond the way", us, 200, "us")
    with times(within_s=200e-6):
        assert_within_table(beyond_us)


@on_a_quiet_machine()
def test_another_way_is_told_from_this_one(far_away):
    """The negative control of GT10: half a millisecond more."""
    beyond_us = beyond_the_way_us(far_away, 10.5, told_ms=10)
    with times(), pytest.raises(AssertionError):
        assert_within_table(beyond_us)


@on_a_quiet_machine()
def test_a_narrow_line_shows_in_the_body_and_not_in_the_first_byte(far_away):
    """200 kB at 4 MB/s: the body takes 50 ms, the headers of its packets 2 ms; the first packet comes as early as ever."""
    log = logged(far_away(5, "-c", 1, "-n", 20, path="/large", bytes_per_s=(4e6,)))
    first_ms = quantile([(row["first_ns"] - row["sent_ns"]) / 1e6 for row in log], 50)
    body_ms = quantile([(row["done_ns"] - row["first_ns"]) / 1e6 for row in log], 50)
    assert 10 < first_ms and 45 < first_ms + body_ms - 10
    with times():
        assert first_ms < 12 and 45 < body_ms < 56


ACK_DELAY_MS = (38, 45)  # how long Linux waits with an acknowledgement


def share_held_back(telling_server, run, folder, no_delay):
    """Of the requests to a server that writes head and body apart, those that took as long as a delayed acknowledgement (GT12)."""
    server = telling_server("--writes", 2, "--no-delay", no_delay)
    make_run(run, folder, "--target", server.url, "-c", 1, "-n", long_or_short(500, 60), "--log-requests", "csv")
    times_ms = [(row["done_ns"] - row["sent_ns"]) / 1e6 for row in logged(folder)]
    return sum(1 for ms in times_ms if ACK_DELAY_MS[0] <= ms <= ACK_DELAY_MS[1]) / len(times_ms)


@on_a_quiet_machine()
def test_a_server_that_waits_for_an_acknowledgement_shows(telling_server, run, tmp_path):
    """Nagle's algorithm holds the body back until the head is acknowledged, which the receiver delays. Told not to, the server does not:
    the negative control."""
    held, not_held = (share_held_back(telling_server, run, tmp_path / f"run-{no_delay}", no_delay) for no_delay in (0, 1))
    note("GT12 share of requests held back by Nagle's algorithm, at least", held, .5, "")
    note("GT12 the same with TCP_NODELAY", not_held, 0, "")
    with times():
        assert held > .5
        assert not_held == 0


@on_a_quiet_machine()
def test_the_generator_does_not_wait_for_acknowledgements(emulator, run, tmp_path):
    """Its own head and body leave together."""
    folder = tmp_path / "run"
    make_run(run, folder, "--target", f"{emulator().url}/cluster1", "-c", 1, "-n", 200, "--body", "b" * 300, "--log-requests", "csv")
    with times():
        assert quantile([(row["done_ns"] - row["sent_ns"]) / 1e6 for row in logged(folder)], 90) < ACK_DELAY_MS[0]
