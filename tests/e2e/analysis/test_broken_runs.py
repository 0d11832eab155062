"""Every command of the analysis on every kind of broken or odd run folder: a clear sentence or a sound answer, never a crash or a silent zero."""
# ctest: early

import json
import re
import shutil
import subprocess

import pytest

import make_run
from programs import BIN
from undrawn import path_without

COMMANDS = ["figures", "compare", "summary", "report", "export", "merge", "recompute"]


def edit_json(change):
    def edit(folder):
        document = json.loads((folder / "run.json").read_text())
        change(document)
        (folder / "run.json").write_text(json.dumps(document))
    return edit


def without(name):
    return lambda folder: (folder / name).unlink()


def other_columns(name):
    return lambda folder: (folder / name).write_text("a,b\n1,2\n")


def not_a_number(name, column):
    """`nan` in the first row."""
    def edit(folder):
        lines = (folder / name).read_text().splitlines()
        cells = lines[1].split(",")
        cells[lines[0].split(",").index(column)] = "nan"
        (folder / name).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    return edit


def cut_log(folder):
    log = (folder / "hist.hlog").read_bytes()
    (folder / "hist.hlog").write_bytes(log[:-50])


def cut_line(name):
    """The end of the last line is missing."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-3])


def nan_in_json(folder):
    text = (folder / "run.json").read_text()
    (folder / "run.json").write_text(re.sub(r'"duration_s": [0-9.]+', '"duration_s": NaN', text))


ALL = COMMANDS  # refused by every command
DRAWING = ["figures", "report"]
# what is broken: (kind of run, how it is broken, words of the sentence, who refuses it)
CASES = {
    "run.json is missing": ("second", without("run.json"), "run.json", ALL),
    "hist.hlog is missing": ("second", without("hist.hlog"), "hist.hlog", ALL),
    "intervals.csv is missing": ("second", without("intervals.csv"), "intervals.csv", ["merge"]),
    "health.csv is missing": ("second", without("health.csv"), None, []),
    "the log is cut short": ("second", cut_log, "hist.hlog lacks ", ["compare", "export", "recompute"]),
    "intervals.csv is cut short": ("second", cut_line("intervals.csv"), "intervals.csv", ["merge"]),
    "health.csv is cut short": ("second", cut_line("health.csv"), "health.csv", ["merge"]),
    "instances.csv is cut short": ("second", cut_line("instances.csv"), None, []),
    "intervals.csv has other columns": ("second", other_columns("intervals.csv"), "intervals.csv", ["merge"]),
    "health.csv has other columns": ("second", other_columns("health.csv"), "health.csv", DRAWING + ["merge"]),
    "instances.csv has other columns": ("second", other_columns("instances.csv"), "instances.csv", DRAWING),
    "cloudwatch.csv has other columns": ("second", other_columns("cloudwatch.csv"), "cloudwatch.csv", DRAWING),
    "another schema version": ("second", edit_json(lambda r: r.update(schema_version=2)), "schema version 2", ALL),
    "no request": ("zero", None, None, []),
    "one second": ("second", None, None, []),
    "all requests failed": ("all-errors", None, None, []),
    "NaN in run.json": ("second", nan_in_json, "run.json", ALL),
    "NaN in intervals.csv": ("second", not_a_number("intervals.csv", "ok_n"), "intervals.csv", ["merge"]),
    "NaN in health.csv": ("second", not_a_number("health.csv", "t_s"), "health.csv", DRAWING + ["merge"]),
    "NaN in instances.csv": ("second", not_a_number("instances.csv", "requests_n"), "instances.csv", DRAWING),
}
# 10 000 instances and a day of seconds: tests/e2e/test_day.py


@pytest.fixture(name="made", scope="module")
def fixture_made(tmp_path_factory):
    """made(kind) is a folder of that kind, made once; do not change it."""
    folders = {}

    def make(kind):
        if kind not in folders:
            folders[kind] = tmp_path_factory.mktemp("made") / kind
            make_run.make(str(folders[kind]), kind)
            subprocess.run([BIN / "loadgen-analysis", "recompute", folders[kind]], check=True)
        return folders[kind]
    return make


@pytest.fixture(name="analyse")
def fixture_analyse(run, tmp_path):
    """Runs a command without drawing pictures, which test_figures.py does."""
    path = path_without(tmp_path, "svg", "png", "pdf", "tex", "web")
    return lambda *words, **more: run("loadgen-analysis", *words, env={"PATH": path}, **more)


def words_of(command, folder, other):
    """The command line; merge adds a whole run of the same kind, begun 0.1 s later."""
    if command == "merge":
        return ["merge", folder, other, "--out", folder.parent / "all"]
    return [command, folder, *(["--data"] if command == "figures" else [])]


def begun_later(folder):
    edit_json(lambda r: r.update(t0_realtime_ns=r["t0_realtime_ns"] + 100_000_000, run_id="later"))(folder)


def check_sound(text, where):
    """No NaN is ever printed."""
    plain = re.sub(r"not ('|&#39;)nan|data:[^\"']*|<svg.*?</svg>|<style.*?</style>", "", text, flags=re.S)
    found = re.search(r"(?<![A-Za-z])-?(nan|inf)(?![A-Za-z])", plain, flags=re.I)
    assert not found, f"{where}: ...{plain[max(0, found.start() - 60):found.end() + 20]}..."


def check_answer(done, folders):
    check_sound(done.stdout, "stdout")
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in (".html", ".txt", ".tex") or path.parent.name == "figures" and path.suffix == ".csv":
                check_sound(path.read_text(), path)


def check_sentence(done, words):
    assert done.stderr.startswith("loadgen analysis: ") or ": error: " in done.stderr, done.stderr
    assert done.stderr.count("\n") <= 3 and words in done.stderr, done.stderr


@pytest.mark.parametrize("name", CASES)
def test_a_broken_run_is_told_or_analysed_soundly(made, analyse, tmp_path, name):
    kind, breaks, words, refused = CASES[name]
    for command in COMMANDS:
        case = tmp_path / command
        shutil.copytree(made(kind), case / "run")
        if command == "merge":
            shutil.copytree(case / "run", case / "other")
            begun_later(case / "other")
        if breaks:
            breaks(case / "run")
        done = analyse(*words_of(command, case / "run", case / "other"), expect=(0, 1, 2, 3))
        if done.returncode in (1, 2):
            assert command in refused, f"{command}: {done.stderr}"
            check_sentence(done, words)
        else:
            assert command not in refused, f"{command} says nothing of it: {done.stdout}"
            check_answer(done, [case / "run", case / "all"])


def test_values_that_a_log_lost_are_told(made, analyse, tmp_path):
    for name in ("run", "other"):
        shutil.copytree(made("second"), tmp_path / name)
    begun_later(tmp_path / "other")
    cut_log(tmp_path / "run")
    assert "hist.hlog lacks" in analyse("summary", tmp_path / "run").stdout
    assert "  files       hist.hlog lacks " in analyse(*words_of("merge", tmp_path / "run", tmp_path / "other")).stdout
    (tmp_path / "whole").mkdir()
    whole = analyse("merge", made("second"), tmp_path / "other", "--out", tmp_path / "whole/all").stdout
    assert "lacks" not in whole


@pytest.mark.parametrize("name", ["intervals.csv is missing", "NaN in intervals.csv"])
def test_failures_are_those_of_run_json(made, analyse, tmp_path, name):
    shutil.copytree(made("all-errors"), tmp_path / "run")
    CASES[name][1](tmp_path / "run")
    text = analyse("compare", tmp_path / "run").stdout
    assert "100.00 %   100.00 %" in text
    assert json.loads(analyse("export", tmp_path / "run").stdout)["clusters"][0]["failed_n"] == 2500
    assert "  2 500    100 %  " in analyse("summary", tmp_path / "run").stdout.split("cluster1")[1].split("\n")[0], "as run.json counted"


def test_runs_of_different_schema_versions_do_not_compare(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=3, controls=0, ratio=1.3)
    edit_json(lambda r: r.update(schema_version=2))(tmp_path / "c/pair-02-b")
    two = run("loadgen-analysis", "compare", "c/pair-02-a", "c/pair-02-b", expect=2)
    assert "c/pair-02-b/run.json: schema version 2" in two.stderr
    text = run("loadgen-analysis", "compare", "c").stdout
    assert "1 pair is left out: c/pair-02-b/run.json: schema version 2" in text and "still to be made" not in text
    assert "2 pairs" in text


def test_a_run_of_a_campaign_that_is_not_made_yet_is_not_broken(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=3, controls=0, missing=1)
    text = run("loadgen-analysis", "compare", "c").stdout
    assert "1 pairs of the campaign are still to be made" in text.replace("1 pair of the campaign is", "1 pairs of the campaign are")
    assert "left out" not in text
