# ctest: serial release truth
"""One server that serves one request at a time, in the order they come: the schedule and the service times alone say what every single
response time is (Lindley), and queueing theory says what their quantiles are (GT4 to GT6 of the method)."""

import math
import random

import pytest

from truth import IS_FULL, fresh, logged, long_or_short, make_run, note, on_a_quiet_machine, percentile_s, quantile, times

pytestmark = pytest.mark.usefixtures("urgent")

MEAN_US = 1000
SEED = 3


class Queue:
    """A run against such a server, in microseconds: when requests were due, how long they were served, how long they took.

    The server serves a request for as long as that asks for. `floor_us` is what the way there and back takes besides, seen where nobody
    waits."""

    def __init__(self, folder, asked_us):
        self.folder = folder
        log = sorted(logged(folder), key=lambda row: row["due_ns"])  # the numbers of Poisson arrivals are not in order of time
        self.due_us = [row["due_ns"] / 1e3 for row in log]
        self.service_us = [asked_us[row["seq"] % len(asked_us)] for row in log]
        self.mean_us = sum(self.service_us) / len(self.service_us)
        done_us = [row["done_ns"] / 1e3 for row in log]
        alone_us = [done - due - service for due, before, done, service in zip(self.due_us[1:], done_us, done_us[1:], self.service_us[1:])
                    if due > before + 200]
        self.floor_us = quantile(alone_us, 50)
        self.measured_us = [done - due - self.floor_us for due, done in zip(self.due_us, done_us)]

    def replayed_us(self):
        """W(i) = max(0, end(i-1) - due(i)), and the service."""
        end_us, times_us = -math.inf, []
        for due_us, service_us in zip(self.due_us, self.service_us):
            end_us = max(end_us, due_us) + service_us
            times_us.append(end_us - due_us)
        return times_us

    def errors_us(self):
        return [abs(measured - known) for measured, known in zip(self.measured_us, self.replayed_us())]


@pytest.fixture(name="queue")
def fixture_queue(run, emulator, haproxy, tmp_path):
    """queue(arrivals, service, rho, n): a run with exponential (M) or equal (D) service times. With `http2` on one connection to HAProxy,
    which stands before the server."""
    def serve(arrivals, service, rho, n, http2=False, **more):
        server, folder = emulator(), fresh(tmp_path)
        front = haproxy([server.port]) if http2 else server
        drawn = random.Random(SEED)
        asked_us = [max(1, round(drawn.expovariate(1 / MEAN_US))) if service == "M" else MEAN_US for _ in range(n)]
        (folder / "times.csv").write_text("us\n" + "".join(f"{us}\n" for us in asked_us))
        (folder / "queue.yaml").write_text(f"""
target: {{ url: "{front.url}", http: {"2-prior-knowledge" if http2 else "1.1"} }}
seed: {SEED}
streams:
  - name: quick
    request: {{ path: "/cluster1?work_us={{csv:us}}" }}
    feed: times.csv
    arrivals: {arrivals}
    connections: {1 if http2 else 64}
    {"streams_per_connection: 100" if http2 else ""}
    phases: [ {{ rate: {1e6 * rho / MEAN_US:g}/s, duration: {n * MEAN_US / rho / 1000:.0f}ms }} ]
""")
        make_run(run, folder / "run", folder / "queue.yaml", "--log-requests", "csv", **more)
        server.stop()
        return Queue(folder / "run", asked_us)
    return serve


def assert_replays(queue):
    """GT4: no statistics, no slack but the machine's."""
    errors_us = queue.errors_us()
    assert quantile(errors_us, 50) <= 50
    assert quantile(errors_us, 99) <= 1000


# In mean service times: what the mean, p50, p90, p99 and p99.9 are, and the standard deviation of such a figure over runs of 60 000
# requests, relative, for the mean, p99 and p99.9; p50 and p90 vary less than p99 (GT5).
LAWS = {
    ("poisson", "M", .5): ((2.000, 1.386, 4.605, 9.210, 13.816), (.014, .029, .053)),
    ("poisson", "M", .7): ((3.333, 2.310, 7.675, 15.351, 23.026), (.027, .060, .13)),
    ("poisson", "D", .5): ((1.500, 1.000, 2.516, 4.336, 6.168), (.005, .015, .029)),
    ("poisson", "D", .7): ((2.167, 1.730, 4.077, 7.486, 10.894), (.010, .030, .071)),
    ("constant", "M", .5): ((1.255, .870, 2.890, 5.779, 8.669), None),
    ("constant", "M", .7): ((1.876, 1.300, 4.320, 8.640, 12.960), None),
}

LONG_N = {("poisson", "D"): 60_000, ("poisson", "M"): 30_000, ("constant", "M"): 10_000}


def assert_law(times_us, mean_us, expected, spread, n):
    """`times_us` are response times. Within three standard deviations; for D/M/1 the table has none, and those of M/M/1 are larger."""
    of_mean, of_p99, of_p999 = (3 * sd * math.sqrt(60_000 / n) for sd in spread)
    found = [sum(times_us) / n] + [quantile(times_us, percent) for percent in (50, 90, 99, 99.9)]
    for what, value_us, known, tolerance in zip(("mean", "p50", "p90", "p99", "p99.9"), found, expected,
                                                (of_mean, of_p99, of_p99, of_p99, of_p999)):
        assert value_us / mean_us == pytest.approx(known, rel=tolerance), f"{what} in service times"


@pytest.mark.parametrize("arrivals, service, rho", LAWS if IS_FULL else [("poisson", "M", .5), ("poisson", "D", .5)])
@on_a_quiet_machine()
def test_queueing_theory_is_met_and_replays(queue, arrivals, service, rho):
    n = long_or_short(LONG_N[arrivals, service], 3000)
    got = queue(arrivals, service, rho, n)
    expected, spread = LAWS[arrivals, service, rho]
    if (arrivals, service) == ("poisson", "D"):
        note(f"GT4 M/D/1 at {rho}: error per request, median", quantile(got.errors_us(), 50), 50, "us")
        note(f"GT4 M/D/1 at {rho}: error per request, p99", quantile(got.errors_us(), 99), 1000, "us")
    for percent in (50, 99):
        assert percentile_s(got.folder, "response", percent) * 1e6 == \
            pytest.approx(quantile(got.measured_us, percent) + got.floor_us, rel=.002), "the files tell the same story"
    with times(within_s=50e-6):
        assert_replays(got)
        assert_law(got.measured_us, got.mean_us, expected, spread or LAWS["poisson", service, rho][1], len(got.measured_us))
    with pytest.raises(AssertionError):  # the negative control of the table: it tells laws apart
        assert_law(got.measured_us, got.mean_us, *LAWS["poisson", "D" if service == "M" else "M", rho], len(got.measured_us))


@pytest.mark.skipif(not IS_FULL, reason="its short version is that over HTTP/1.1")
@on_a_quiet_machine()
def test_queueing_theory_is_met_over_http2(queue):
    """On one connection, whose streams are served in the order in which they come."""
    got = queue("poisson", "D", .7, 30_000, http2=True)
    expected, spread = LAWS["poisson", "D", .7]
    note("GT4 M/D/1 at 0.7, HTTP/2: error per request, median", quantile(got.errors_us(), 50), 50, "us")
    note("GT4 M/D/1 at 0.7, HTTP/2: error per request, p99", quantile(got.errors_us(), 99), 1000, "us")
    with times(within_s=50e-6):
        assert_replays(got)
        assert_law(got.measured_us, got.mean_us, expected, spread, len(got.measured_us))


@on_a_quiet_machine()
def test_nobody_waits_when_arrivals_are_even(queue):
    """D/D/1 on many connections: no queue, so p99 is the service time and the floor (GT6)."""
    got = queue("constant", "D", .5, long_or_short(10_000, 1000))
    note("GT6 D/D/1: p99 beyond the service time", quantile(got.measured_us, 99) - got.mean_us, 100, "us")
    with times(within_s=100e-6):
        assert_nobody_waits(got)


def assert_nobody_waits(queue):
    assert quantile(queue.measured_us, 99) == pytest.approx(queue.mean_us, abs=100)


@on_a_quiet_machine()
def test_a_generator_with_coarse_timers_is_caught(queue, altered):
    """The negative control: timers of 5 ms, so that requests are sent in bunches."""
    got = queue("constant", "D", .5, 1000, env=altered(tick_us=5000))
    with times(), pytest.raises(AssertionError):
        assert_replays(got)
    with times(), pytest.raises(AssertionError):
        assert_nobody_waits(got)
