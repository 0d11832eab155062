# ctest: serial release truth
"""Faults of a server leave the times of its good answers alone (GT13 of the method)."""

import pytest

from faulty import FAULTS, N, run_with
from truth import on_a_quiet_machine, quantile, times

SLO_MS = 50


@pytest.mark.usefixtures("urgent")
@on_a_quiet_machine()
def test_faults_do_not_touch_the_times_of_good_answers(run, emulator, tmp_path):
    good_ms = {}
    for name, faults in (("good", {}), ("faulty", FAULTS)):
        _, ours = run_with(faults, run, emulator, tmp_path / name)
        good_ms[name] = [(row["done_ns"] - row["sent_ns"]) / 1e6 for row in ours if row["class"] == "ok"]
        in_time = sum(ms < SLO_MS for ms in good_ms[name]) / N
        with times():
            assert in_time == 1 - sum(per_mille for _, per_mille in faults.values()) / 1000, "good answers in time, of all that were asked for"
    for percent in (50, 90, 99):
        with times():
            assert quantile(good_ms["faulty"], percent) == pytest.approx(quantile(good_ms["good"], percent), rel=.1, abs=.2)
