"""A run of 24 hours and eight tags is analysed in under 30 s and 500 MB."""
# ctest: release

import resource
import sys

from programs import ROOT

sys.path.insert(0, str(ROOT / "tests/data"))
import make_run  # noqa: E402


def test_a_day_is_analysed_in_bounded_time_and_memory(run, tmp_path):
    make_run.make(str(tmp_path / "day"), "day")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run("loadgen-analysis", "recompute", tmp_path / "day")
    run("loadgen-analysis", "figures", "--data", tmp_path / "day")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30, "processor time, as other tests run beside"
    assert after.ru_maxrss < 500 * 1024
    assert (tmp_path / "day/figures/spectrum.csv").exists() and (tmp_path / "day/figures/bands.csv").exists()
