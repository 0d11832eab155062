"""What somebody types who knows wrk, oha, k6 or curl: it works, or one sentence names what to type instead."""

import json
import os
import re
import signal

import pytest

from programs import dead_port, wait_until


def said(done):
    """The one sentence on stderr."""
    assert done.stderr.endswith("\n") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr[:-1]


@pytest.mark.parametrize("before, after", [
    (["run"], []), (["run", "-c", 3], []), ([], []), (["-c3"], []), ([], ["-c", 3]), (["--connections=3", "-q"], []),
])
def test_a_url_is_loaded_wherever_it_stands(run, nginx, tmp_path, before, after):
    server = nginx()
    assert run("loadgen", *before, server.url + "/a?b=c", *after, "-n", 6, "-o", "out", "-q").stdout == "out\n"
    made = json.loads((tmp_path / "out/run.json").read_text())
    assert made["target"]["url"] == server.url + "/a?b=c" and made["streams"][0]["name"] == "quick"
    assert [line.target for line in server.stop_and_read_log()] == ["/a?b=c"] * 6


@pytest.mark.parametrize("form", ["localhost:{}/x", "127.0.0.1:{}/x", ":{}/x", "HTTP://127.0.0.1:{}/x"])
def test_the_scheme_may_be_left_out_as_with_curl(run, nginx, form):
    server = nginx()
    word = form.format(server.port)
    for words in ([word], ["run", word], ["run", "--target", word]):
        run("loadgen", *words, "-n", 2, "-c", 1, "-q")
    assert [line.target for line in server.stop_and_read_log()] == ["/x"] * 6


def test_a_bare_number_is_seconds(run, nginx):
    words = ["plan", nginx().url, "-d", "10", "--warmup", "0.5", "--timeout", "2", "--seed", 1]
    assert run("loadgen", *words).stdout.splitlines()[1:] == \
        run("loadgen", *words[:3], "10s", "--warmup", "500ms", "--timeout", "2s", "--seed", 1).stdout.splitlines()[1:]


@pytest.mark.parametrize("words, sentence", [
    (["tp1"], "loadgen: there is no command 'tp1'; `loadgen run tp1` runs the scenario"),
    (["here.yaml"], "loadgen: there is no command 'here.yaml'; `loadgen run here.yaml` runs the scenario"),
    (["web/x"], "loadgen: there is no command 'web/x'; a URL begins with http://, and `loadgen --help` lists the commands"),
    (["run", "web/x"], "loadgen: there is no scenario 'web/x': neither a file of that name nor a shipped one; "
                       "shipped are demo, open, shop, tokens, tp1; a URL begins with http://"),
    (["ftp://web/x"], "loadgen: the URL must begin with http:// or https://, not 'ftp://web/x'"),
    (["joe:hunter2@web:80/"], "loadgen: the URL must not hold a user name or password; give them as basic_auth or --user"),
    (["-z", "5s", "web:80"], "loadgen: loadgen run has no option -z; use -d TIME (--duration)"),
    (["web:80", "--http3"], "loadgen: loadgen run has no option --http3: loadgen speaks HTTP/1.1 and HTTP/2"),
    (["web:80", "-d", '{"a": 1}'], "loadgen: --duration must be a duration such as 10, which means 10s, or 500ms or 1h30m, not "
                                   "'{\"a\": 1}'; the body of a request is --body"),
    (["web:80", "-q", "100"], "loadgen: -q is --quiet and takes no value; the rate is --rate 100"),
    (["campain", "x"], "loadgen: there is no command 'campain'; did you mean 'campaign'?"),
])
def test_what_is_no_url_is_answered_with_what_to_type(run, tmp_path, words, sentence):
    (tmp_path / "here.yaml").write_text("name: here\n")
    assert said(run("loadgen", *words, expect=2)) == sentence


@pytest.mark.parametrize("words, libraries", [
    ([], ["libuv", "llhttp", "openssl", "zlib", "pcre2", "brotli", "nghttp2", "jansson", "libyaml", "zstd"]), (["provision"], ["libcurl", "libxml2"]), (["analysis"], ["jansson"]),
])
def test_the_version_is_that_of_a_bug_report(run, words, libraries):
    shown = run("loadgen", *words, "--version").stdout
    assert re.match(r"loadgen(?: \w+)? \d+\.\d+\.\d+\ncommit {5}\S+\ncompiler {3}\S.*\nsystem {5}Linux ", shown), shown
    assert all(re.search(rf"\b{name}\s+\d", shown) for name in libraries) and "\nlicense    MIT, " in shown
    assert max(map(len, shown.splitlines())) <= 80
    for other in ("-V", "version"):
        assert run("loadgen", *words, other).stdout == shown


def test_a_run_can_leave_nothing_behind(run, nginx, tmp_path, programs):
    url, here = nginx().url, tmp_path / "here"
    here.mkdir()
    done = run("loadgen", url, "-n", 20, "-c", 2, "--no-results", "--progress", "none", "--threshold", "p99 < 10s", cwd=here)
    assert "requests" in done.stdout and "results" not in done.stdout and "loadgen analysis" not in done.stdout
    assert run("loadgen", url, "-n", 20, "-q", "--no-results", cwd=here).stdout == ""
    run("loadgen", url, "-n", 20, "-q", "--no-results", "--threshold", "p50 < 1ns", cwd=here, expect=(3, 4))
    with dead_port() as port:
        done = run("loadgen", f":{port}", "-n", 3, "-q", "--no-results", cwd=here, expect=1)
    assert said(done) == "loadgen: no request succeeded: Connection refused"
    for number, code in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        running = programs.start("loadgen", url, "-c", 20, "-d", 60, "-q", "--no-results", cwd=here)
        wait_until(lambda: len(os.listdir(f"/proc/{running.pid}/fd")) > 20, "connections")
        assert running.stop(number) == code
    assert not list(here.iterdir())


@pytest.mark.parametrize("words, sentence", [
    (["-o", "x"], "loadgen: --no-results and --out exclude each other: a run that keeps nothing has no folder"),
    (["--log-requests", "csv"], "loadgen: --no-results and --log-requests exclude each other: requests.csv is a result"),
])
def test_what_a_run_without_results_cannot_have_is_said(run, tmp_path, words, sentence):
    assert said(run("loadgen", ":1", "--no-results", *words, expect=2)) == sentence
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["sweep", "campaign"])
def test_runs_that_are_compared_keep_their_results(run, command):
    done = run("loadgen", command, "tp1", "--no-results", expect=2)
    assert said(done) == f"loadgen: loadgen {command} has no option --no-results: its runs are compared by their files, so they are kept"


def test_no_success_without_results_is_explained_by_the_first_cause(run, nginx):
    url = nginx(server='location /away { return 302 https://example.org/; } location /gone { return 410; }').url
    for path, why in (("/gone", "unexpected status (410)"),
                      ("/away", "redirects are not followed; the first pointed to https://example.org/ (302)")):
        assert said(run("loadgen", url + path, "-n", 2, "-q", "--no-results", expect=1)) == f"loadgen: no request succeeded: {why}"
    done = run("loadgen", url.replace("http:", "https:"), "-n", 2, "-q", "--no-results", expect=1)
    assert said(done) == "loadgen: no request succeeded: wrong version number: the answer is not TLS; does this port want http?"


def test_the_examples_take_the_lab_down_whatever_the_run_found(run):
    shown = run("loadgen", "--help").stdout
    assert "&&" not in shown and "loadgen analysis report" in shown and "\n  loadgen provision down\n" in shown


def test_the_body_of_a_file_is_not_its_name(run, tmp_path):
    (tmp_path / "user.json").write_text("{}")
    done = run("loadgen", ":1", "--body", "@user.json", expect=2)
    assert said(done) == "loadgen: --body sends its text as it is; a file is --body-file user.json"


@pytest.mark.parametrize("program", ["analysis", "provision"])
def test_a_command_of_the_other_programs_is_named(run, program):
    commands = re.findall(r"^  ([a-z]+) {2,}[A-Z]", run("loadgen", program, "--help").stdout, re.M)
    assert len(commands) > 5
    for command in commands:
        assert said(run("loadgen", command, expect=2)) == f"loadgen: there is no command '{command}'; it is `loadgen {program} {command}`"


@pytest.mark.parametrize("words", [["-c10", "-R1000", "-t4"], ["-c", 10, "--rate=1000", "--threads", 4]])
def test_letters_take_their_values_in_both_ways(run, words):
    shown = run("loadgen", "plan", ":1", "-d3", *words).stdout
    assert re.search(r"at most 10 connections, 4 threads", shown) and "3 000 requests" in shown
