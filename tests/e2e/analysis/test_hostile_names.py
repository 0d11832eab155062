"""Names from outside are shown as they are, or refused: none becomes a command, a path, a word of a shell or an escape of a terminal."""

import csv
import html
import json
import os
import shutil
import string
import xml.etree.ElementTree as ElementTree

import pytest

import make_run
from listening import Listening
from programs import BIN, ROOT

PRINTABLE = "".join(map(chr, range(32, 127)))
COMMANDS = "`canary` $(canary) ';canary;' \";canary;\" |canary &canary& \\`canary\\` %canary% #{canary} '.system(canary).'"
FOLDER = os.fsdecode(b"-a b\t\n$(canary)`canary`'\"\\%#;&*?<>|:!{}[]~\xc3\xbc\xe9\x1b[31m")


@pytest.fixture(name="canary")
def fixture_canary(tmp_path):
    """PATH with a program `canary` on it, and the folder in which it would leave a file."""
    folder = tmp_path / "canary-bin"
    folder.mkdir()
    (folder / "canary").write_text(f"#!/bin/sh\ntouch '{folder}/sang'\n")
    (folder / "canary").chmod(0o755)
    yield {"PATH": f"{folder}:{os.environ['PATH']}"}
    assert not (folder / "sang").exists(), "a name was run as a command"


def replace_everywhere(folder, old, new):
    for name in ("hist.hlog", "instances.csv", "intervals.csv"):
        path = folder / name
        path.write_text(path.read_text().replace(old, new))
    path = folder / "run.json"
    path.write_text(path.read_text().replace(old, json.dumps(new)[1:-1]))


def texts_of(svg):
    return ["".join(text.itertext()) for text in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_runs_that_are_named_by_hostile_folders_are_compared(run, tmp_path, canary):
    folders = [tmp_path / f"{name}{FOLDER}" for name in ("old", "new")]
    for i, folder in enumerate(folders):
        make_run.make(str(folder), "second")
        document = json.loads((folder / "run.json").read_text())
        document["run_id"] += str(i)  # else they are one run
        (folder / "run.json").write_text(json.dumps(document))
    done = run("loadgen-analysis", "compare", "--clusters", "cluster1,cluster1", *folders, env=canary)
    assert "old-a b" in done.stdout and "new-a b" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_figures_show_hostile_names_as_they_are(run, tmp_path, canary):
    folder = tmp_path / FOLDER
    truth = make_run.make(str(folder), "second")
    run("loadgen-analysis", "recompute", folder)
    ids = ["`canary`", "$(canary)", "';canary;'", "%d%s%n", "\\n\\141{}", "<b>&amp;", "^{2}_x$", "#nan~", "NaN"]
    for old, new in zip([i for c in truth.clusters for i in c.instances], ids):
        replace_everywhere(folder, old, new)
    document = json.loads((folder / "run.json").read_text())
    labels = [PRINTABLE[0:35] + '"`', "\\`canary\\` ü" + PRINTABLE[70:]]
    for cluster, label in zip(document["clusters"], labels):
        cluster["label"] = label
    document["run_id"] = "\x1b[2J" + COMMANDS + PRINTABLE
    (folder / "run.json").write_text(json.dumps(document))
    done = run("loadgen-analysis", "figures", "--formats", "svg,tex", "--", FOLDER, env=canary)
    assert "\x1b" not in done.stdout + done.stderr
    pictures = {path.stem: texts_of(path) for path in (folder / "figures").glob("*.svg")}
    assert set(pictures) == {"summary", "spectrum", "ecdf", "bands", "throughput", "instances", "heatmap", "violin", "health", "ratio"}
    for label in labels:
        begins = label.strip()[:30]
        for name in ("summary", "spectrum", "instances", "bands", "violin"):
            assert any(text.startswith(begins) for text in pictures[name]), f"{name}: {label}: {pictures[name]}"
    for wanted in ids:
        shown = wanted if len(wanted) <= 7 else "…" + wanted[-4:]
        assert shown in pictures["instances"], f"{wanted}: {pictures['instances']}"
    caption = " ".join(pictures["spectrum"])
    for part in COMMANDS.split():
        assert part in caption, f"{part}: {caption}"
    tex = (folder / "figures/spectrum-latex.tex").read_text()
    assert r"\textbackslash{}\textasciigrave{}canary" in tex and "`" not in tex.split(r"\begin{picture}")[1]


def test_a_report_of_a_folder_of_any_name_has_its_figures(run, tmp_path, canary):
    names = [FOLDER, "x" * 255]
    for name in names:
        make_run.make(str(tmp_path / name), "single")
    for name in names:
        run("loadgen-analysis", "recompute", "--", name, env=canary)
        done = run("make", "-f", ROOT / "Makefile.plots", f"RUN={name}", "FORMATS=svg", f"ANALYSIS={BIN / 'loadgen-analysis'}", env=canary)
        assert (tmp_path / name / "figures/spectrum.svg").exists(), done.stderr


def test_an_installation_under_any_name_draws(run, tmp_path, canary):
    prefix = tmp_path / "x/my `canary` $(canary)\"'\\tools:;"
    (prefix / "bin").mkdir(parents=True)
    shutil.copy(BIN / "loadgen-analysis", prefix / "bin")
    shutil.copytree(ROOT / "analysis/figures", prefix / "share/loadgen/analysis/figures")
    make_run.make(str(tmp_path / "run"), "single")
    run("loadgen-analysis", "recompute", tmp_path / "run")
    run(prefix / "bin/loadgen-analysis", "figures", tmp_path / "run", "--formats", "svg", env=canary)
    assert (tmp_path / "run/figures/spectrum.svg").exists()


def without(tmp_path, *programs):
    """A PATH that has everything but these."""
    folder = tmp_path / "-".join(("without", *programs))
    folder.mkdir()
    for part in os.environ["PATH"].split(":"):
        for name in os.listdir(part) if os.path.isdir(part) else []:
            if name not in programs and not (folder / name).is_symlink():
                (folder / name).symlink_to(os.path.join(part, name))
    return {"PATH": str(folder)}


def test_without_gnuplot_the_report_has_no_figures_and_says_so(run, tmp_path):
    few = without(tmp_path, "gnuplot")
    folder = tmp_path / "run"
    make_run.make(str(folder), "single")
    done = run("loadgen-analysis", "report", folder, env=few)
    assert "gnuplot, which draws the figures, is not installed" in done.stderr
    assert not list((folder / "figures").glob("*.svg"))
    for name in ("report.html", "report.txt", "report.tex"):
        assert "gnuplot" in html.unescape((folder / name).read_text()) and "not installed" in (folder / name).read_text(), name
    done = run("loadgen-analysis", "figures", folder, env=few, expect=1)
    assert "install gnuplot-nox" in done.stderr


def test_what_gnuplot_says_is_told_and_the_other_figures_are_drawn(run, tmp_path):
    folder = tmp_path / "run"
    make_run.make(str(folder), "single")
    run("loadgen-analysis", "recompute", folder)
    (tmp_path / "bin").mkdir()
    real = shutil.which("gnuplot")
    (tmp_path / "bin/gnuplot").write_text(f'#!/bin/sh\ncase "$*" in *"ecdf svg"*) exec {real} "$@";; esac\necho "line 7: no such thing" >&2; exit 1\n')
    (tmp_path / "bin/gnuplot").chmod(0o755)
    env = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = run("loadgen-analysis", "report", folder, env=env, expect=1)
    assert "gnuplot failed on summary.svg: line 7: no such thing" in done.stderr and "installed" not in done.stderr
    assert (folder / "figures/ecdf.svg").exists() and not (folder / "figures/spectrum.svg").exists()
    assert "line 7: no such thing" in (folder / "report.html").read_text()


def test_a_format_that_there_is_not_is_named(run, tmp_path):
    make_run.make(str(tmp_path / "run"), "single")
    done = run("loadgen-analysis", "figures", tmp_path / "run", "--formats", "png,foo", expect=2)
    assert "'foo'" in done.stderr and "svg, png, pdf, tex and web" in done.stderr
    assert not (tmp_path / "run/figures").exists()


def test_without_dot_the_report_has_no_diagram_and_names_it(run, tmp_path):
    folder = tmp_path / "-run"
    make_run.make(str(folder), "single")
    deployment = {"schema_version": 1, "provider": "local", "emulated": True, "load_balancer": {"kind": "haproxy", "listener": {"port": 80, "protocol": "HTTP", "rules": [], "default": []}},
                  "clusters": [{"name": "c", "path": "/c", "label": '`canary`"<b>', "count": 1, "instance_type": "$(canary)", "zone": "z"}],
                  "instances": [{"id": "]; canary -> \"x\"", "cluster": "c"}]}
    (folder / "deployment.json").write_text(json.dumps(deployment))
    done = run("loadgen-analysis", "report", "./-run", env=without(tmp_path, "gnuplot", "dot"))
    assert "diagram: left out: dot is not installed" in done.stdout
    assert "dot is not installed" in (folder / "report.html").read_text()
    done = run("loadgen-analysis", "report", "./-run", env=without(tmp_path, "gnuplot"))
    assert "dot" not in done.stdout + done.stderr
    assert any("canary -> " in text for text in texts_of(folder / "figures/diagram.svg"))


def test_intervals_that_were_cut_short_cost_their_figure_and_nothing_else(run, tmp_path):
    folder = tmp_path / "run"
    make_run.make(str(folder), "interrupted")
    table = (folder / "intervals.csv").read_text()
    lines = table.splitlines(keepends=True)
    for cut in (table[: len(table) // 2], lines[0] + lines[1], lines[0], ""):
        (folder / "intervals.csv").write_text(cut)
        done = run("loadgen-analysis", "figures", "--data", folder)
        assert "throughput: left out: " in done.stdout and "intervals.csv" in done.stdout
        assert all("intervals.csv" in line for line in done.stderr.splitlines()), done.stderr
        assert (folder / "figures/spectrum.csv").exists() and not (folder / "figures/throughput.csv").exists()


def test_links_in_a_folder_that_was_sent_lead_nothing_out_of_it(run, tmp_path):
    """Every file that the analysis writes is a link to one of the user's, or the folder of the figures is one."""
    few = without(tmp_path, "gnuplot")
    make_run.make(str(tmp_path / "honest"), "second")
    commands = ("recompute", "figures --data", "compare", "report")
    for command in commands:
        run("loadgen-analysis", *command.split(), tmp_path / "honest", env=few, expect=(0, 1))
    make_run.make(str(tmp_path / "sent"), "second")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("precious")
    recomputed = {"percentiles.csv", "instances.csv", "phases.csv", "checks.csv"}
    written = [path.relative_to(tmp_path / "honest") for path in (tmp_path / "honest").rglob("*") if path.is_file()]
    written = [path for path in written if path.name in recomputed or not (tmp_path / "sent" / path).exists()]
    assert recomputed | {"report.html", "report.tex", "report.txt", "compare.csv", "summary.txt"} <= {path.name for path in written}
    (tmp_path / "sent/figures").mkdir()
    for path in written:
        for name in (path, path.with_name(path.name + ".new")):
            (tmp_path / "sent" / name).unlink(missing_ok=True)
            (tmp_path / "sent" / name).symlink_to(outside / "precious")
    for command in commands:
        run("loadgen-analysis", *command.split(), tmp_path / "sent", env=few, expect=(0, 1))
    assert (outside / "precious").read_text() == "precious"
    for path in written:
        assert (tmp_path / "sent" / path).is_file() and not (tmp_path / "sent" / path).is_symlink(), path
    shutil.rmtree(tmp_path / "sent/figures")
    (tmp_path / "sent/figures").symlink_to(outside)
    for command in ("figures", "report"):
        assert "a link of that name is there" in run("loadgen-analysis", command, tmp_path / "sent", expect=1).stderr
    assert [path.name for path in outside.iterdir()] == ["precious"]


def test_a_campaign_names_only_folders_of_its_own(run, tmp_path):
    make_run.make_campaign(tmp_path / "c", pairs=1, controls=0)
    plan = (tmp_path / "c/campaign.json").read_text()
    for name in ("../c/pair-01-a", "..", "/etc", ""):
        (tmp_path / "c/campaign.json").write_text(plan.replace('"pair-01-a"', json.dumps(name)))
        done = run("loadgen-analysis", "summary", tmp_path / "c", expect=2)
        assert "runs.a' must be the name of a run folder beside it" in done.stderr


class Answering(Listening):
    """A server whose instances, by turns, call themselves so."""

    def __init__(self, ids):
        self.ids, self.n = ids, 0
        super().__init__()

    def serve(self, conn):
        with conn:
            while conn.recv(65536):
                body = b"id " + self.ids[self.n % len(self.ids)]
                self.n += 1
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def test_captured_ids_are_harmless_and_stay_apart(run, tmp_path, canary):
    ids = [b"`canary`", b"$(canary)", b"all", b"a b", b"a_b", b"f" * 64, b"\xc3\xbc\xff", b"=1+1", b"\x1b[2J\n", b"i-0aa1", b"',\"\\%s{}", b"-x"]
    scenario = f"""
name: ids
target: URL
streams:
  - name: s
    request: {{ path: / }}
    expect: {{ body: "id {{instance}}" }}
    users: 1
    phases: [ {{ requests: {10 * len(ids)} }} ]
"""
    with Answering(ids) as server:
        (tmp_path / "ids.yaml").write_text(scenario.replace("URL", server.url))
        done = run("loadgen", "run", "ids.yaml", "--progress", "none", f"--out={FOLDER}", env=canary)
    assert "  next: loadgen analysis report ./'-a b" in done.stdout  # a word that can be copied
    folder = tmp_path / FOLDER
    document = json.loads((folder / "run.json").read_text())
    assert document["run_id"] == FOLDER.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with open(folder / "instances.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    assert len(rows) == len(ids) and {row["requests_n"] for row in rows} == {"10"}
    names = [row["instance"] for row in rows]
    assert {"f" * 64, "i-0aa1", "a_b"} < set(names) and "all" not in names
    assert not set("".join(names)) - set(string.ascii_letters + string.digits + "._:/@+-~")
    for command in ("summary", "recompute", "export"):
        done = run("loadgen-analysis", command, "--", FOLDER, env=canary)
    done = run("loadgen-analysis", "figures", "--formats", "svg", "--", FOLDER, env=canary)
    assert "\x1b" not in done.stdout + done.stderr


def test_labels_of_openmetrics_are_escaped(run, tmp_path):
    make_run.make(str(tmp_path / "run"), "single")
    document = json.loads((tmp_path / "run/run.json").read_text())
    document["run_id"] = 'a"b\\c\nd'
    (tmp_path / "run/run.json").write_text(json.dumps(document))
    done = run("loadgen-analysis", "export", tmp_path / "run", "--format", "openmetrics")
    assert 'loadgen_time_seconds_count{run="a\\"b\\\\c d",cluster="target"} 5000' in done.stdout
