"""Every command of README's `sh` blocks runs: `make` targets exist, everything else is executed in order, against real servers."""
# ctest: release

import os
import re
import shlex

import pytest

from programs import BIN, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line]


def test_the_readme_has_commands_and_a_scenario():
    assert len(COMMANDS) > 6 and len(blocks("yaml")) == 1


def test_every_command_of_the_readme_runs(nginx, programs, tmp_path):
    (tmp_path / "mine.yaml").write_text(blocks("yaml")[0])
    server = nginx()
    path = f"{BIN}:{programs.env['PATH']}"
    deployment = tmp_path / "results/deployment.json"
    try:
        for command in COMMANDS:
            words = shlex.split(command.replace("http://127.0.0.1:8080", server.url))
            if words[0] == "make":
                programs.run("make", "-n", "-C", ROOT, *words[1:])
                continue
            if words[:2] == ["loadgen", "plan"]:  # the scenario's clusters are those of the lab
                programs.run("loadgen", "provision", "up")
            if words[:2] == ["loadgen", "run"]:
                words.append("--allow-invalid")  # beside other tests the generator may be late
            programs.run(*words, env={"PATH": path})
    finally:
        if deployment.exists():
            programs.run("loadgen", "provision", "down")


@pytest.mark.parametrize("command", sorted({tuple(line.split()[:3]) for block in blocks("") for line in block.splitlines()
                                            if line.startswith("loadgen")}))
def test_commands_that_are_only_shown_exist(command, run):
    program, *rest = command
    words = [word for word in rest[:2] if re.fullmatch("[a-z]+", word)]
    if words[0] not in ("provision", "analysis"):
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


def test_links_lead_to_files():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert os.path.exists(ROOT / target), target
