"""Figures: what they are drawn from is right, every format comes out, and only what is stale is drawn again."""
# ctest: early

import csv
import json
import shutil
import xml.etree.ElementTree as ElementTree

import pytest

import made_hist
import make_run
from programs import BIN, ROOT

FORMATS = [".svg", ".png", ".pdf", ".web.svg", "-latex.tex"]
OF_TP1 = {"summary", "spectrum", "ecdf", "bands", "throughput", "instances", "heatmap", "violin", "health", "ratio"}


def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def merged(truth, cluster, metric="service", outcome="ok", instance="all"):
    total = made_hist.Hist()
    for tag, hist in truth.merged.items():
        parts = tag.split(".")
        warmup = any(p["warmup"] for p in truth.phases if p["stream"] == parts[1] and p["phase"] == parts[3])
        if (parts[0], parts[2], parts[4], parts[5]) == (metric, cluster, outcome, instance) and not warmup:
            total.merge(hist)
    return total


def plots(run, folder, *more):
    return run("make", "-f", ROOT / "Makefile.plots", f"RUN={folder}", f"ANALYSIS={BIN / 'loadgen-analysis'}", *more)


def pictures(folder):
    return {p.name: p.stat().st_mtime_ns for p in sorted((folder / "figures").iterdir()) if p.suffix not in (".csv", ".txt")}


# --- what is drawn ----------------------------------------------------------------------------------------------------------

def test_every_figure_is_drawn_in_every_format(run, folder):
    path, _ = folder("tp1")
    plots(run, path)
    names = {p.stem for p in (path / "figures").glob("*.csv")}
    assert names == OF_TP1
    for name in names:
        for ending in FORMATS:
            picture = path / "figures" / (name + ending)
            assert picture.stat().st_size > 500, picture
        assert (path / "figures" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
        assert (path / "figures" / f"{name}.pdf").read_bytes()[:4] == b"%PDF"
        ElementTree.parse(path / "figures" / f"{name}.svg")
        ElementTree.parse(path / "figures" / f"{name}.web.svg")


def test_figures_command_draws_what_make_draws(run, folder):
    path, _ = folder("second")
    run("loadgen-analysis", "figures", path, "--formats", "svg")
    assert {p.suffix for p in (path / "figures").iterdir() if not p.name.startswith(".")} == {".csv", ".txt", ".svg"}


def test_percentiles_are_those_of_the_merged_counts(run, folder):
    path, truth = folder("tp1")
    run("loadgen-analysis", "figures", "--data", path)
    for cluster in ("cluster1", "cluster2"):
        hist = merged(truth, cluster)
        drawn = [r for r in rows(path / "figures/spectrum.csv") if r["cluster"] == cluster and r["kind"] == "line"]
        assert int(drawn[0]["p_ppm"]) == 500000 and int(drawn[-1]["n_beyond"]) >= 10
        for row in drawn:
            assert float(row["value_ms"]) == pytest.approx(hist.percentile_ns(int(row["p_ppm"])) / 1e6, abs=1e-6)
            if row["lo_ms"] and row["hi_ms"]:
                assert float(row["lo_ms"]) <= float(row["value_ms"]) <= float(row["hi_ms"])


def test_a_distribution_ends_at_all_of_the_requests(run, folder):
    path, truth = folder("open")
    run("loadgen-analysis", "figures", "--data", path)
    for cluster in ("cluster1", "cluster2"):
        hist = merged(truth, cluster, "response")
        drawn = [r for r in rows(path / "figures/ecdf.csv") if r["cluster"] == cluster]
        assert float(drawn[-1]["cdf"]) == 1 and float(drawn[-1]["ccdf"]) == 0
        assert {int(r["n"]) for r in drawn} == {hist.n}
        for row in drawn[:: len(drawn) // 20]:
            within = sum(n for index, n in hist.bins.items() if made_hist.top_of(index) <= round(float(row["value_ms"]) * 1e6))
            assert float(row["cdf"]) == pytest.approx(within / hist.n, abs=1e-8)


def test_curves_end_where_the_rest_failed(run, folder):
    path, truth = folder("errors")
    run("loadgen-analysis", "figures", "--data", path)
    measured = [r for r in truth.requests if r.phase != "warm"]
    for cluster in ("cluster1", "cluster2"):
        ended = [r.outcome for r in measured if truth.stream(r.stream)["cluster"] == cluster]
        failed = sum(outcome != "ok" for outcome in ended)
        share, = [r for r in rows(path / "figures/ecdf.csv") if (r["kind"], r["cluster"]) == ("end", cluster)]
        assert float(share["ccdf"]) == pytest.approx(failed / len(ended), abs=1e-8) and int(share["n"]) == len(ended)
        end, = [r for r in rows(path / "figures/spectrum.csv") if (r["kind"], r["cluster"]) == ("end", cluster)]
        assert int(end["n_beyond"]) == failed and int(end["p_ppm"]) == (len(ended) - failed) * 1000000 // len(ended)
        assert end["note"] == share["note"] and end["note"].endswith("% failed")
    caption = (path / "figures/spectrum.txt").read_text().replace("\n", " ")
    assert "a line ends in a cross where the rest failed" in caption and " failed), t2 " in caption


def test_a_cluster_that_answers_nothing_is_not_left_empty(run, tmp_path):
    m4, t2 = make_run.pair_of_clusters()
    made = make_run.Run(str(tmp_path / "dead"), "dead", [m4, t2])
    make_run.closed_stream(made, "m4-s", m4, [(500, None)])
    make_run.closed_stream(made, "t2-s", t2, [(500, None)], lambda pick: "status_5xx")
    made.write()
    run("loadgen-analysis", "recompute", tmp_path / "dead")
    figures = tmp_path / "dead/figures"
    done = run("loadgen-analysis", "figures", tmp_path / "dead", "--formats", "svg")
    assert "gnuplot" not in done.stdout
    assert {p.stem for p in figures.glob("*.svg")} == OF_TP1
    assert [r["note"] for r in rows(figures / "spectrum.csv") if r["kind"] == "end"] == ["100 % failed"]
    assert [(r["kind"], r["note"]) for r in rows(figures / "violin.csv") if r["style"] == "2"] == 5 * [("few", "none")]
    assert {r["none"] for r in rows(figures / "bands.csv") if r["kind"] == "value" and r["style"] == "2" and r["n"] != "0"} == {"p50"}
    assert {r["class"] for r in rows(figures / "throughput.csv") if r["kind"] == "error" and r["style"] == "2"} == {"status_5xx"}


def test_every_request_is_in_one_cell_of_the_heatmap(run, folder):
    path, truth = folder("open")
    run("loadgen-analysis", "figures", "--data", path)
    counted = sum(int(r["count_n"]) for r in rows(path / "figures/heatmap.csv") if r["kind"] == "value")
    assert counted == sum(r.outcome == "ok" for r in truth.requests)


def test_throughput_adds_up_to_the_requests(run, folder):
    path, truth = folder("errors")
    run("loadgen-analysis", "figures", "--data", path)
    drawn = [r for r in rows(path / "figures/throughput.csv") if r["kind"] == "value"]
    total = sum(float(r["ok_per_s"]) * (float(r["t_end_s"]) - float(r["t_s"])) for r in drawn)
    end_s = max(float(r["t_end_s"]) for r in drawn)
    assert total == pytest.approx(sum(r.outcome == "ok" and r.done < end_s * 1e9 for r in truth.requests), abs=1)
    failed = [r for r in rows(path / "figures/throughput.csv") if r["kind"] == "error"]
    assert {r["class"] for r in failed} == {"status_5xx", "reset"}


def test_a_long_pause_is_cut_out_of_the_time_axis(run, folder):
    path, _ = folder("tp1")
    run("loadgen-analysis", "figures", "--data", path)
    drawn = rows(path / "figures/bands.csv")
    cut, = [r for r in drawn if r["kind"] == "cut"]
    assert float(cut["t_end_s"]) - float(cut["t_s"]) > 50 and float(cut["x_end_s"]) - float(cut["x_s"]) < 1
    positions = [float(r["x_s"]) for r in drawn if r["kind"] == "value" and r["style"] == "1"]
    assert positions == sorted(positions)


def test_instances_are_those_of_the_deployment_in_its_order(run, folder):
    path, truth = folder("tp1")
    run("loadgen-analysis", "figures", "--data", path)
    bars = [r for r in rows(path / "figures/instances.csv") if r["kind"] == "bar"]
    assert [r["instance"] for r in bars] == truth.clusters[0].instances + truth.clusters[1].instances
    assert [int(r["requests_n"]) for r in bars] == 4 * [625] + 5 * [500]
    notes = [r["note"] for r in rows(path / "figures/instances.csv") if r["kind"] == "note"]
    assert len(notes) == 2 and all("round robin" in note for note in notes)


def test_m4_and_t2_keep_their_styles_wherever_they_stand(run, folder):
    path, _ = folder("tp1")
    document = json.loads((path / "run.json").read_text())
    document["clusters"].reverse()
    (path / "run.json").write_text(json.dumps(document))
    run("loadgen-analysis", "figures", "--data", path)
    assert {(r["series"], r["style"]) for r in rows(path / "figures/spectrum.csv")} == {("m4 (cluster1)", "1"), ("t2 (cluster2)", "2")}


def test_captions_stand_alone(run, folder):
    path, _ = folder("open")
    run("loadgen-analysis", "figures", "--data", path)
    for text in (path / "figures").glob("*.txt"):
        title, caption = text.read_text().split("\n", 1)
        caption = caption.replace("\n", " ")
        assert 5 < len(title) < 100
        assert "Run 2026-11-21T22-10-04Z-open, 2026-11-21 22:10 UTC, 1 min 25 s, emulated instances." in caption, text.name
        if text.stem not in ("health", "instances"):
            assert "200 to 600 per second" in caption, text.name
    spectrum = (path / "figures/spectrum.txt").read_text().replace("\n", " ")
    assert "Attempts: m4 19 791, t2 20 107, none failed." in spectrum and "due" in spectrum


def test_a_campaign_is_drawn_as_ratios_and_pairs(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", ratio=1.15)
    plots(run, tmp_path / "c", "FORMATS=svg tex")
    assert {p.name for p in (tmp_path / "c/figures").glob("*.svg")} == {"ratio.svg", "pairs.svg"}
    ratio = rows(tmp_path / "c/figures/ratio.csv")
    assert [r["name"] for r in ratio if r["kind"] == "ab"] == ["p50", "p90", "p99"] and float(ratio[0]["lo"]) < 1.16 < float(ratio[0]["hi"])
    assert [r["name"] for r in ratio if r["kind"] == "aa"] == ["p50", "p50", "p90", "p90", "p99", "p99"]
    caption = (tmp_path / "c/figures/pairs.txt").read_text().replace("\n", " ")
    assert "8 pairs and 2 control pairs, 2026-11-21 " in caption and "campaign seed 1. Load of each run: closed, 1 user, " in caption
    assert "Failed in the pairs: m4 none of 9 600, t2 none of 9 600." in caption


def test_a_sweep_is_drawn_as_a_curve_of_times_against_load(run, tmp_path):
    make_run.make_sweep(tmp_path / "sweep", runs=False)
    plots(run, tmp_path / "sweep", "FORMATS=svg")
    drawn = rows(tmp_path / "sweep/figures/loadcurve.csv")
    assert len(drawn) == 16 and {r["style"] for r in drawn} == {"1", "2"}
    assert [(r["cluster"], r["offered_per_s"]) for r in drawn if r["result"] == "saturated"] == [("cluster2", "400.000")] * 2
    assert {(r["cluster"], r["sustains_per_s"]) for r in drawn} == {("cluster1", "400.000"), ("cluster2", "300.000")}
    assert (tmp_path / "sweep/figures/loadcurve.svg").exists()


def test_the_steps_of_a_sweep_are_drawn_by_rate_in_whatever_order_they_were_made(run, tmp_path):
    make_run.make_sweep(tmp_path / "sweep", runs=False, rates=(400, 100, 300, 200))
    run("loadgen-analysis", "figures", "--data", tmp_path / "sweep")
    rates = [float(r["offered_per_s"]) for r in rows(tmp_path / "sweep/figures/loadcurve.csv") if r["cluster"] == "cluster1" and r["p_ppm"] == "990000"]
    assert rates == [100, 200, 300, 400]


def test_what_the_provider_measured_is_drawn_beside_the_generator(run, folder):
    path, truth = folder("open")
    lines = ["ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s"]
    for minute in (0, 1):
        lines.append(f"2026-11-21T22:{10 + minute:02d}:04Z,aws,AWS/ApplicationELB,RequestCount,Sum,cluster1,,12000,Count,60")
        lines += [f"2026-11-21T22:{10 + minute:02d}:04Z,aws,AWS/EC2,CPUUtilization,Average,cluster1,{i},{load},Percent,60"
                  for i, load in zip(truth.clusters[0].instances, (10, 20, 30, 40))]
    (path / "cloudwatch.csv").write_text("\n".join(lines) + "\n")
    run("loadgen-analysis", "figures", "--data", path)
    drawn = [r for r in rows(path / "figures/cloudwatch.csv") if r["source"] == "provider"]
    assert {float(r["value"]) for r in drawn if r["panel"] == "requests"} == {200.0}
    assert {float(r["value"]) for r in drawn if r["panel"] == "cpu"} == {25.0}
    assert "CloudWatch" in (path / "figures/cloudwatch.txt").read_text()


# --- when it is drawn -------------------------------------------------------------------------------------------------------

FEW = "FORMATS=svg tex"  # one file, and a file with its companion


def test_a_second_make_draws_nothing(run, folder):
    path, _ = folder("second")
    plots(run, path, FEW)
    before = pictures(path)
    done = plots(run, path, FEW)
    assert pictures(path) == before and done.stderr == ""
    (path / "hist.hlog").touch()
    plots(run, path, FEW)
    assert pictures(path) == before, "the data did not change, so no picture may"


def test_changed_data_draws_only_what_shows_it(run, folder):
    path, _ = folder("second")
    plots(run, path, FEW)
    before = pictures(path)
    lines = (path / "instances.csv").read_text().splitlines()
    header, first = lines[0].split(","), lines[1].split(",")
    first[header.index("requests_n")] = "51"
    (path / "instances.csv").write_text("\n".join([lines[0], ",".join(first), *lines[2:]]) + "\n")
    plots(run, path, FEW)
    changed = {name for name, date in pictures(path).items() if date != before[name]}
    assert changed == {stem + ending for stem in ("instances", "summary") for ending in (".svg", "-latex.tex", "-latex.pdf")}


def test_same_data_gives_the_same_bytes(run, folder, tmp_path):
    first, _ = folder("second", name="one")
    shutil.copytree(first, tmp_path / "two" / "deeper")
    for path in (first, tmp_path / "two" / "deeper"):
        plots(run, path, "FORMATS=svg png web")
    for picture in (first / "figures").iterdir():
        if picture.suffix in (".svg", ".png", ".csv", ".txt"):
            assert picture.read_bytes() == (tmp_path / "two/deeper/figures" / picture.name).read_bytes(), picture.name


def test_a_figure_without_data_is_left_out_with_the_reason(run, folder):
    path, _ = folder("zero")
    (path / "figures").mkdir()
    (path / "figures/spectrum.svg").write_text("of an earlier analysis")
    done = run("loadgen-analysis", "figures", "--data", path)
    assert "spectrum: left out: no cluster has 20 attempts outside of warm-up" in done.stdout
    assert "throughput: left out: no request was completed" in done.stdout
    assert not (path / "figures/spectrum.svg").exists()
    plots(run, path)


@pytest.mark.parametrize("kind", ["zero", "second", "interrupted", "warmup", "single", "all-errors"])
def test_odd_runs_give_sound_figures(run, folder, kind):
    path, _ = folder(kind)
    plots(run, path, "FORMATS=svg")
    drawn = {p.stem for p in (path / "figures").glob("*.csv")}
    assert {p.stem for p in (path / "figures").glob("*.svg")} == drawn
    for name in drawn:
        assert "nan" not in (path / "figures" / f"{name}.csv").read_text().lower()


@pytest.mark.parametrize("n", [1, 2, 20, 21, 22, 23])
def test_a_handful_of_requests_gives_every_figure_that_it_can(run, emulator, tmp_path, n):
    """Of 20 requests the median alone has ten beyond it; of one there is no percentile, and none took longer."""
    path = tmp_path / "few"
    run("loadgen", "run", "--target", f"http://127.0.0.1:{emulator().port}/", "-c", "1", "-n", str(n), "-q", "-o", path)
    done = run("loadgen-analysis", "figures", path, "--formats", "svg")
    assert "gnuplot" not in done.stdout + done.stderr
    drawn = {p.stem for p in (path / "figures").glob("*.svg")}
    assert {"summary", "ecdf"} <= drawn and ("spectrum" in drawn) == (n >= 20)


def test_ten_thousand_instances_are_drawn(run, folder):
    path, _ = folder("many")
    done = run("loadgen-analysis", "figures", path, "--formats", "svg")
    assert "violin: left out: there are more than 30 instances" in done.stdout
    assert len([r for r in rows(path / "figures/instances.csv") if r["kind"] == "bar"]) == 10000
    assert (path / "figures/instances.svg").exists()
