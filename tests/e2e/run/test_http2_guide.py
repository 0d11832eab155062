# ctest: release
"""docs/http2.md: its scenarios and commands run against servers of both versions, and what they send is what the page says."""

import json
import re
import shlex

import pytest

from authority import Authority
from programs import ROOT
from run_folder import RunFolder, check_whole

PAGE = (ROOT / "docs/http2.md").read_text(encoding="utf-8")
MAY_BE_INVALID = (0, 4)  # on a busy machine times may be loadgen's own doing
# Shortens what takes long: a repeated option overrides the first.
SHORTER = {"run": [], "plan": [], "sweep": ["--from", "100/s", "--to", "100/s", "-d", "1s", "--warmup", "0s", "--gap", "0s"],
           "campaign": ["--pairs", 1, "--aa", 0, "--gap", "0s"]}


def blocks(language):
    return [text for found, text in re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.M | re.S) if found == language]


@pytest.fixture(name="authority", scope="module")
def fixture_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(name="servers")
def fixture_servers(authority, nginx, haproxy):
    """As the page has them: with TLS on one port; on the other both versions without it."""
    certificate = authority.sign("server", "IP:127.0.0.1")
    return {"https://127.0.0.1:8443": nginx(certificate=certificate, http2=True, keepalive_requests=1000),
            "http://127.0.0.1:8080": haproxy([nginx().port])}


def placed(text, servers, authority):
    for shown, server in servers.items():
        text = text.replace(shown, server.url)
    return text.replace("ca.pem", str(authority.cert)).replace("-d 5s", "-d 200ms").replace("-d 10s", "-d 500ms").replace(
        "duration: 10s", "duration: 500ms").replace("duration: 5s", "duration: 200ms")


def test_every_command_of_the_page_runs(programs, servers, authority, tmp_path):
    for name, text in zip(("api.yaml", "versions.yaml"), blocks("yaml")):
        (tmp_path / name).write_text(placed(text, servers, authority))
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 9
    for command in commands:
        words = shlex.split(placed(command, servers, authority))
        more = SHORTER.get(words[1], [])
        programs.run(*words, *map(str, more), expect=MAY_BE_INVALID)
    made = [RunFolder(path.parent) for path in sorted((tmp_path / "results").glob("**/run.json"))]
    made = [folder for folder in made if not folder.path.name.endswith("-again")]  # a sweep's step in which loadgen was late
    assert len(made) == 3 + 1 + 3 * 2 + 1
    for folder in made:
        check_whole(folder)
        totals = folder.run["totals"]
        assert totals["ok_n"] > 0 and totals["err_n"] == 0, (folder.path, totals)


@pytest.mark.parametrize("load, want", [
    (["-n", 400], {"http1": (8, 8), "http2": (8, 2)}),
    (["-n", 200, "--rate", "1k/s"], {"http1": (None, 8), "http2": (None, 2)}),
], ids=["closed", "open"])
def test_both_versions_have_as_many_requests_at_once(run, servers, authority, tmp_path, load, want):
    url = servers["https://127.0.0.1:8443"].url
    words = ["loadgen", "campaign", "--http1.1", "--http2", "-c", 2, "--streams", 4, *load, "--pairs", 1, "--aa", 1, "--gap", 0, "--progress", "none",
             "--cacert", authority.cert, "--out", tmp_path / "campaign"]
    done = run(*words, url, expect=MAY_BE_INVALID)
    assert f"http1  {url}   HTTP/1.1, 8 connections\n" in done.stderr and f"http2  {url}   HTTP/2, 2 connections of 4 streams\n" in done.stderr
    plan = json.loads((tmp_path / "campaign/campaign.json").read_text())
    assert plan["arms"] == ["http1", "http2"] and plan["urls"] == [url, url]
    for name, arm in (("pair-01-a", "http1"), ("pair-01-b", "http2"), ("aa-01-a", "http1"), ("aa-01-b", "http1")):
        made = RunFolder(tmp_path / "campaign" / name)
        check_whole(made)
        stream, = made.run["streams"]
        assert (stream["cluster"], stream["http"]) == (arm, "2" if arm == "http2" else "1.1")
        assert (stream["users"], stream["connections"]) == want[arm]
        assert made.run["totals"]["ok_n"] == load[1]
    assert "the loads differ" not in done.stdout
    again = run("loadgen", "campaign", "--resume", tmp_path / "campaign", url, expect=MAY_BE_INVALID)
    assert again.stdout.splitlines()[0] == done.stdout.splitlines()[0]
    assert "is of " in run("loadgen", "campaign", "--resume", tmp_path / "campaign", "http://other", expect=2).stderr


def test_side_by_side_both_versions_are_in_one_run(run, servers, authority, tmp_path):
    run("loadgen", "campaign", "--http1.1", "--http2", "-c", 2, "--streams", 4, "-n", 100, "--pairs", 1, "--aa", 0, "--side-by-side", "--arms", "old,new",
        "--progress", "none", "--cacert", authority.cert, "--out", tmp_path / "campaign", servers["https://127.0.0.1:8443"].url, expect=MAY_BE_INVALID)
    made = RunFolder(tmp_path / "campaign/pair-01")
    assert {s["name"]: (s["http"], s["connections"]) for s in made.run["streams"]} == {"old": ("1.1", 8), "new": ("2", 2)}
    assert {row["stream"]: row["ok_n"] for row in made.run["stream_totals"]} == {"old": 100, "new": 100}


def test_a_sweep_finds_its_steps_over_http2(run, servers, authority, tmp_path):
    url = servers["https://127.0.0.1:8443"].url
    done = run("loadgen", "sweep", url, "--http2", "-c", 2, "--streams", 8, "--from", "100/s", "--to", "200/s", "-d", "1s", "--warmup",
        "0s", "--gap", "0s", "--refine", 0, "--cacert", authority.cert, "--out", tmp_path / "sweep", expect=MAY_BE_INVALID)
    assert f"sweep  {url}   HTTP/2, 2 connections of 8 streams\n" in done.stderr
    paths = sorted((tmp_path / "sweep").glob("*/run.json"))
    steps = [RunFolder(path.parent).run for path in paths]
    assert steps and [step["streams"][0]["http"] for step in steps] == ["2"] * len(steps)
    # a busy machine repeats a step, and may end there
    assert [step["totals"]["ok_n"] for step in steps] == [int(path.parent.name.split("-")[1]) for path in paths]
