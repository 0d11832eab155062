# ctest: serial release truth long
"""No server that breaks the rules of HTTP/2 slows down the requests to another one on the same thread."""

import pytest

from http2_faults import CASES
from http2_run import good_stream, run_against
from truth import note, on_a_quiet_machine, rows, times

RATE, SECONDS = 1000, 2
P99_S = 0.01  # the faulty server and the good one share the machine with the generator

pytestmark = pytest.mark.usefixtures("urgent")


def p99_s(folder):
    return float(next(row["value_us"] for row in rows(folder, "percentiles.csv")
                      if (row["stream"], row["phase"], row["class"], row["metric"], row["p_ppm"]) == ("good", "all", "ok", "response", "990000"))) / 1e6


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
@on_a_quiet_machine()
def test_a_good_stream_keeps_its_pace(run, nginx, tmp_path, case):
    good = nginx(http2=True)
    got, _ = run_against(run, tmp_path, [case], good_stream(good.url, RATE, SECONDS), "closed", 4, "-t", 1)
    totals = next(one for one in got["stream_totals"] if one["stream"] == "good")
    note(f"beside {case.name}: response time of a good stream, p99", 1e3 * p99_s(tmp_path / "run"), 1e3 * P99_S, "ms")
    assert totals["intended_n"] == totals["sent_n"] == totals["ok_n"] == RATE * SECONDS
    with times():
        assert p99_s(tmp_path / "run") < P99_S
