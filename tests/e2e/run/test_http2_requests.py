"""What is sent over HTTP/2 is what is sent over HTTP/1.1: the same methods, paths, fields and bodies, through the same load balancer."""

import collections

import pytest

from received import serve_received
from run_folder import RunFolder, check_whole
from servers import issued
from test_replay import import_logs, write_logs
from test_shares import run_shares, sent

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

SHARED = """
target: {{ url: {url}, http: 2-prior-knowledge }}
seed: 11
streams:
  - {{ name: users, users: 20, streams_per_connection: 4, request: "/u{{counter}}?{{uuid}}", phases: [ {{ requests: 203 }}, {{ requests: 40 }} ] }}
  - {{ name: even, arrivals: poisson, connections: 6, streams_per_connection: 3, request: "/e{{counter}}", phases: [ {{ rate: 200/s, duration: 1s }} ] }}
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


def test_shares_send_each_request_once(start, nginx, tmp_path):
    server = nginx(http2=True)
    scenario = tmp_path / "many.yaml"
    scenario.write_text(SHARED.format(url=server.url))
    shares, _ = run_shares(start, scenario, tmp_path, 3, [2, 1, 1])
    for share in shares:
        check_whole(share)
    whole = sum((sent(share) for share in shares), collections.Counter())
    log = server.stop_and_read_log()
    assert len(whole) == sum(whole.values()) == len(log) == len({line.target for line in log})
    assert collections.Counter(stream for stream, *_ in whole)["users"] == 243
    assert {seq for stream, _, seq, _ in whole if stream == "users"} == set(range(243))
    users = {line.connection for line in log if line.target.startswith("/u")}
    assert len(users) == 5 and len({line.connection for line in log}) <= 5 + 6


def test_a_server_without_http_2_fails_the_handshake(run, nginx, tmp_path):
    server = nginx(certificate=issued(tmp_path, "localhost"))
    run("loadgen", "run", server.url, "--http2", "-k", "-c", 2, "-n", 4, "-q", "-o", tmp_path / "run", expect=1)
    folder = RunFolder(tmp_path / "run")
    assert folder.totals["errors"]["tls"] == folder.totals["done_n"] == 4
    assert {row["cause"] for row in folder.rows("errors.csv")} == {"the server did not choose h2"}
