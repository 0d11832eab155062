# ctest: serial release
"""Times that are known beforehand, against times that are measured (GT1, GT4 to GT7 and GT9 of the method)."""

import shutil
import subprocess
import time

import pytest

from truth import exact, make_run, on_a_quiet_machine, percentile_s, rows, times

TIMER_S = 0.0015  # what waking up costs two programs on a shared machine, at most half of the time


@pytest.mark.parametrize("delay_ms, n", [(1, 1000), (10, 300), (100, 40)])
@on_a_quiet_machine()
def test_a_known_delay_is_measured(run, emulator, tmp_path, delay_ms, n):
    server = emulator()
    for folder, query, requests in (("floor", "", 300), ("run", f"?delay_ms={delay_ms}", n)):
        make_run(run, tmp_path / folder, "--target", f"{server.url}/cluster1{query}", "-c", 1, "-n", requests, "--allow-invalid")
    floor_s, measured_s = (percentile_s(tmp_path / folder, "service", 50) for folder in ("floor", "run"))
    assert delay_ms / 1000 < measured_s, "no answer is there before it was made"
    with times():
        assert measured_s == pytest.approx(delay_ms / 1000 + floor_s, abs=0.0005)


@on_a_quiet_machine()
def test_no_time_is_lost_in_a_closed_loop(run, emulator, tmp_path):
    """Little's law: users = throughput x time, so all of the users' time is in their service times (GT7)."""
    server = emulator()
    users, duration_s = 8, 5
    got, _ = make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1?delay_ms=10", "-c", users, "-d", f"{duration_s}s",
                      "--allow-invalid")
    n, sum_s, _ = exact(got, "service")
    phase = got["phases"][0]
    with times():
        assert sum_s / (users * (phase["end_s"] - phase["start_s"])) == pytest.approx(1, abs=0.015)
        assert n / duration_s == pytest.approx(users / (sum_s / n), rel=0.02)


def lindley(due_s, service_s):
    """Response times of a FIFO server: W(i) = max(0, end(i-1) - due(i)), and the service."""
    end_s, times_s = 0.0, []
    for at_s in due_s:
        end_s = max(end_s, at_s) + service_s
        times_s.append(end_s - at_s)
    return times_s


def quantile(values, percent):
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def queue_run(run, emulator, folder, arrivals, rho, duration, service_ms, seed):
    """One server, one queue; (due times, response times) by number, both as the log of requests has them."""
    server = emulator("--service-time", f"{service_ms}ms")
    make_run(run, folder, "--target", f"{server.url}/cluster1", "--rate", 1000 * rho / service_ms, "--arrivals", arrivals, "-d", duration, "-c", 64,
             "--seed", seed, "--log-requests", "csv", "--allow-invalid")
    log = sorted(rows(folder, "requests.csv"), key=lambda row: int(row["seq"]))
    due_s = [int(row["due_ns"]) / 1e9 for row in log]
    return due_s, [int(row["done_ns"]) / 1e9 - at_s for row, at_s in zip(log, due_s)]


@on_a_quiet_machine()
def test_a_queue_replays_request_by_request(run, emulator, tmp_path):
    """The schedule and the service time alone say what every single response time is: no statistics, no slack (GT4)."""
    due_s, measured_s = queue_run(run, emulator, tmp_path / "run", "poisson", 0.6, "6s", 4, seed=7)
    assert len(due_s) > 700
    errors_s = [measured - known for measured, known in zip(measured_s, lindley(due_s, 0.004))]
    with times():
        assert 0 < quantile(errors_s, 50) < TIMER_S
        assert quantile(errors_s, 5) > -0.0002, "nobody is served before the one in front of him"
        assert quantile(errors_s, 90) < quantile(errors_s, 50) + 0.004


@pytest.mark.parametrize("arrivals, quantiles", [
    ("constant", {50: 1.0, 99: 1.0}),                # D/D/1: nobody waits (GT6)
    ("poisson", {50: 1.000, 90: 2.516, 99: 4.336}),  # M/D/1 at half load, in service times: Erlang's formula (GT5)
])
@on_a_quiet_machine()
def test_queueing_theory_is_met(run, emulator, tmp_path, arrivals, quantiles):
    due_s, measured_s = queue_run(run, emulator, tmp_path / "run", arrivals, 0.5, "8s", 4, seed=3)
    for percent, multiple in quantiles.items():
        # 1000 requests: two standard deviations of p99 are a quarter of it, of p90 less than an eighth; fixed with the seed
        assert quantile(lindley(due_s, 0.004), percent) == pytest.approx(multiple * 0.004, rel=0.25 if percent == 99 else 0.12), percent
        assert percentile_s(tmp_path / "run", "response", percent) == pytest.approx(quantile(measured_s, percent), rel=0.002)
        with times():
            assert quantile(measured_s, percent) == pytest.approx(multiple * 0.004, rel=0.25, abs=TIMER_S), percent


def service_times_of_packets(lines, port):
    """From the packet with a request to the last one of its response, on one connection without pipelining."""
    sent_s, last_s, found = None, None, []
    for line in lines:
        words = line.split()
        if len(words) < 5 or "Flags [P" not in line:
            continue
        if words[4] == f"127.0.0.1.{port}:":
            if last_s:
                found.append(last_s - sent_s)
            sent_s, last_s = float(words[0]), None
        elif words[2] == f"127.0.0.1.{port}" and sent_s:
            last_s = float(words[0])
    return found + ([last_s - sent_s] if last_s else [])


@on_a_quiet_machine()
def test_packets_agree_with_the_service_time(run, emulator, tmp_path):
    """A witness below the generator (GT9), where tcpdump is installed and may capture."""
    tcpdump = shutil.which("tcpdump", path="/usr/bin:/usr/sbin:/sbin")
    if not tcpdump:
        pytest.skip("tcpdump is not installed")
    server = emulator()
    path = tmp_path / "packets"
    with open(path, "wb") as output, subprocess.Popen([tcpdump, "-i", "lo", "-nn", "-tt", "--time-stamp-precision=nano", "-s", "128", "-U",
                                                       f"tcp port {server.port}"], stdout=output, stderr=subprocess.DEVNULL) as capture:
        try:
            time.sleep(1)
            if capture.poll() is not None:
                pytest.skip("tcpdump may not capture here")
            make_run(run, tmp_path / "run", "--target", f"{server.url}/cluster1?delay_ms=5", "-c", 1, "-n", 300, "--allow-invalid")
            time.sleep(1)
        finally:
            capture.terminate()
    seen_s = service_times_of_packets(path.read_text().splitlines(), server.port)
    with times():
        assert len(seen_s) == 300
        assert -0.00005 <= percentile_s(tmp_path / "run", "service", 50) - quantile(seen_s, 50) < 0.0005
