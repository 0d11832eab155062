# ctest: release
"""Only the first rank has the command line and the files; the others make the same plan of what it sends them."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from authority import Authority
from run_folder import RunFolder

SCENARIO = """\
target: {url}
seed: 7
streams:
  - name: posts
    users: 6
    feed: rows.csv
    request: {{ method: POST, path: "/{{csv:key}}-{{counter}}", body_file: body.bin }}
    phases: [{{ requests: 60 }}]
"""
ROWS = ["x", "y", "z", "last"]
BODY = bytes(range(256)) * 3


@pytest.fixture(name="posts")
def fixture_posts():
    """A server that keeps each request's path and body."""
    kept = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            kept.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", kept
    server.shutdown()
    server.server_close()


def elsewhere(n, tmp_path):
    """The first rank starts in the test's folder, the others in one that is empty."""
    empty = tmp_path / "empty"
    empty.mkdir()
    return [[], *[["env", "-C", empty]] * (n - 1)]


def test_files_of_the_first_rank_alone_are_sent_by_all(fleet, posts, tmp_path):
    url, kept = posts
    (tmp_path / "s.yaml").write_text(SCENARIO.format(url=url))
    (tmp_path / "rows.csv").write_text("key\n" + "".join(f"{row}\n" for row in ROWS))
    (tmp_path / "body.bin").write_bytes(BODY)
    prefixes = elsewhere(3, tmp_path)
    fleet.run(3, "s.yaml", "-o", "run", "-q", prefixes=prefixes)
    assert sorted(path for path, _ in kept) == sorted(f"/{ROWS[i % len(ROWS)]}-{i}" for i in range(60)), "each row and number once, as of one machine"
    assert all(body == BODY for _, body in kept)
    assert not list((tmp_path / "empty").iterdir())
    made = RunFolder(tmp_path / "run")
    assert made.totals["ok_n"] == 60 and made.run["scenario"]["file"] == "s.yaml"


@pytest.mark.skipif(os.getuid() != 0, reason="hiding a folder from a rank needs root")
def test_certificates_and_keys_are_those_of_the_first_rank_and_are_on_no_disk(fleet, nginx, tmp_path):
    folder = tmp_path / "certificates"
    folder.mkdir()
    authority = Authority(folder, "authority")
    client = authority.sign("client", "DNS:client.test")
    server = nginx(certificate=authority.sign("right", "IP:127.0.0.1"), server=f"ssl_client_certificate {authority.cert}; ssl_verify_client on;")
    local = tmp_path / "local"
    local.mkdir()
    prefixes = [[], ["unshare", "-m", "sh", "-c", f'mount -t tmpfs none "{folder}" && exec "$@"', "sh"]]
    fleet.run(2, server.url, "-n", 40, "-c", 4, "--cacert", authority.cert, "--cert", client.cert, "--key", client.key, "-H", "X-Key: hidden",
              "--local", local, "-o", "run", "-q", prefixes=prefixes)
    assert RunFolder(tmp_path / "run").totals["ok_n"] == 40 == len(server.stop_and_read_log())
    assert all(b"hidden" not in file.read_bytes() for file in (tmp_path / "run").iterdir())
    assert not list(local.iterdir())


def test_a_mistake_in_a_file_is_reported_once_and_nothing_is_sent(fleet, tmp_path):
    (tmp_path / "s.yaml").write_text("target: http://127.0.0.1:1\nstreams: 3\n")
    done = fleet.run(2, "s.yaml", prefixes=elsewhere(2, tmp_path), expect=2)
    assert done.stderr.count("s.yaml:2:10: error: ") == 1, done.stderr
    assert not (tmp_path / "results").exists()
