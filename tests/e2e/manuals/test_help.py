"""`--help` of every command: complete, in 80 columns, with defaults, exit codes and examples."""

import re
import shlex

import pytest

from programs import ROOT

PROGRAMS = {"loadgen": ["run", "plan", "import", "campaign", "sweep"],
            "loadgen provision": ["up", "status", "metrics", "down", "kill", "stall", "revive", "reload"],
            "loadgen analysis": ["report", "summary", "figures", "compare", "recompute", "merge", "export"]}
COMMANDS = [f"{program} {command}" for program, commands in PROGRAMS.items() for command in commands]
NUMBERS = ("N", "TIME", "RATE", "BYTES", "F", "FACTOR", "PERCENT")  # values that always are something


def sections(text):
    """{heading: lines}; the lines before the first heading are those of ''."""
    found, heading = {}, ""
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z].*:", line):
            heading = line[:-1]
        found.setdefault(heading, []).append(line)
    return found


def options(text):
    """{head: text} of the options."""
    found, head = {}, None
    for line in text.splitlines():
        start = re.match(r"  (?:-\w, |    )--", line)
        if start:
            head, _, rest = line.strip().partition("  ")
            found[head] = rest.strip()
        elif head and line.startswith("      "):
            found[head] += " " + line.strip()
        else:
            head = None
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_known_here(run, program):
    listed = re.findall(r"^  (\w+) ", "\n".join(sections(run(*program.split(), "--help").stdout)["Commands"]), re.M)
    assert set(listed) - {"provision", "analysis", "completion", "version"} == set(PROGRAMS[program])


@pytest.mark.parametrize("command", [*PROGRAMS, *COMMANDS])
def test_help_has_exit_codes_and_examples_in_80_columns(run, command):
    text = run(*command.split(), "--help").stdout
    parts = sections(text)
    assert text.startswith(f"Usage: {command} ")
    assert "&&" not in text  # which would skip `provision down` after a run that does not end with 0
    for line in text.splitlines():
        assert len(line) <= 80 or line.endswith("README.md"), line
    codes = re.findall(r"^  (\d+)  ", "\n".join(parts["Exit codes"]), re.M)
    assert codes[0] == "0" and "2" in codes and codes == sorted(codes, key=int)
    assert any(line.startswith(f"  {command}") for line in parts["Examples"])
    assert any("loadgen-results(5)" in line for line in parts["Manual pages"])


@pytest.mark.parametrize("command", COMMANDS)
def test_each_number_names_its_default(run, command):
    for head, text in options(run(*command.split(), "--help").stdout).items():
        if head.split(" ")[-1] in NUMBERS:
            assert "(default" in text, head


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_have_options_that_exist(run, command):
    text = run(*command.split(), "--help").stdout
    for line in sections(text)["Examples"][1:]:
        for word in shlex.split(line):
            if word.startswith("-"):
                assert re.search(rf"^ .*{re.escape(word)}\b", text, re.M), line


@pytest.mark.parametrize("command", ["run", "plan", "campaign", "sweep"])
def test_the_scenario_language_has_a_link(run, command):
    """H3: what a scenario may hold is one step away, with an installation and without one."""
    text = run("loadgen", command, "--help").stdout
    assert "loadgen-scenario(5)" in text and "loadgen/scenarios/README.md" in text


def test_the_readme_links_to_the_scenario_language_and_a_mistake_names_its_page(run, tmp_path):
    assert "](loadgen/scenarios/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    (tmp_path / "x.yaml").write_text("colour: red\n")
    assert "see loadgen-scenario(5)" in run("loadgen", "plan", "x.yaml", expect=2).stderr
    assert "see loadgen-topology(5)" in run("loadgen", "provision", "up", "x.yaml", "--dry-run", expect=2).stderr
