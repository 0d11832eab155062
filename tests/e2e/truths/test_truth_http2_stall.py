# ctest: calm release truth
"""HTTP/2: a server or a single HTTP/2 stream that stalls, behind HAProxy. When a connection has no room for another stream, requests wait in
the generator, where the wait is measured: its closed form (stall.py) holds all the same."""

import pytest

from stall import MEASURED_S, RATE, SERVERS, TOLERANCE_S, Freeze, assert_stall_shows, note_stall
from truth import exact, failed_rules, logged, long_or_short, make_run, note, on_a_quiet_machine, percentile_s, quantile, times

pytestmark = pytest.mark.usefixtures("urgent")

RHO = .1
STREAMS = 100  # HAProxy allows as many


@pytest.fixture(name="url")
def fixture_url(emulator, haproxy):
    """An emulated instance behind HAProxy, which takes HTTP/2: (the instance, the URL)."""
    server = emulator(*SERVERS[RHO])
    return server, haproxy([server.port]).url


def run_open(run, folder, url, connections, *options):
    return make_run(run, folder, "--target", f"{url}/cluster1", "--http2-prior-knowledge", "--rate", RATE, "-d", f"{MEASURED_S}s", "-c", connections,
                    "--streams", STREAMS, *options)[0]


@pytest.mark.parametrize("connections", [1, *long_or_short([2 * RATE // STREAMS], [])])
@on_a_quiet_machine()
def test_a_stalled_server_shows_in_full(run, url, tmp_path, connections):
    server, target = url
    stall = Freeze(server.pid, 4)
    got = run_open(run, tmp_path / "run", target, connections)
    stall.join()
    totals = got["totals"]
    assert totals["intended_n"] == totals["sent_n"] == totals["done_n"] == totals["ok_n"] == RATE * MEASURED_S, totals["errors"]
    note_stall(f"GT2 stalled server, HTTP/2, {connections} connections", tmp_path / "run", "response", RHO, stall.stalled_s)
    with times():
        assert_stall_shows(tmp_path / "run", "response", RHO, stall.stalled_s)
        assert percentile_s(tmp_path / "run", "lag", 99) < 0.005
        assert not failed_rules(got, "INVALID") & {"R1", "R3", "R5", "R6"}, got["checks"]
        # Those that found no free stream waited for one until the stall was over.
        _, _, longest_s = exact(got, "conn_wait")
        assert longest_s == pytest.approx(max(0, stall.stalled_s - connections * STREAMS / RATE), abs=TOLERANCE_S)


@on_a_quiet_machine()
def test_a_stalled_stream_holds_up_no_other_on_its_connection(run, url, tmp_path):
    """Each hundredth answer pauses for a second after half of its body; all share one connection."""
    stall_s, one_in, seconds = 1, 100, long_or_short(MEASURED_S, 2)
    n = RATE * seconds
    _, target = url
    (tmp_path / "stalls.csv").write_text("ms\n" + f"{1000 * stall_s}\n" + (one_in - 1) * "0\n")
    (tmp_path / "stalls.yaml").write_text(f"""
target: {{ url: "{target}", http: 2-prior-knowledge }}
streams:
  - name: quick
    request: {{ path: "/cluster1?stall_ms={{csv:ms}}" }}
    feed: stalls.csv
    arrivals: constant
    connections: 1
    streams_per_connection: {STREAMS}
    phases: [ {{ rate: {RATE}/s, duration: {seconds}s }} ]
""")
    got, _ = make_run(run, tmp_path / "run", tmp_path / "stalls.yaml", "--log-requests", "csv")
    log = logged(tmp_path / "run")
    stalled_s, others_s = ([(row["done_ns"] - row["due_ns"]) / 1e9 for row in log if (row["seq"] % one_in == 0) == is_stalled]
                           for is_stalled in (True, False))
    assert got["totals"]["ok_n"] == n and (len(stalled_s), len(others_s)) == (n // one_in, n - n // one_in)
    note("GT2 stalled streams, HTTP/2: p99 of the others", 1e3 * quantile(others_s, 99), 5, "ms")
    with times():
        assert min(stalled_s) >= stall_s and quantile(stalled_s, 99) == pytest.approx(stall_s, abs=TOLERANCE_S)
        assert quantile(others_s, 99) < .005
        assert percentile_s(tmp_path / "run", "response", 95) < .005 < stall_s <= percentile_s(tmp_path / "run", "response", 99.9)
        assert exact(got, "first_byte")[2] < stall_s / 2, "its head and half of its body came at once"
        assert exact(got, "conn_wait")[2] < TOLERANCE_S
