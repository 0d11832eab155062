"""A run's numbers for other tools, each format read back."""

import csv
import io
import json
import math

import pytest

import made_hist
import make_run


@pytest.fixture(name="folder")
def fixture_folder(tmp_path):
    truth = make_run.make(str(tmp_path / "run"), "tp1")
    hist = made_hist.Hist()
    for tag, part in truth.merged.items():
        if tag.startswith("service.") and ".cluster1." in tag and tag.endswith(".ok.all"):
            hist.merge(part)
    return tmp_path / "run", hist


def test_json_holds_the_percentiles_by_name(run, folder):
    path, hist = folder
    first = json.loads(run("loadgen-analysis", "export", path).stdout)["clusters"][0]
    assert (first["metric"], first["name"], first["ok_n"], first["failed_n"]) == ("service", "cluster1", 2500, 0)
    assert first["attempts_n"] == 2500 and len(first["percentiles"]) == len(first["ok_percentiles_us"]) == 8
    for name, row in first["percentiles"].items():
        right = min(hist.percentile_ns(round(float(name[1:]) * 10000)), hist.most) / 1000
        assert row["state"] == "exact" and row["value_us"] == first["ok_percentiles_us"][name] == pytest.approx(right)


def test_csv_holds_every_bin(run, folder):
    path, hist = folder
    rows = [r for r in csv.DictReader(io.StringIO(run("loadgen-analysis", "export", path, "--format", "csv").stdout))
            if r["cluster"] == "cluster1" and r["class"] == "ok"]
    assert [(round(float(r["hi_us"]) * 1000), int(r["count_n"])) for r in rows] == \
        [(made_hist.top_of(index), n) for index, n in sorted(hist.bins.items())]


def test_hgrm_rows_are_nearest_ranks(run, folder):
    path, hist = folder
    text = run("loadgen-analysis", "export", path, "--format", "hgrm", "--cluster", "cluster1").stdout
    rows = [line.split() for line in text.splitlines() if line.strip() and line.strip()[0].isdigit()]
    assert len(rows) > 30 and int(rows[-1][2]) == 2500
    for value, percentile, *_ in rows[:-1]:
        rank, seen = max(1, math.ceil(float(percentile) * hist.n - 1e-6)), 0
        for index in sorted(hist.bins):
            seen += hist.bins[index]
            if seen >= rank:
                break
        assert float(value) == pytest.approx(made_hist.top_of(index) / 1e6, abs=2e-6)
    assert "#[Buckets =           32, SubBuckets     =         2048]" in text


def test_openmetrics_ends_as_the_format_wants(run, folder):
    path, hist = folder
    lines = run("loadgen-analysis", "export", path, "--format", "openmetrics").stdout.splitlines()
    assert lines[-1] == "# EOF"
    value, = [line.split()[-1] for line in lines if line.startswith("loadgen_time") and 'cluster="cluster1",quantile="0.99"' in line]
    assert float(value) == pytest.approx(hist.percentile_ns(990000) / 1e9)
    assert any(line.endswith('result="ok"} 2500') for line in lines)


def test_wrong_wishes_are_refused(run, folder):
    path, _ = folder
    assert "--cluster" in run("loadgen-analysis", "export", path, "--format", "hgrm", expect=2).stderr
    assert "no cluster 'x'" in run("loadgen-analysis", "export", path, "--format", "hgrm", "--cluster", "x", expect=2).stderr
    run("loadgen-analysis", "export", path, "--format", "yaml", expect=2)
