"""Bad input of every kind: exit code 2, one clear sentence with the place and what would be right, and no request sent."""

import pytest

SCENARIO = """\
name: case
target: {url}
streams:
  - name: one
    request: {{ path: / }}
    users: 1
    phases:
      - {{ requests: 10 }}
"""

# a change of the scenario above, and words that the sentence must contain
CASES = {
    "an unknown key, with the one that is near": ("    users: 1", "    usres: 1", ["usres", "users", ":6:"]),
    "a wrong type": ("    users: 1", "    users: many", ["users", "many", ":6:"]),
    "zero users": ("    users: 1", "    users: 0", ["users", "0", ":6:"]),
    "a fraction of a user": ("    users: 1", "    users: 1.5", ["users", "1.5", ":6:"]),
    "a negative duration": ("{{ requests: 10 }}", "{{ duration: -3s }}", ["duration", "-3s", ":8:"]),
    "a duration without unit": ("{{ requests: 10 }}", "{{ duration: 3 }}", ["duration", "3", ":8:"]),
    "a pause with a rate": ("{{ requests: 10 }}", "{{ pause: 1s, rate: 5/s }}", ["pause", "rate", ":8:"]),
    "no phases": ("phases:\n      - {{ requests: 10 }}", "phases: []", ["phases", ":7:"]),
    "an empty phase": ("{{ requests: 10 }}", "{{}}", ["phase", ":8:"]),
    "no streams": (SCENARIO[SCENARIO.index("streams:"):], "streams: []\n", ["streams", ":3:"]),
    "a stream's name twice": ("{{ requests: 10 }}\n", "{{ requests: 10 }}\n" + SCENARIO[SCENARIO.index("  - name"):], ["one", ":9:"]),
    "a URL of no kind": ("target: {url}", "target: ftp://127.0.0.1/", ["ftp", ":2:"]),
    "a URL with an impossible port": ("target: {url}", "target: http://127.0.0.1:70000", ["70000", ":2:"]),
    "{instance} twice": ("    users: 1", "    users: 1\n    expect: {{ body: '{{instance}} {{instance}}' }}", ["instance", ":7:"]),
    "users and a rate": ("{{ requests: 10 }}", "{{ rate: 10/s, duration: 1s }}", ["users", "rate"]),
    "a threshold of no kind": ("streams:", "thresholds: [ 'p99 is fine' ]\nstreams:", ["p99 is fine", ":3:"]),
    "a key twice": ("    users: 1", "    users: 1\n    users: 2", ["users", ":7:"]),
    "not YAML": ("streams:", "streams: [", ["yaml"]),
}


def refused(run, server, *arguments, cwd=None):
    """Runs what must be refused; returns the lines of stderr."""
    done = run("loadgen", "run", "--progress", "none", *arguments, expect=2, cwd=cwd)
    assert done.stdout == ""
    assert server.stop_and_read_log() == []
    return done.stderr


@pytest.mark.parametrize("name", CASES)
def test_a_scenario_that_is_wrong_is_refused_with_the_place(name, nginx, run, tmp_path):
    old, new, words = CASES[name]
    assert SCENARIO.count(old) == 1
    server = nginx()
    path = tmp_path / "case.yaml"
    path.write_text(SCENARIO.replace(old, new).format(url=server.url))
    stderr = refused(run, server, path)
    assert "case.yaml" in stderr
    for word in words:
        assert word in stderr, stderr
    assert "error:" in stderr.split("\n")[0]


def test_the_scenario_that_the_cases_change_is_right(nginx, run, tmp_path):
    server = nginx()
    path = tmp_path / "case.yaml"
    path.write_text(SCENARIO.format(url=server.url))
    run("loadgen", "run", path, "--progress", "none")
    assert len(server.stop_and_read_log()) == 10


def test_a_missing_scenario_is_named_with_those_that_are_shipped(nginx, run):
    stderr = refused(run, nginx(), "no-such")
    assert "no-such" in stderr and "tp1" in stderr


def test_a_folder_is_no_scenario(nginx, run, tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert "folder.yaml" in refused(run, nginx(), tmp_path / "folder.yaml")


def test_an_unreadable_scenario_is_named(nginx, run, tmp_path):
    path = tmp_path / "loop.yaml"
    path.symlink_to(path)  # unreadable, even for root
    assert "loop.yaml" in refused(run, nginx(), path)


@pytest.mark.parametrize("content", [b"", b"\0" * 1000, b"\xff\xfe" * 500, b"%PDF-1.7\n1 0 obj\n", b"just words\n", b"- a\n- list\n"])
def test_a_file_that_is_no_scenario_is_refused(content, nginx, run, tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    assert "odd.yaml" in refused(run, nginx(), path)


def test_a_scenario_of_10_mb_is_refused_quickly(nginx, run, tmp_path):
    server = nginx()
    path = tmp_path / "big.yaml"
    path.write_text(SCENARIO.format(url=server.url) + "# padding\n" * 1_000_000)
    assert "big.yaml" in refused(run, server, path)


def test_a_cluster_that_the_deployment_lacks_is_named(lab, nginx, run, tmp_path):
    deployment = lab()
    path = tmp_path / "case.yaml"
    path.write_text(SCENARIO.replace("    users: 1", "    cluster: cluster9\n    users: 1").format(url="deployment"))
    stderr = refused(run, nginx(), path, "--deployment", deployment.path)
    assert "cluster9" in stderr and "cluster1" in stderr


def test_a_deployment_that_is_not_there_is_said(nginx, run, tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(SCENARIO.format(url="deployment"))
    assert "deployment" in refused(run, nginx(), path)


@pytest.mark.parametrize("options, words", [
    (["-c", "0"], ["connections", "0"]),
    (["-c", "-3"], ["connections"]),
    (["-d", "10x"], ["duration", "10x"]),
    (["-d", "-1s"], ["duration"]),
    (["--rate", "0"], ["rate"]),
    (["--rate", "many"], ["rate", "many"]),
    (["--conections", "3"], ["--conections", "--connections"]),
    (["-H", "no colon"], ["no colon"]),
])
def test_options_that_are_wrong_are_refused(options, words, nginx, run):
    server = nginx()
    stderr = refused(run, server, "--target", server.url, *options)
    for word in words:
        assert word in stderr, stderr


@pytest.mark.parametrize("url", ["http://", ":x", "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://a b/", "gopher://x", ""])
def test_a_target_that_is_no_url_is_refused(url, nginx, run):
    refused(run, nginx(), "--target", url, "-n", 1)


def test_scenario_and_url_cannot_both_be_missing(nginx, run):
    assert "`loadgen http://127.0.0.1:8080/`, `loadgen run tp1`" in refused(run, nginx())
