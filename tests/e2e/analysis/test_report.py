"""`loadgen analysis report` on real and on awkward run folders: the page as a parser, a browser and a printer see it, and the LaTeX."""
# ctest: early

import csv
import json
import os
import pathlib
import re
import shutil
import urllib.parse

import pytest

import make_run
from browser import TO_BODY, TO_PARENT, browse, framed, needs_browser, said_by
from html_page import Page
from undrawn import path_without

DEPLOYMENT = {
    "schema_version": 1, "provider": "local", "emulated": True, "topology": "m4x4-t2x5", "url": "http://127.0.0.1:1",
    "region": "us-east-1", "app": "emulator", "price_usd_per_hour": 0.0, "prices_as_of": None,
    "load_balancer": {
        "kind": "haproxy", "algorithm": "round_robin",
        "listener": {"protocol": "HTTP", "port": 80, "default": [{"cluster": "cluster1", "weight": 1}],
                     "rules": [{"priority": 1, "paths": ["/cluster1", "/cluster1/*"], "cluster": "cluster1"},
                               {"priority": 2, "paths": ["/cluster2", "/cluster2/*"], "cluster": "cluster2"}]},
        "health_check": {"path": "/", "expect_status": 200}},
    "clusters": [
        {"name": "cluster1", "label": "m4", "path": "/cluster1", "instance_type": "m4.large", "zone": "us-east-1b", "count": 4,
         "specification": "2 vCPU & <8 GiB>, 50 % of $x_y", "price_usd_per_hour": 0.1},
        {"name": "cluster2", "label": "t2", "path": "/cluster2", "instance_type": "t2.large", "zone": "us-east-1a", "count": 5,
         "specification": "2 vCPU", "price_usd_per_hour": 0.0928}],
    "instances": [{"id": f"i-{n:017x}", "cluster": "cluster1" if n < 4 else "cluster2"} for n in range(9)]}


@pytest.fixture(name="made", scope="module")
def fixture_made():
    return {}


@pytest.fixture(name="path", scope="module")
def fixture_path(tmp_path_factory):
    """PATH without what draws png: it takes longest, and no report shows one."""
    return path_without(tmp_path_factory.mktemp("tools"), "png")


@pytest.fixture(name="report")
def fixture_report(run, path, tmp_path_factory, made):
    """report(KIND, ...) makes a run folder and its report, once for all tests of it; returns the folder."""
    def make(kind, deployment=None, fields=None):
        key = json.dumps([kind, deployment, fields])
        if key in made:
            return made[key]
        folder = tmp_path_factory.mktemp("run") / kind
        make_run.make(str(folder), kind)
        if fields:
            document = json.loads((folder / "run.json").read_text())
            document.update(fields)
            (folder / "run.json").write_text(json.dumps(document))
        if deployment:
            (folder / "deployment.json").write_text(json.dumps(deployment))
        assert run("loadgen", "analysis", "report", folder, env={"PATH": path}).stdout.endswith(f"{folder}/report.html\n")
        made[key] = folder
        return folder
    return make


def page_of(folder):
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def assert_page_is_sound(folder):
    page = page_of(folder)
    assert len(page.ids) == len(set(page.ids)), sorted(i for i in page.ids if page.ids.count(i) > 1)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, f"{link} leads nowhere"
        else:
            assert not urllib.parse.urlsplit(link).scheme and not link.startswith("/"), link
            assert (folder / urllib.parse.unquote(link)).is_file(), f"{link} is not beside the page"
    for tag, name, value in page.fetches:
        assert value == "data:," or (value.startswith("#") and value[1:] in page.ids), (tag, name, value)
    style = re.search(r"<style>(.*?)</style>", (folder / "report.html").read_text(), re.S).group(1)
    assert "url(" not in style and "@import" not in style
    return page


def test_the_report_of_two_clusters_begins_with_the_answer_and_keeps_its_order(report):
    page = assert_page_is_sound(report("tp1", DEPLOYMENT))
    assert page.headings == ["tp1", "Times by percentile", "Ratio by percentile", "How the run was made",
                             "How far the numbers can be quoted", "Over time", "Instances", "Health of the generator", "Every setting and file"]
    assert "This run does not say which is faster: 5 whole seconds are too few for an interval, which takes 30. The p99 was" in page.words
    assert "One run per cluster is not proof; loadgen campaign tp1.yaml would tell" in page.words
    assert "Amazon EC2 m5.large, virtual, x86_64" in page.words
    assert "emulated" in page.words
    assert "2 vCPU & <8 GiB>, 50 % of $x_y" in page.words
    assert "zoom-diagram" in page.ids and "zoom-spectrum" in page.ids and "zoom-bands" in page.ids


def test_numbers_of_the_page_are_those_of_percentiles_csv(report):
    folder = report("tp1", DEPLOYMENT)
    words = page_of(folder).words
    rows = [line.split(",") for line in (folder / "percentiles.csv").read_text().splitlines()]
    index = {name: i for i, name in enumerate(rows[0])}
    found = 0
    for row in rows[1:]:
        if row[index["stream"]] == "all" and row[index["phase"]] == "all" and row[index["class"]] == "all" \
                and row[index["metric"]] == "service" and row[index["p_ppm"]] in ("500000", "990000"):
            assert f"{float(row[index['value_us']]) / 1000:.2f} ms" in words, row
            found += 1
    assert found == 4


@pytest.mark.parametrize("kind", ["single", "zero", "all-errors", "interrupted", "warmup", "second", "open"])
def test_awkward_runs_have_a_sound_report(report, kind):
    folder = report(kind)
    page = assert_page_is_sound(folder)
    assert "nan" not in page.words.split() and "inf" not in page.words.split()
    assert ("The target was no deployment" in page.words) == (not (folder / "deployment.json").exists())


def test_few_requests_prove_little_and_the_report_says_so(report):
    """200 requests have one beyond p99."""
    words = page_of(report("second")).words
    assert "This run does not say which is faster: fewer than 10 requests beyond p99." in words
    assert "* rests on fewer than 10 requests: m4 p99, m4 p99.9, t2 p99, t2 p99.9." in words
    assert "not judged m4-s p99 " in page_of(report("second")).spaced


def test_a_direction_is_said_only_if_the_run_s_own_interval_carries_it(report):
    """Of 30 s, p99 differs by a factor of 3; the median, which the drained credits make jump in the middle, has an interval that is wide open."""
    answer = (report("open") / "report.txt").read_text().split("\n", 1)[0]
    assert answer.startswith("In this run t2 was slower than m4 at p99: 3.04 times as long (95 % interval ")
    assert "This run does not tell t2 and m4 apart at p50" in answer


def test_what_all_figures_share_stands_once_and_not_under_each(report):
    folder = report("tp1", DEPLOYMENT)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", (folder / "report.html").read_text(), re.S)
    assert len(captions) > 5
    for caption in captions:
        assert "Attempts: " not in caption and "Service time: " not in caption and folder.name not in caption
    for alone in ("spectrum", "throughput"):
        assert folder.name in (folder / f"figures/{alone}.txt").read_text()
    page = page_of(folder).words
    assert "Service times, from sending a request to its answer." in page and "each of 1 user who waits for each answer" in page


def of_latex(text):
    """What LaTeX makes of the report's escapes."""
    for escape, plain in (("-{}", "-"), ("\\%", "%"), ("\\textgreater{}", ">"), ("\\textasciigrave{}", "`"), ("\\textasciitilde{}", "~")):
        text = text.replace(escape, plain)
    return re.sub(r"\\texttt\{([^}]*)\}", r"`\1`", text)


@pytest.mark.parametrize("kind", ["tp1", "open", "all-errors", "interrupted"])
def test_all_forms_of_the_report_have_the_same_sentences_and_numbers(report, kind):
    folder = report(kind, DEPLOYMENT if kind == "tp1" else None)
    page, tex = page_of(folder), of_latex((folder / "report.tex").read_text())
    for line in (folder / "report.txt").read_text().split("\n")[:2]:
        assert " ".join(line.replace("`", "").split()) in page.words
        assert line in tex
    table = tex.split("\\midrule\n")[1].split("\\bottomrule")[0]
    for cell in re.split(r"&|\\\\", table):
        assert cell.strip() in page.words


def test_of_rules_that_held_the_one_nearest_to_its_limit_is_shown(report):
    """One row per kind of rule that held; each that did not."""
    kinds = [("R2", "m4-s", "OK", 0.5), ("R2", "t2-s", "OK", 0.75), ("R2", "all", "OK", 0.25), ("R8", "m4-s", "WARN", 3.0), ("R8", "t2-s", "WARN", 4.0)]
    checks = [{"rule": rule, "scope": scope, "level": level, "value": value, "warn": 2.0, "invalid": 10.0, "unit": "%", "what": "said of " + rule,
               "advice": ""} for rule, scope, level, value in kinds]
    words = page_of(report("second", fields={"checks": checks})).words
    assert "t2-s: said of R2 (the nearest to its limit of 3)" in words and "m4-s: said of R2" not in words and "all: said of R2" not in words
    assert "m4-s: said of R8" in words and "t2-s: said of R8" in words


def test_what_a_file_says_is_text_and_never_markup(report):
    evil = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
    folder = report("second", {**DEPLOYMENT, "topology": evil, "region": "\\input{x} & $ % # _ ~ ^"},
                    fields={"scenario": {"file": "x.yaml", "text": evil}, "argv": ["loadgen", "run", evil], "name": "a_b & 50 % {x} <i>"})
    page = assert_page_is_sound(folder)
    assert page.words.count(evil) == 3
    assert r"a\_b \& 50 \% \{x\} \textless{}i\textgreater{}" in (folder / "report.tex").read_text()


def test_the_text_begins_with_the_answer_and_holds_the_table_of_the_summary(report, run):
    folder = report("tp1", DEPLOYMENT)
    text = (folder / "report.txt").read_text()
    assert text.startswith("This run does not say which is faster: 5 whole seconds are too few for an interval, which takes 30. The p99 was 5.51 ms for t2 and 3.78 ms for m4.")
    summary = run("loadgen", "analysis", "summary", folder).stdout.splitlines(keepends=True)
    assert summary[-1].startswith("  next: ") and "".join(summary[:-1]) in text and "\n  machine          Amazon EC2 m5.large, virtual, x86_64\n" in text


def test_without_dot_the_diagram_is_left_out_and_the_reason_is_said(run, tmp_path):
    make_run.make(str(tmp_path / "tp1"), "tp1")
    (tmp_path / "tp1/deployment.json").write_text(json.dumps(DEPLOYMENT))
    tools = tmp_path / "tools"
    tools.mkdir()
    for folder in os.environ["PATH"].split(":") + ["/usr/bin", "/bin"]:
        for tool in pathlib.Path(folder).glob("*") if pathlib.Path(folder).is_dir() else []:
            if tool.name != "dot" and not (tools / tool.name).exists():
                (tools / tool.name).symlink_to(tool)
    done = run("loadgen", "analysis", "report", tmp_path / "tp1", env={"PATH": str(tools)})
    assert "diagram: left out: dot" in done.stdout
    assert "No diagram: dot" in assert_page_is_sound(tmp_path / "tp1").words
    assert "diagram" not in (tmp_path / "tp1/report.tex").read_text()


def test_a_second_report_draws_nothing_again(report, run):
    folder = report("tp1", DEPLOYMENT)
    before = {path: path.stat().st_mtime_ns for path in (folder / "figures").iterdir() if path.suffix in (".svg", ".png", ".pdf")}
    page = (folder / "report.html").read_bytes()
    run("loadgen", "analysis", "report", folder)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (folder / "report.html").read_bytes() == page


def deploy(folder):
    """The files in every run of a campaign or sweep that `loadgen` leaves there and that reports only link to or draw."""
    for run_json in folder.glob("*/run.json"):
        (run_json.parent / "percentiles.csv").write_text("cluster\n")
        (run_json.parent / "deployment.json").write_text(json.dumps(DEPLOYMENT))


@pytest.fixture(name="many")
def fixture_many(run, path, tmp_path_factory, made):
    """many("campaign") or many("sweep") makes such a folder and its report, once for all tests of it; returns the folder."""
    def make(kind):
        if kind not in made:
            folder = tmp_path_factory.mktemp("many") / kind
            {"campaign": make_run.make_campaign, "sweep": make_run.make_sweep}[kind](str(folder))
            deploy(folder)
            assert run("loadgen", "analysis", "report", folder, env={"PATH": path}).stdout.endswith(f"{folder}/report.html\n")
            made[kind] = folder
        return made[kind]
    return make


def test_a_campaign_begins_with_its_answer_and_shows_ratios_and_runs(many):
    folder = many("campaign")
    page = assert_page_is_sound(folder)
    assert page.headings == ["campaign", "Ratio by percentile", "What the pairs show", "How the runs were made", "The runs, in their order",
                             "Every setting and file"]
    sentence = (folder / "report.txt").read_text().split("\n", 1)[0]
    assert "t2 is slower than m4" in sentence and " ".join(sentence.split()) in page.words
    assert {"zoom-ratio", "zoom-pairs", "zoom-diagram"} <= set(page.ids)
    assert "same cluster twice" in page.words and "8 pairs and 2 control pairs" in page.words
    assert "one after the other in an order drawn at random; each control pair is m4 twice." in page.words
    assert "The number of pairs was fixed in advance." in page.words


def test_every_run_of_a_campaign_is_linked_and_its_numbers_are_those_of_its_file(many):
    folder = many("campaign")
    page = page_of(folder)
    runs = {path.parent.name for path in folder.glob("*/run.json")}
    assert len(runs) == 20 and {f"{name}/percentiles.csv" for name in runs} <= set(page.links)
    with open(folder / "pairs.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert re.search(rf"{row['run']} {row['label']} [0-9TZ:-]+ {int(row['attempts_n']):,} 0 ".replace(",", " ")
                             + f"{float(row['p50_us']) / 1000:.2f} ms", page.spaced), row


def test_a_sweep_begins_with_what_each_cluster_sustains(many):
    folder = many("sweep")
    page = assert_page_is_sound(folder)
    assert page.headings == ["campaign", "The steps", "The target and the machine", "Every setting and file"]
    assert "m4 (cluster1) sustains at least 400/s and t2 (cluster2) sustains 300/s, with p99 < 250ms." in page.words
    assert "The limit of t2 (cluster2) lies between 300/s, which held, and 400/s, at which too few requests were answered." in page.words
    assert {"zoom-loadcurve", "zoom-diagram"} <= set(page.ids)
    assert {f"{path.parent.name}/percentiles.csv" for path in folder.glob("*/run.json")} <= set(page.links) and "loadcurve.csv" in page.links
    assert (folder / "report.txt").read_text().startswith("m4 (cluster1) sustains at least 400/s")


def test_the_steps_are_those_of_the_curve(many):
    folder = many("sweep")
    words = page_of(folder).spaced
    with open(folder / "loadcurve.csv", newline="", encoding="utf-8") as file:
        steps = [row for row in csv.DictReader(file) if row["p_ppm"] == "990000"]
    for step in steps:
        said = "held" if step["result"] == "held" else "too few requests were answered"
        assert f"{step['run']} {step['offered_per_s']} {step['achieved_per_s']} " in words and words.count(said) >= 2, step
    assert len(steps) == 8


def test_a_sweep_whose_runs_are_gone_still_has_a_report(run, path, tmp_path):
    make_run.make_sweep(str(tmp_path / "sweep"), runs=False)
    run("loadgen", "analysis", "report", tmp_path / "sweep", env={"PATH": path})
    page = assert_page_is_sound(tmp_path / "sweep")
    assert "cluster1 sustains at least 400/s and cluster2 sustains 300/s." in page.words
    assert "nan" not in page.words.split() and "The target was no deployment" in page.words


def test_a_folder_that_is_no_run_is_a_sentence(run, tmp_path):
    done = run("loadgen", "analysis", "report", tmp_path, expect=2)
    assert "run.json" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_broken_deployment_file_is_a_sentence(run, path, tmp_path):
    make_run.make(str(tmp_path / "one"), "second")
    (tmp_path / "one/deployment.json").write_text('{"emulated": 3}')
    done = run("loadgen", "analysis", "report", tmp_path / "one", env={"PATH": path}, expect=2)
    assert "deployment.json" in done.stderr and "emulated" in done.stderr


# --- as a browser sees it ---------------------------------------------------------------------------------------------------

PROBE = """<script>
window.addEventListener('load', () => {
  const said = { width: document.documentElement.scrollWidth, window: innerWidth, small: [], fetched: performance.getEntriesByType('resource')
    .map(entry => entry.name).filter(name => !name.startsWith('data:')) };
  for (const svg of document.querySelectorAll('svg')) {
    const box = svg.getBoundingClientRect();
    if (box.width < 250 || box.height < 60) said.small.push(svg.closest('.card').id);
  }
  said.drawings = document.querySelectorAll('svg').length;
  said.paper = getComputedStyle(document.body).backgroundColor;
  const text = JSON.stringify(said);
  %s;
});
</script>"""


def probed(text, script):
    return text.replace("default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';", 1).replace("</body>", script + "</body>")


@needs_browser
@pytest.mark.parametrize("kind, drawings", [("tp1", 8), ("campaign", 3), ("sweep", 2)])
def test_in_a_browser_nothing_is_fetched_and_every_drawing_shows(programs, report, many, tmp_path, kind, drawings):
    folder = report("tp1", DEPLOYMENT) if kind == "tp1" else many(kind)
    page = tmp_path / "probed.html"
    page.write_text(probed((folder / "report.html").read_text(), PROBE % TO_BODY))
    said = said_by(browse(programs, tmp_path, page.as_uri(), "--window-size=1200,900", "--dump-dom"))
    assert said["fetched"] == [] and said["small"] == []
    assert said["drawings"] >= drawings
    assert said["paper"] == "rgb(255, 255, 255)"


@needs_browser
@pytest.mark.parametrize("kind", ["tp1", "open", "single", "campaign", "sweep"])
def test_on_a_phone_nothing_scrolls_sideways(programs, report, many, tmp_path, kind):
    """Headless windows have a least width of their own, so the page is put into a frame of 360 pixels."""
    folder = many(kind) if kind in ("campaign", "sweep") else report(kind, DEPLOYMENT if kind == "tp1" else None)
    (tmp_path / "inner.html").write_text(probed((folder / "report.html").read_text(), PROBE % TO_PARENT))
    frame = tmp_path / "frame.html"
    frame.write_text(framed("inner.html", 360))
    said = said_by(browse(programs, tmp_path, frame.as_uri(), "--window-size=800,900", "--virtual-time-budget=5000", "--dump-dom"))
    assert said["window"] == 360
    assert said["width"] <= 360 and said["small"] == []


@needs_browser
def test_the_page_prints(programs, report, tmp_path):
    page = report("tp1", DEPLOYMENT) / "report.html"
    browse(programs, tmp_path, page.as_uri(), f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-") and (tmp_path / "page.pdf").stat().st_size > 50_000


# --- LaTeX ------------------------------------------------------------------------------------------------------------------

@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
@pytest.mark.parametrize("kind, labels", [
    ("tp1", "tab:results tab:setup fig:spectrum fig:diagram"), ("single", "tab:results fig:spectrum"), ("zero", "tab:results tab:setup"),
    ("campaign", "tab:ratios tab:runs tab:setup fig:ratio fig:pairs fig:diagram"), ("sweep", "tab:steps tab:setup fig:loadcurve fig:diagram")])
def test_the_fragment_compiles_in_a_minimal_article(run, report, many, tmp_path, kind, labels):
    folder = many(kind) if kind in ("campaign", "sweep") else report(kind, DEPLOYMENT if kind == "tp1" else None)
    (tmp_path / "article.tex").write_text("\\documentclass{article}\\usepackage{graphicx}\\usepackage{booktabs}\n"
                                          f"\\graphicspath{{{{{folder}/}}}}\\begin{{document}}\\input{{{folder}/report.tex}}\\end{{document}}\n")
    done = run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "article.tex", cwd=tmp_path)
    assert "undefined" not in done.stdout.lower()
    assert (tmp_path / "article.pdf").stat().st_size > 20_000
    fragment = (folder / "report.tex").read_text()
    assert set(labels.split()) <= set(re.findall(r"\\label\{([^}]*)\}", fragment))
    assert "Overfull" not in done.stdout, [line for line in done.stdout.splitlines() if "Overfull" in line]
