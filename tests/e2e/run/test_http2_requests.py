"""What is sent over HTTP/2 is what is sent over HTTP/1.1: the same methods, paths, fields and bodies, through the same load balancer."""

import collections

import pytest

from received import serve_received
from run_folder import RunFolder
from test_replay import import_logs, write_logs

STREAM = """
seed: 5
feeds: { rows: { file: rows.csv } }
streams:
  - name: s
    $load
    requests:
      - { path: "/a?q={rows.word}", headers: { X-Trace: "{uuid}", X-Case: Kept } }
      - { method: POST, path: "/b/{counter}", json: { word: "{rows.word}", n: 7 } }
      - { method: PUT, path: /large, body_file: large.bin }
      - { method: HEAD, path: /c }
      - { method: DELETE, path: "/d/{random}" }
"""


def fields(request):
    """All but those of the hop."""
    return tuple(sorted((name, value) for name, value in request.headers if name not in ("connection", "host")))


def seen_by(server):
    """What was received since the last call."""
    seen = collections.Counter((r.method, r.target, tuple(r.header("host")), fields(r), r.body) for r in server.received)
    server.received.clear()
    return seen


@pytest.fixture(name="server")
def fixture_server():
    with serve_received({}) as server:
        yield server


@pytest.fixture(name="front")
def fixture_front(haproxy, server):
    return haproxy([int(server.url.rpartition(":")[2])])


@pytest.mark.parametrize("load", ["users: 12\n    phases: [ { requests: 300 } ]", "arrivals: constant\n    phases: [ { rate: 300/s, duration: 1s } ]"],
                         ids=["closed", "open"])
def test_generated_requests_are_the_same(run, server, front, tmp_path, load):
    (tmp_path / "rows.csv").write_text("word\n" + "".join(f"\"w {i} \u00e9&\"\n" for i in range(40)))
    (tmp_path / "large.bin").write_bytes(bytes(range(256)) * 1200)  # more than the first window of 64 KiB
    seen = {}
    for http, more in (("1.1", ""), ("2-prior-knowledge", "streams_per_connection: 4\n    ")):
        path = tmp_path / "s.yaml"
        path.write_text(f"target: {{ url: {front.url}/base, http: {http} }}" + STREAM.replace("$load", more + load))
        run("loadgen", "run", path, "-q", "-t", 2, "-o", tmp_path / f"run-{http}")
        assert RunFolder(tmp_path / f"run-{http}").totals["ok_n"] == 300
        seen[http] = seen_by(server)
    assert seen["1.1"] == seen["2-prior-knowledge"] and sum(seen["1.1"].values()) == 300
    assert {method for method, *_ in seen["1.1"]} == {"GET", "POST", "PUT", "HEAD", "DELETE"}


def test_recorded_requests_are_the_same(programs, server, front, tmp_path):
    write_logs(tmp_path, 300, 1.0)
    seen = {}
    for option in ("--http1.1", "--http2-prior-knowledge"):
        scenario = import_logs(programs, tmp_path, front.url)
        programs.run("loadgen", "run", scenario, option, "-q", "-o", tmp_path / f"run{option}")
        seen[option] = seen_by(server)
    assert seen["--http1.1"] == seen["--http2-prior-knowledge"] and sum(seen["--http1.1"].values()) == 300
