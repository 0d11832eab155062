"""Manual pages: every section, nothing that groff or mandoc complains about, every key and every file."""

import collections
import re
import shutil
import subprocess

import pytest

from programs import BIN, ROOT

FOLDER = BIN.parent / "manual"
PAGES = sorted(FOLDER.glob("man?/*"))
DOCUMENTS = {"scenario": "loadgen/scenarios/README.md", "topology": "provision/topologies/README.md", "results": "results/README.md"}


def text_of(page):
    return page.read_text(encoding="utf-8")


def test_each_command_and_each_kind_of_file_has_a_page(run):
    wanted = {f"loadgen-{name}.5" for name in DOCUMENTS}
    for program in ("loadgen", "loadgen-provision", "loadgen-analysis", *["loadgen-fleet"] * (BIN / "loadgen-fleet").exists()):
        wanted.add(f"{program}.1")
        commands = run(program, "--complete", "").stdout.splitlines()
        wanted |= {f"{program}-{line.split(chr(9))[0]}.1" for line in commands if not line.startswith(":") and not line.endswith("\tshipped")}
    assert {page.name for page in PAGES} == wanted and len(wanted) > 20


@pytest.mark.parametrize("page", [page for page in PAGES if page.suffix == ".1"], ids=lambda page: page.name)
def test_a_page_has_its_sections(page):
    found = re.findall(r'^\.SH "?([A-Z ]+)', text_of(page), re.M)
    wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]
    if page.name not in ("loadgen-plan.1", "loadgen-completion.1"):
        wanted.insert(4, "FILES")
    assert [section for section in found if section in wanted] == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_references_lead_to_pages(page):
    for name, section in re.findall(r"^\.BR (\S+) \((\d)\)", text_of(page), re.M):
        assert (FOLDER / f"man{section}" / f"{name}.{section}".replace("\\", "")).exists(), name


@pytest.mark.parametrize("tool, words", [("man", ["--warnings", "-l"]), ("mandoc", ["-T", "lint", "-W", "warning"]),
                                         ("groff", ["-ww", "-man", "-Tutf8", "-z"])])
def test_pages_are_clean(tool, words):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    for page in PAGES:
        done = subprocess.run([tool, *words, page], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        said = done.stdout if tool == "mandoc" else ""
        assert (done.returncode, said + done.stderr) == (0, ""), page.name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_holds_its_document_whole(name):
    """Every word, as often as the document has it, but for its title and the heads of its tables."""
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed")
    page = FOLDER / f"man5/loadgen-{name}.5"
    shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000", page], capture_output=True, text=True, check=True).stdout
    document = (ROOT / DOCUMENTS[name]).read_text(encoding="utf-8")
    document = re.sub(r"^```\w*$|\]\([^)]*\)|^# .*$|^.*\n\| ---.*$", "", document, flags=re.M)
    has, wants = (collections.Counter(re.findall(r"\w+", text.lower())) for text in (re.sub(r".\x08", "", shown), document))
    assert not wants - has


def test_help_names_its_pages(run):
    shown = run("loadgen", "run", "--help").stdout
    for page in re.findall(r"^  (loadgen-\S+)\((\d)\)", shown, re.M):
        assert (FOLDER / f"man{page[1]}/{page[0]}.{page[1]}").exists()


def test_an_unknown_page_is_a_mistake(run):
    assert "there is no command 'rn'" in run("loadgen", "--man", "rn", expect=2).stderr
