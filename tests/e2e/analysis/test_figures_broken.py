"""Figures of broken run folders: one sentence says what is wrong and where."""

import json
import pathlib

import pytest

import make_run


def refused(run, path, *words):
    done = run("loadgen-analysis", "figures", "--data", path, expect=2)
    assert done.stderr.startswith("loadgen analysis: ") or ": error: " in done.stderr
    assert done.stderr.count("\n") <= 2
    for word in words:
        assert word in done.stderr, done.stderr


def edit(path, **fields):
    document = json.loads((path / "run.json").read_text())
    document.update(fields)
    (path / "run.json").write_text(json.dumps(document))


def test_a_missing_folder_is_named(run, tmp_path):
    refused(run, tmp_path / "nowhere", "cannot open run folder", "nowhere")
    refused(run, pathlib.Path(__file__), "is not a folder")


def test_no_run_at_all_is_told(run):
    done = run("loadgen-analysis", "figures", expect=2)
    assert "there is no results/latest here yet" in done.stderr


@pytest.mark.parametrize("file", ["run.json", "hist.hlog"])
def test_a_missing_primary_file_is_named(run, folder, file):
    path, _ = folder("second")
    (path / file).unlink()
    refused(run, path, file)


@pytest.mark.parametrize("fields, words", [
    ({"schema_version": 2}, ["schema version 2", "which reads version 1"]),
    ({"schema_version": "one"}, ["'schema_version' must be a whole number", "not a text"]),
    ({"duration_s": None}, ["'duration_s' must be a number, not null"]),
    ({"streams": {}}, ["'streams' must be an array, not an object"]),
    ({"clusters": [{"name": "cluster1", "label": 7, "instances": []}]}, ["'clusters[0].label' must be a text, not a number"]),
    ({"phases": [{"stream": "m4-s"}]}, ["'phases[0].cluster' is missing"]),
    ({"streams": []}, ["hist.hlog:", "has no stream"]),
    ({"exact": [{"tag": "service.m4-s.cluster1.p1.ok.all", "n": 3}]}, ["where run.json counted 3"]),
])
def test_a_wrong_run_json_is_told_by_key(run, folder, fields, words):
    path, _ = folder("second")
    edit(path, **fields)
    refused(run, path, "run.json" if "hist.hlog:" not in words else "hist.hlog", *words)


def test_broken_json_is_told_by_line(run, folder):
    path, _ = folder("second")
    (path / "run.json").write_text('{\n "schema_version": 1,,\n')
    refused(run, path, "run.json:2:", "not valid JSON")
    (path / "run.json").write_bytes(b"\x00\xff")
    refused(run, path, "run.json")


def test_a_log_cut_short_is_read_and_told(run, folder):
    path, _ = folder("tp1")
    log = (path / "hist.hlog").read_bytes()
    (path / "hist.hlog").write_bytes(log[: len(log) * 2 // 3])
    run("loadgen-analysis", "figures", "--data", path)
    assert "hist.hlog lacks" in (path / "figures/spectrum.txt").read_text()
    assert "hist.hlog lacks" in run("loadgen-analysis", "summary", path).stdout


def test_a_broken_line_in_a_log_is_told_by_number(run, folder):
    path, _ = folder("second")
    lines = (path / "hist.hlog").read_text().splitlines()
    lines[5] = lines[5][:-30] + "AAAA" + lines[5][-26:]
    (path / "hist.hlog").write_text("\n".join(lines) + "\n")
    refused(run, path, "hist.hlog:6")


def test_a_table_with_other_columns_costs_only_its_figure(run, folder):
    path, _ = folder("second")
    (path / "intervals.csv").write_text("a,b\n1,2\n")
    done = run("loadgen-analysis", "figures", "--data", path)
    assert "throughput: left out:" in done.stdout and "intervals.csv has no column 't_s'" in done.stdout
    assert (path / "figures/spectrum.csv").exists()


@pytest.mark.parametrize("old, new, words", [("held,ok", "good,ok", ["loadcurve.csv:2", "'result' must be", "'good'"]),
                                             ("result", "outcome", ["loadcurve.csv", "no column 'result'"])])
def test_a_wrong_curve_of_a_sweep_is_told(run, tmp_path, old, new, words):
    make_run.make_sweep(tmp_path / "sweep", runs=False)
    curve = tmp_path / "sweep/loadcurve.csv"
    curve.write_text(curve.read_text().replace(old, new, 1))
    refused(run, tmp_path / "sweep", *words)


def test_not_a_number_in_a_table_is_told_by_line(run, folder):
    path, _ = folder("second")
    text = (path / "health.csv").read_text().splitlines()
    text[1] = text[1].replace(text[1].split(",")[4], "nan")
    (path / "health.csv").write_text("\n".join(text) + "\n")
    refused(run, path, "health.csv:2", "'utilisation' must hold a finite number, not 'nan'")
