"""Slips on the command line are explained, and no output is lost silently."""

import subprocess

import pytest

from programs import dead_port


def said(done):
    """The one sentence on stderr."""
    assert done.stderr.endswith("\n") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr[:-1]


def ended_with(done):
    """The last sentence on stderr, after what announces the work."""
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("words, sentence", [
    (["rn"], "loadgen: there is no command 'rn'; did you mean 'run'?"),
    (["provison", "up"], "loadgen: there is no command 'provison'; did you mean 'provision'?"),
    (["help", "anlysis"], "loadgen: there is no command 'anlysis'; did you mean 'analysis'?"),
    (["provision", "upp"], "loadgen provision: there is no command 'upp'; did you mean 'up'?"),
    (["analysis", "report", "--foramt"], "loadgen analysis: loadgen analysis report has no option --foramt; "
                                         "`loadgen analysis report --help` lists them"),
    (["run", "--target", "ftp://127.0.0.1:8080"], "loadgen: the URL must begin with http:// or https://, not 'ftp://127.0.0.1:8080'"),
    (["run", "--target", "http://127.0.0.1:1", "-c"], "loadgen: --connections needs a value: N"),
    (["run", "--target", "http://127.0.0.1:1", "-d", "5x"],
     "loadgen: --duration must be a duration such as 10, which means 10s, or 500ms or 1h30m, not '5x'; the body of a request is --body"),
    (["run", "--target", "http://127.0.0.1:1", "--rate", "abc"], "loadgen: --rate must be a rate such as 500/s, 2k/s or 6000/m, not 'abc'"),
    (["campaign", "tp1", "--treads", "2"], "loadgen: loadgen campaign has no option --treads; did you mean --threads?"),
    (["sweep", "tp1", "open"], "loadgen: give one scenario or one URL: 'open' is one too many"),
])
def test_a_slip_is_answered_with_one_sentence(run, words, sentence):
    done = run("loadgen", *words, expect=2)
    assert said(done) == sentence and done.stdout == ""


def test_a_host_that_does_not_exist_is_said_before_anything_is_sent(run, tmp_path):
    done = run("loadgen", "run", "--target", "http://no-such-host.invalid/", "-d", "1s", expect=1)
    assert said(done).startswith("loadgen: cannot resolve the name 'no-such-host.invalid': ")
    assert not (tmp_path / "results").exists()


def test_https_where_http_is_spoken_is_a_run_of_which_nothing_succeeded(run, nginx):
    url = nginx().url.replace("http:", "https:")
    done = run("loadgen", "run", "--target", url, "-n", 3, "-c", 1, "--progress", "none", expect=1)
    assert "tls: wrong version number" in done.stdout
    assert said(done).startswith("loadgen: no request succeeded; results/")


@pytest.mark.parametrize("words", [["run"], ["plan"], ["sweep"], ["campaign"], ["provision"], ["analysis"]])
def test_help_is_the_same_in_both_orders(run, words):
    assert run("loadgen", "help", *words).stdout == run("loadgen", *words, "--help").stdout != ""


def test_every_command_is_in_the_list(run):
    text = run("loadgen", "--help").stdout
    for command in ("run", "plan", "campaign", "sweep", "provision", "analysis"):
        assert f"\n  {command} " in text


def test_a_reader_that_leaves_is_no_failure_and_a_full_disk_is(programs, nginx, tmp_path):
    target = ["--target", nginx().url, "-n", 20, "-c", 1, "--progress", "none"]
    missed = ["--threshold", "p50 < 1ns"]
    for words in (["--version"], ["run", "--help"], ["plan", "tp1"], ["run", *target], ["run", "--json", *target, *missed], ["run", *target, *missed]):
        argv = programs.argv("loadgen", *words)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(argv, env=programs.env, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1 and done.stderr.splitlines()[-1].startswith("loadgen: cannot write to the standard output"), words
        assert done.stderr.count("cannot write") == 1, words
    script = 'trap "" PIPE; "$@" 2>err | true; echo "${PIPESTATUS[0]}"'
    for form in ([], ["--json"], ["--markdown", "-"]):
        done = programs.run("bash", "-c", script, "bash", *programs.argv("loadgen", "run", *target, *form))
        assert done.stdout == "0\n" and (tmp_path / "err").read_text() == "", form


OPEN = """
name: one
target: {url}
streams:
  - {{ name: one, request: {{ path: / }}, arrivals: constant, phases: [ {{ {phase} }} ] }}
"""


@pytest.mark.parametrize("phase, url, word, code", [
    ("burst: 5", "http://127.0.0.1:1", "no phase of stream 'one' of cluster 'target' has one", 2),
    ("rate: 10/s, duration: 1s", "http://no-such-host.invalid", "cannot resolve", 1),
])
def test_a_sweep_that_cannot_begin_leaves_no_folder(run, tmp_path, phase, url, word, code):
    (tmp_path / "one.yaml").write_text(OPEN.format(url=url, phase=phase))
    done = run("loadgen", "sweep", "one.yaml", "--out", "sweep", expect=code)
    assert word in ended_with(done)
    assert not (tmp_path / "sweep").exists()


def test_a_sweep_of_nothing_is_not_a_limit_that_was_found(run, tmp_path):
    with dead_port() as port:
        (tmp_path / "one.yaml").write_text(OPEN.format(url=f"http://127.0.0.1:{port}", phase="rate: 10/s, duration: 1s"))
        done = run("loadgen", "sweep", "one.yaml", "--from", "20/s", "-d", "1s", "--warmup", "0s", "--gap", "0s", "--out", "sweep", expect=1)
    assert ended_with(done) == "loadgen: no request of the run sweep/target-20 succeeded: its errors.csv says why"


def test_no_warm_up_can_be_asked_for(run, nginx):
    for words, lines in (([], 1), (["--warmup", "0s"], 1), (["--warmup", "1s"], 2)):
        shown = run("loadgen", "plan", "--target", nginx().url, "-d", "1s", *words).stdout
        assert ("warmup" in shown) == (lines == 2)
