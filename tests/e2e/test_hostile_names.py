"""Names from outside are shown as they are, or refused: none becomes a command, a path, a word of a shell or an escape of a terminal."""

import html
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from programs import BIN, ROOT

sys.path.insert(0, str(ROOT / "tests/data"))
import make_run  # noqa: E402

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
    folder = tmp_path / "few"
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
    assert "gnuplot 5.4 or later" in done.stderr


def test_what_gnuplot_says_is_told_and_the_other_figures_are_drawn(run, tmp_path):
    folder = tmp_path / "run"
    make_run.make(str(folder), "single")
    run("loadgen-analysis", "recompute", folder)
    (tmp_path / "bin").mkdir()
    real = shutil.which("gnuplot")
    (tmp_path / "bin/gnuplot").write_text(f'#!/bin/sh\ncase "$*" in *spectrum*) echo "line 7: no such thing" >&2; exit 1;; esac\nexec {real} "$@"\n')
    (tmp_path / "bin/gnuplot").chmod(0o755)
    env = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = run("loadgen-analysis", "report", folder, env=env, expect=1)
    assert "gnuplot failed on spectrum.svg: line 7: no such thing" in done.stderr and "installed" not in done.stderr
    assert (folder / "figures/ecdf.svg").exists() and not (folder / "figures/spectrum.svg").exists()
    assert "line 7: no such thing" in (folder / "report.html").read_text()


def test_a_format_that_there_is_not_is_named(run, tmp_path):
    make_run.make(str(tmp_path / "run"), "single")
    done = run("loadgen-analysis", "figures", tmp_path / "run", "--formats", "png,foo", expect=2)
    assert "'foo'" in done.stderr and "svg, png, pdf, tex and web" in done.stderr
    assert not (tmp_path / "run/figures").exists()
