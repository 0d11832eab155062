"""Every command of README's `sh` blocks runs: `make` targets exist, everything else is executed in order, against real servers."""
# ctest: release

import os
import re
import shlex
import xml.etree.ElementTree as ElementTree

import pytest

from programs import BIN, ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "results/README.md",
             ROOT / "loadgen/scenarios/README.md", ROOT / "provision/topologies/README.md"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return [text for found, text in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S) if found == language]


# Shortens what takes long: a repeated option overrides the first.
SHORTER = {
    "loadgen campaign": ["--pairs", "1", "--aa", "0", "--gap", "0s"],  # of SHORT_TP1
    "loadgen sweep": ["--from", "20/s", "--to", "20/s", "-d", "1s", "--warmup", "0s", "--gap", "0s"],
}
SHORTER_URLS = {"loadgen campaign": ["-d", "0.2s"]}
SHORT_TP1 = """
name: tp1
target: deployment
streams:
  - { name: m4, cluster: cluster1, users: 2, request: { path: /cluster1 }, phases: [ { requests: 100 } ] }
  - { name: t2, cluster: cluster2, users: 2, request: { path: /cluster2 }, phases: [ { requests: 100 } ] }
"""
NEED_LAB = ("loadgen plan", "loadgen campaign tp1", "loadgen sweep open")

COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line]


def test_the_readme_has_commands_and_a_scenario():
    assert len(COMMANDS) > 6 and len(blocks("yaml")) == 2


def test_every_command_of_the_readme_runs(nginx, programs, tmp_path):
    for name, text in zip(("mine.yaml", "shop.yaml"), blocks("yaml")):
        (tmp_path / name).write_text(text)
    (tmp_path / "users.csv").write_text("name,password\n" + "".join(f"user-{i},secret-{i}\n" for i in range(50)))
    (tmp_path / "tp1").write_text(SHORT_TP1)  # a file takes precedence over a shipped scenario
    servers = {f"http://127.0.0.1:808{i}": nginx() for i in range(2)}
    path = f"{BIN}:{programs.env['PATH']}"
    deployment = tmp_path / "results/deployment.json"
    try:
        for command in COMMANDS:
            for shown, server in servers.items():
                command = command.replace(shown, server.url)
            words = shlex.split(command)
            if words[0] == "make":
                programs.run("make", "-n", "-C", ROOT, *words[1:])
                continue
            if command.startswith(NEED_LAB) and not deployment.exists():
                programs.run("loadgen", "provision", "up")
            verb = " ".join(words[:2])
            # Beside other tests loadgen may be too late for what it decides on.
            decides = "--threshold" in words or verb == "loadgen campaign"
            shorter = SHORTER.get(verb, []) + (SHORTER_URLS.get(verb, []) if "http://" in command else [])
            programs.run(*words, *shorter, env={"PATH": path}, expect=(0, 4) if decides else 0)
    finally:
        if deployment.exists():
            programs.run("loadgen", "provision", "down")


@pytest.mark.parametrize("command", sorted({tuple(line.split()[:3]) for block in blocks("") for line in block.splitlines()
                                            if line.startswith("loadgen")}))
def test_commands_that_are_only_shown_exist(command, run):
    program, *rest = command
    words = [word for word in rest[:2] if re.fullmatch("[a-z]+", word)]
    if words[:1] not in (["provision"], ["analysis"]):
        words = words[:1]
    run(program, *words, "--help")


def test_options_of_shown_commands_exist(run):
    shown = [line for block in blocks("") for line in block.splitlines() if line.startswith("loadgen")]
    for line in shown:
        words = shlex.split(line)
        n = 3 if words[1] in ("provision", "analysis") else 2
        help_text = run(*words[:n], "--help").stdout
        for option in (word for word in words if word.startswith("--")):
            assert option in help_text, line


def test_rules_that_are_explained_exist():
    known = set(re.findall(r'"(R\d+)"', (ROOT / "loadgen/record/rules/rule_table.c").read_text()))
    told = re.findall(r"^\| (R\d+)", (ROOT / "docs/marks.md").read_text(), re.M)
    assert len(told) > 5 and set(told) <= known


def test_options_in_the_prose_exist(run):
    commands = (["run"], ["plan"], ["campaign"], ["sweep"], ["provision", "up"], ["provision", "down"], ["analysis", "compare"])
    texts = "".join(run("loadgen", *words, "--help").stdout for words in commands)
    for option in re.findall(r"`(--[a-z-]+)", README):
        assert option in texts, option


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or os.path.exists(document.parent / target), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_of_prose_have_at_most_120_characters(document):
    """A row of a table cannot be broken."""
    for line in document.read_text(encoding="utf-8").splitlines():
        assert len(line) <= 120 or line.startswith("|"), line


def test_a_picture_of_a_terminal_shows_what_was_printed(programs):
    """docs/run.svg is made so, from a run."""
    drawn = programs.run(ROOT / "docs/terminal.py", "--shown", "a <b>", "printf", "one  two\\n\\033[31mred\\033[0m & rest\\n").stdout
    svg = ElementTree.fromstring(drawn)
    texts = [(e.text.replace("\u00a0", " "), e.get("fill")) for e in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text, _ in texts] == ["$ a <b>", "one  two", "red", " & rest"]
    assert [fill is not None for _, fill in texts] == [False, False, True, False]
