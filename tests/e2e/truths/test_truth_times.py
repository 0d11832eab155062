# ctest: serial release truth
"""Measured times against those that a server or the packets report (GT1, GT7 and GT9 of the method)."""

import pytest

import packets
from truth import exact, fresh, logged, long_or_short, make_run, note, on_a_quiet_machine, quantile, times

pytestmark = pytest.mark.usefixtures("urgent")


@pytest.fixture(name="beyond")
def fixture_beyond(telling_server, run, tmp_path):
    """beyond(delay_ms, think_ms, n) is what the measured times have beyond those that the server reports, in microseconds, sorted."""
    def measure(delay_ms, think_ms, n, **more):
        server = telling_server("--delay-ms", delay_ms)
        folder = fresh(tmp_path)
        scenario = folder / "known.yaml"
        scenario.write_text(f"""
target: {server.url}
streams:
  - name: quick
    request: /
    think: {think_ms}ms
    expect: {{ body: "Instance {{instance}} is responding now!" }}
    phases: [ {{ requests: {n} }} ]
""")
        make_run(run, folder / "run", scenario, "--log-requests", "csv", **more)
        server.stop()
        return [(row["done_ns"] - row["sent_ns"]) / 1e3 - 1e3 * float(row["instance"]) for row in logged(folder / "run")]
    return measure


def assert_only_the_floor(beyond_us, floor_us):
    """GT1. No answer arrives before it was made, and the rest is the round trip."""
    assert min(beyond_us) > -10, "the server reports in steps of 10 us"
    assert quantile(beyond_us, 50) == pytest.approx(floor_us, abs=100)
    assert quantile(beyond_us, 99) <= floor_us + 1000


@pytest.mark.parametrize("delay_ms, n", [(1, long_or_short(3000, 1000)), (10, long_or_short(1000, 200)), (100, long_or_short(200, 20))])
@on_a_quiet_machine()
def test_a_known_delay_is_measured(beyond, delay_ms, n):
    """The floor is that of a server that answers at once, asked equally rarely: long sleepers wake more slowly."""
    floor_us = quantile(beyond(0, delay_ms, n), 50)
    found_us = beyond(delay_ms, 0, n)
    note(f"GT1 {delay_ms} ms: beyond the reported delay and the floor, p50", quantile(found_us, 50) - floor_us, 100, "us")
    note(f"GT1 {delay_ms} ms: beyond the reported delay and the floor, p99", quantile(found_us, 99) - floor_us, 1000, "us")
    with times(within_s=100e-6):
        assert_only_the_floor(found_us, floor_us)


@pytest.mark.parametrize("ppm", [20_000, -20_000])
def test_a_clock_that_runs_wrong_is_caught(beyond, altered, ppm):
    """The negative control of GT1: two per cent of 50 ms."""
    with pytest.raises(AssertionError):
        assert_only_the_floor(beyond(50, 0, 20, env=altered(clock_ppm=ppm)), 300)


def lost_share(run, emulator, folder, think, duration_s):
    """Little's law: users = throughput x time, so all of the users' time is in their service times; what is not was lost (GT7)."""
    users, path = 8, "/cluster1?delay_ms=10"
    scenario = folder.with_suffix(".yaml")
    scenario.write_text(f"""
target: {emulator().url}
streams: [ {{ name: quick, request: "{path}", users: {users}, think: {think}, phases: [ {{ duration: {duration_s}s }} ] }} ]
""")
    got, _ = make_run(run, folder, scenario)
    _, sum_s, _ = exact(got, "service")
    phase = got["phases"][0]
    return 1 - sum_s / (users * (phase["end_s"] - phase["start_s"]))


@on_a_quiet_machine()
def test_no_time_is_lost_in_a_closed_loop(run, emulator, tmp_path):
    lost = lost_share(run, emulator, tmp_path / "run", "0s", long_or_short(30, 4))
    note("GT7 closed loop: time that no request accounts for", 100 * lost, 1, "%")
    with times():
        assert abs(lost) <= .01


def test_time_that_is_lost_in_a_closed_loop_is_caught(run, emulator, tmp_path):
    """The negative control: users who think for 300 us lose three per cent of their time."""
    assert lost_share(run, emulator, tmp_path / "run", "300us", 2) > .01


@pytest.fixture(name="later_than_packets")
def fixture_later_than_packets(telling_server, run, tmp_path):
    """By how many microseconds each service time is longer than its packets say (GT9)."""
    def compare(n, **more):
        server = telling_server()
        try:
            capture = packets.Packets(server.port)
        except PermissionError:
            pytest.skip("packets may not be captured here")
        folder = fresh(tmp_path) / "run"
        make_run(run, folder, "--target", server.url, "-c", 1, "-n", n, "--log-requests", "csv", **more)
        seen_ns = packets.service_times_ns(capture.with_data())
        log = logged(folder)
        assert len(seen_ns) == len(log) == n
        return [(row["done_ns"] - row["sent_ns"] - ns) / 1e3 for row, ns in zip(log, seen_ns)]
    return compare


def assert_agree_with_packets(later_us):
    assert min(later_us) >= 0, "no time is shorter than the packets took"
    assert quantile(later_us, 50) <= 30
    assert quantile(later_us, 99) <= 200


@on_a_quiet_machine()
def test_packets_agree_with_the_service_time(later_than_packets):
    later_us = later_than_packets(long_or_short(20_000, 2000))
    note("GT9 service time beyond the packets' time, p50", quantile(later_us, 50), 30, "us")
    note("GT9 service time beyond the packets' time, p99", quantile(later_us, 99), 200, "us")
    with times(within_s=30e-6):
        assert_agree_with_packets(later_us)


def test_a_generator_that_reads_late_is_caught_by_the_packets(later_than_packets, altered):
    """The negative control of GT9."""
    with pytest.raises(AssertionError):
        assert_agree_with_packets(later_than_packets(200, env=altered(receive_us=300)))
