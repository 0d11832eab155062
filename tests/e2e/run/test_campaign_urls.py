# ctest: release
"""`loadgen campaign URL URL`: two servers compared without a scenario."""

import json
import signal

import pytest

from programs import wait_until
from run_folder import RunFolder, check_whole
from truth import on_a_quiet_machine, times

MAY_BE_INVALID = (0, 4)  # on a busy machine times may be loadgen's own doing
SECRETS = ("-H", "X-Key: hidden-1", "-u", "me:hidden-2")


@pytest.fixture(name="two")
def fixture_two(emulator):
    """Two servers, the second one slower by half."""
    return [emulator("--vcpus", 4, "--service-time", time) for time in ("10ms", "15ms")]


def urls_of(servers):
    return [f"{server.url}/cluster1" for server in servers]


def words(tmp_path, servers, *more):
    return ["loadgen", "campaign", *urls_of(servers), "-c", 2, "--gap", 0, "--progress", "none", "--out", tmp_path / "campaign", *more]


def plan_of(folder):
    return json.loads((folder / "campaign.json").read_text())


def runs_of(folder):
    return {path.parent.name: RunFolder(path.parent) for path in sorted(folder.glob("*/run.json"))}


def assert_no_secret(folder, done):
    for file in folder.rglob("*"):
        assert file.is_dir() or b"hidden-" not in file.read_bytes(), file
    assert "hidden-" not in done.stdout + done.stderr


@on_a_quiet_machine()
def test_the_slower_of_two_urls_is_found_and_named(run, two, tmp_path):
    names = [f"port-{server.port}" for server in two]
    done = run(*words(tmp_path, two, "-n", 60, "--pairs", 6, "--aa", 2, "--primary", "p50", *SECRETS), expect=MAY_BE_INVALID)
    folder = tmp_path / "campaign"
    assert done.stderr.startswith(f"campaign  {names[0]} against {names[1]}\n  {folder}\n")
    assert [line.split() for line in done.stderr.splitlines()[2:4]] == [list(pair) for pair in zip(names, urls_of(two))], "each URL is shown once"
    plan = plan_of(folder)
    assert plan["arms"] == names and plan["urls"] == urls_of(two) and plan["scenario"] is None
    for pair in plan["pairs"]:
        for role in "ab":
            made = RunFolder(folder / pair["runs"][role])
            check_whole(made)
            arm = names.index(pair["arm_" + role])
            assert made.run["target"]["url"] == urls_of(two)[arm] and made.totals["ok_n"] == 60
            assert [stream["cluster"] for stream in made.run["stream_totals"]] == [names[arm]]
            assert "--header=(given)" in made.run["argv"] and made.run["name"] == f"{names[0]}-vs-{names[1]}"
    assert_no_secret(folder, done)
    with times():
        assert done.stdout.startswith(f"{names[1]} is slower than {names[0]}: its p50 is "), done.stdout


def test_side_by_side_both_urls_are_in_one_run(run, two, tmp_path):
    run(*words(tmp_path, two, "--rate", "100/s", "-d", "300ms", "--pairs", 1, "--aa", 1, "--side-by-side", "--arms", "old,new"), expect=MAY_BE_INVALID)
    old, new = urls_of(two)
    made = {name: folder.run for name, folder in runs_of(tmp_path / "campaign").items()}
    assert {name: {s["name"]: s.get("target", one["target"]["url"]) for s in one["streams"]} for name, one in made.items()} == {
        "pair-01": {"old": old, "new": new}, "aa-01": {"old": old, "old-again": old}}
    assert {row["stream"]: row["ok_n"] for row in made["pair-01"]["stream_totals"]} == {"old": 30, "new": 30}


def test_a_dry_run_names_both_and_sends_nothing(run, tmp_path):
    done = run("loadgen", "campaign", "http://old.example.com:8080/", "http://new.example.com:8080/", "--dry-run", "--out", tmp_path / "campaign")
    assert done.stderr.startswith("campaign  old against new\n") and "  8 pairs and 4 control pairs, seed " in done.stderr and "  old  http://old.example.com:8080/\n" in done.stderr
    assert "  24 runs with a gap of 2.00 s, about 4 min 46 s\n" in done.stderr and not (tmp_path / "campaign").exists()


def test_it_resumes_with_the_urls_and_asks_for_what_was_secret(programs, run, two, tmp_path):
    folder = tmp_path / "campaign"
    running = programs.start(*words(tmp_path, two, "-d", "500ms", "--pairs", 2, "--aa", 1, *SECRETS))
    wait_until(lambda: running.stderr.count("  done") >= 1 or running.process.poll() is not None, "a run")
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130, running.stderr
    assert f"`loadgen campaign --resume {folder} --header=... --user=...` continues\n" in running.stderr
    again = ["loadgen", "campaign", "--resume", folder]
    assert "the campaign began with --header, whose value may be secret and was not kept: give it again" in run(*again, expect=2).stderr
    assert "--connections is settled when a campaign begins" in run(*again, *SECRETS, "-c", 3, expect=2).stderr
    assert f"is of {urls_of(two)[0]} and {urls_of(two)[1]}, not http://h" in run(*again, "http://h", "http://i", *SECRETS, expect=2).stderr
    done = run(*again, *SECRETS, expect=MAY_BE_INVALID)
    assert {name: made.run["end"] for name, made in runs_of(folder).items()} == dict.fromkeys(
        ("pair-01-a", "pair-01-b", "pair-02-a", "pair-02-b", "aa-01-a", "aa-01-b"), "done")
    assert all(made.run["settings"]["connections"] == "2" for made in runs_of(folder).values())
    assert_no_secret(folder, done)


@pytest.mark.parametrize("given, sentence", [
    (["localhost:8080"], "a campaign compares: give a second URL, or --http1.1 and --http2 for two versions; `loadgen run localhost:8080` loads one"),
    (["http://h", "tp1"], "'tp1' is no URL"),
    (["http://u:hidden-3@h", "http://i"], "the URL must not hold a user name or password"),
    (["http://h", "http://H:80/"], "both URLs are the same"),
    (["http://h", "--http2", "--http2-prior-knowledge"], "--http2 and --http2-prior-knowledge exclude each other"),
    (["http://h", "--http1.1", "--http2"], "HTTP/2 to an http:// URL is by prior knowledge"),
    (["http://h", "http://i", "--http1.1", "--http2"], "--http1.1 and --http2 exclude each other"),
    (["tp1", "-c", 3], "--connections belongs to quick mode"),
    ([], "give two URLs, or a scenario, such as"),
])
def test_what_cannot_be_compared_is_said(run, given, sentence):
    done = run("loadgen", "campaign", *given, expect=2)
    assert sentence in done.stderr and "hidden-3" not in done.stderr
