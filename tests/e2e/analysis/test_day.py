"""Large runs: 24 hours of eight tags are analysed in under 30 s and 500 MB, and 10 000 instances soundly."""
# ctest: release early

import json
import resource
import shutil

import make_run


def test_a_day_is_analysed_in_bounded_time_and_memory(run, tmp_path):
    make_run.make(str(tmp_path / "day"), "day")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run("loadgen-analysis", "recompute", tmp_path / "day")
    run("loadgen-analysis", "figures", "--data", tmp_path / "day")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30, "processor time, as other tests run beside"
    assert after.ru_maxrss < 500 * 1024
    assert (tmp_path / "day/figures/spectrum.csv").exists() and (tmp_path / "day/figures/bands.csv").exists()
    is_sound(run("loadgen-analysis", "compare", tmp_path / "day").stdout)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 500 * 1024


def is_sound(text):
    assert "nan" not in text and "-inf" not in text and " inf" not in text


def every_command_is_sound(run, folder):
    """What test_broken_runs.py asks of small folders."""
    shutil.copytree(folder, folder.parent / "other")
    document = json.loads((folder / "run.json").read_text())
    document.update(t0_realtime_ns=document["t0_realtime_ns"] + 100_000_000, run_id="later")
    (folder.parent / "other/run.json").write_text(json.dumps(document))
    for command in ("summary", "compare", "export"):
        is_sound(run("loadgen-analysis", command, folder).stdout)
    run("loadgen-analysis", "merge", folder, folder.parent / "other", "--out", folder.parent / "all")


def test_ten_thousand_instances_are_analysed(run, tmp_path):
    make_run.make(str(tmp_path / "many"), "many")
    run("loadgen-analysis", "recompute", tmp_path / "many")
    every_command_is_sound(run, tmp_path / "many")
    lines = (tmp_path / "all/instances.csv").read_text().splitlines()
    assert len(lines) == 10001
