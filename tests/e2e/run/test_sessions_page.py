"""Every command of docs/sessions.md runs, against the shop of the tests; and the shipped scenarios pass their check there."""

import re
import shlex
import subprocess
import sys

import pytest

from programs import ROOT
from schema import load

PAGE = (ROOT / "docs/sessions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.M | re.S)
SCENARIOS = [text for language, text in BLOCKS if language == "yaml"]
COMMANDS = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]


@pytest.fixture(name="shop")
def start_shop(tmp_path):
    """The URL of a shop."""
    with subprocess.Popen([sys.executable, ROOT / "tests/e2e/lib/shop.py", "--log", tmp_path / "shop.log"],
                          stdout=subprocess.PIPE, text=True) as server:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.terminate()


def write_mine(tmp_path, url, text):
    (tmp_path / "users.csv").write_text("name,password\n" + "".join(f"user{i},pw-user{i}\n" for i in range(10)))
    (tmp_path / "mine.yaml").write_text(text.replace("http://127.0.0.1:8080", url).replace("[1s, 3s]", "[1ms, 3ms]"))


def test_every_command_of_the_page_runs(run, shop, tmp_path):
    write_mine(tmp_path, shop, SCENARIOS[0])
    assert len(COMMANDS) == 4
    for command in COMMANDS:
        program, *words = shlex.split(command)
        run(program, *words, cwd=tmp_path)


def test_every_scenario_of_the_page_is_sound(run, shop, tmp_path):
    for text in SCENARIOS:
        write_mine(tmp_path, shop, text)
        run("loadgen", "plan", "mine.yaml", cwd=tmp_path, env={"CLIENT_SECRET": "hush-hush"})


def test_the_mistake_of_the_page_is_what_is_printed(run, shop, tmp_path):
    write_mine(tmp_path, shop, SCENARIOS[0].replace("{token}", "{tokn}"))
    printed = run("loadgen", "plan", "mine.yaml", cwd=tmp_path, expect=2).stderr
    assert printed.splitlines()[0] in PAGE


@pytest.mark.parametrize("name", ["shop", "tokens"])
def test_a_shipped_session_passes_its_check(run, shop, name):
    shown = run("loadgen", "plan", name, "--target", shop, "--check", "--row", "3").stdout
    assert "failed" not in shown and len(re.findall(r"^  ok ", shown, re.M)) >= 3
    assert "pw-" not in shown


def test_a_check_shows_what_goes_over_the_wire_without_secrets(run, shop, tmp_path):
    write_mine(tmp_path, shop, SCENARIOS[0])
    shown = run("loadgen", "plan", "mine.yaml", "--check", "--row", "2", cwd=tmp_path).stdout
    assert '> {"user":"user1","password":"(given)"}' in shown
    assert "> authorization: (given)" in shown and "captured  token = (given)" in shown
    assert "order, redirect 1" in shown and "< Thank you, user1!" in shown
    assert "> Cookie: order=(given); sid=(given)" in shown
    assert not re.search(r"pw-|[0-9a-f]{32}", shown)


def test_a_check_that_fails_says_where_and_exits_with_1(run, shop, tmp_path):
    write_mine(tmp_path, shop, SCENARIOS[0].replace("$.auth.token", "$.auth.toke"))
    shown = run("loadgen", "plan", "mine.yaml", "--check", cwd=tmp_path, expect=1).stdout
    assert re.search(r"^  failed +in .*: capture 'token' found nothing at \$\.auth\.toke$", shown, re.M)
    assert "search" not in shown


def test_a_check_names_a_status_that_was_not_expected(run, shop, tmp_path):
    write_mine(tmp_path, shop, SCENARIOS[0].replace('"{users.password}"', "wrong"))
    shown = run("loadgen", "plan", "mine.yaml", "--check", cwd=tmp_path, expect=1).stdout
    assert re.search(r"^  failed +in .*: status 403, expected 2xx$", shown, re.M)
    assert '< {"state": "refused"}' in shown and "wrong" not in shown


def test_a_check_needs_a_session_and_a_row(run, shop, tmp_path):
    write_mine(tmp_path, shop, SCENARIOS[0])
    assert "has no row 11" in run("loadgen", "plan", "mine.yaml", "--check", "--row", "11", cwd=tmp_path, expect=2).stderr
    assert "--row needs --check" in run("loadgen", "plan", "mine.yaml", "--row", "1", cwd=tmp_path, expect=2).stderr
    assert "the plan has none" in run("loadgen", "plan", shop, "--check", expect=2).stderr


def test_the_page_names_every_part_of_a_session():
    keys = {key for text in SCENARIOS for key in load(text)["streams"][0]["session"]}
    assert {"begin", "steps", "renew"} <= keys
