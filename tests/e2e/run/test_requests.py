"""A server receives the requests that the scenario describes: generated values, mixes, bodies, headers, connections."""

import base64
import collections
import http.server
import threading
import uuid

import pytest

from run_folder import latest

Received = collections.namedtuple("Received", "method path headers body client")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.received.append(Received(self.command, self.path, self.headers, body, self.client_address))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"ok")

    do_GET = do_POST = do_PUT = do_HEAD = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1024  # with the usual 5 a busy machine refuses connections


@pytest.fixture(name="server")
def fixture_server():
    """Parses with Python's own HTTP server; keeps what it received."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.received = []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run_scenario(run, server, tmp_path, stream, *options):
    path = tmp_path / "s.yaml"
    path.write_text(f"target: {server.url}/base\nstreams:\n  - name: s\n" + stream)
    run("loadgen", "run", path, "--progress", "none", *options)
    totals = latest(tmp_path).totals
    assert totals["ok_n"] == totals["sent_n"] == len(server.received)
    return server.received


@pytest.mark.parametrize("threads", [1, 2])
def test_every_number_is_sent_once_whoever_sends_it(server, run, tmp_path, threads):
    received = run_scenario(run, server, tmp_path, """\
    request:
      method: POST
      path: /x?n={counter}
      headers: { x-id: "{uuid}" }
      body: '{"n": {counter}, "r": "{random}"}'
    users: 4
    phases: [ { requests: 300 } ]
""", "-t", threads)
    numbers = [int(r.path.removeprefix("/base/x?n=")) for r in received]
    assert sorted(numbers) == list(range(300))
    for number, r in zip(numbers, received):
        assert r.body.startswith(b'{"n": %d, "r": "' % number) and len(r.body) == len(f'{{"n": {number}, "r": ""}}') + 16
        assert uuid.UUID(r.headers["x-id"]).version == 4
    assert len({r.headers["x-id"] for r in received}) == len({r.body[-18:] for r in received}) == 300


def test_the_same_seed_sends_the_same_requests(server, run, tmp_path):
    sent = []
    for _ in range(2):
        received = run_scenario(run, server, tmp_path, """\
    mix: weighted
    requests: [ { path: "/a/{random}", weight: 3 }, { path: "/b/{uuid}" } ]
    phases: [ { rate: 400/s, requests: 200 } ]
""", "--seed", 7)
        sent.append(sorted(r.path for r in received))
        received.clear()
    assert sent[0] == sent[1]
    share = sum(path.startswith("/base/a/") for path in sent[0]) / 200
    assert 0.6 < share < 0.9


def test_rows_of_a_file_are_taken_in_turn(server, run, tmp_path):
    (tmp_path / "people.csv").write_text('id,name\n7,Ann\n8,"Bo, jr"\n9,\n')
    received = run_scenario(run, server, tmp_path, """\
    feed: people.csv
    request: { method: PUT, path: "/{csv:id}", body: "{csv:name}" }
    phases: [ { requests: 7 } ]
""")
    assert [(r.path, r.body) for r in received] == [(f"/base/{i}", name) for i, name in [
        (7, b"Ann"), (8, b"Bo, jr"), (9, b""), (7, b"Ann"), (8, b"Bo, jr"), (9, b""), (7, b"Ann")]]


def test_a_sequence_keeps_its_order_and_headers_arrive(server, run, tmp_path):
    (tmp_path / "body.bin").write_bytes(bytes(range(256)))
    received = run_scenario(run, server, tmp_path, """\
    requests:
      - { path: /1, headers: { accept: text/plain }, cookies: { a: 1, b: two } }
      - { method: HEAD, path: /2, basic_auth: "joe:pass word" }
      - { method: POST, path: /3, body_file: body.bin }
    requests_per_connection: 2
    phases: [ { requests: 6 } ]
""")
    assert [(r.method, r.path) for r in received] == 2 * [("GET", "/base/1"), ("HEAD", "/base/2"), ("POST", "/base/3")]
    assert received[0].headers["accept"] == "text/plain" and received[0].headers["cookie"] == "a=1; b=two"
    assert received[1].headers["authorization"] == "Basic " + base64.b64encode(b"joe:pass word").decode()
    assert received[2].body == bytes(range(256))
    assert {r.headers["host"] for r in received} == {server.url.removeprefix("http://")}
    assert [received[i].client == received[i + 1].client for i in range(5)] == [True, False, True, False, True]


def test_without_keep_alive_each_request_has_a_connection(server, run, tmp_path):
    received = run_scenario(run, server, tmp_path, """\
    request: /
    keep_alive: false
    phases: [ { requests: 5 } ]
""")
    assert len({r.client for r in received}) == 5
    assert {r.headers["connection"] for r in received} == {"close"}


def test_secrets_are_sent_and_never_written(server, run, tmp_path):
    received = run_scenario(run, server, tmp_path, """\
    request: { path: /, headers: { authorization: Bearer SECRET1, x-api-key: SECRET2 }, cookies: { sid: SECRET3 } }
    phases: [ { requests: 1 } ]
""")
    assert received[0].headers["authorization"] == "Bearer SECRET1"
    for path in (tmp_path / "results").rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path
    received.clear()
    run("loadgen", "run", "--target", server.url, "-n", 1, "-c", 1, "-H", "authorization: SECRET4", "-u", "joe:SECRET5",
        "--body", "SECRET6", "--progress", "none")
    assert received[0].body == b"SECRET6"
    for path in (tmp_path / "results").rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path
