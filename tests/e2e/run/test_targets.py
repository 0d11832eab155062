# ctest: release
"""Streams of one scenario that send to different targets."""

import subprocess

import pytest

from programs import PATIENCE_S, dead_port
from truth import make_run, rows

STREAM = "  - {{ name: {name}, cluster: {name}, {target} request: /{name}, users: 2, phases: [ {{ requests: 20 }} ] }}\n"
FIELDS = ["request_uri", "host", "scheme", "server_addr"]


@pytest.fixture(name="certificate", scope="module")
def fixture_certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "2", "-keyout", folder / "key", "-out",
                    folder / "cert"], check=True, capture_output=True, timeout=PATIENCE_S)
    return folder / "cert", folder / "key"


def write(file, head, **targets):
    file.write_text(head + "streams:\n" + "".join(STREAM.format(name=name, target=f'target: "{url}",' if url else "") for name, url in targets.items()))
    return file


def requests_of(server):
    """{(path, Host, scheme, address): number of requests}"""
    seen = {}
    for line in server.stop_and_read_fields():
        key = tuple(line[field] for field in FIELDS)
        seen[key] = seen.get(key, 0) + 1
    return seen


def test_http_and_https_hosts_ports_and_base_paths_are_mixed(nginx, run, tmp_path, certificate):
    plain, other, tls = nginx(fields=FIELDS), nginx(fields=FIELDS, addresses=("127.0.0.1", "127.0.0.2")), nginx(fields=FIELDS, certificate=certificate)
    path = write(tmp_path / "mixed.yaml", f"target: {plain.url}/base\ntls: {{ verify: false }}\nresolve: [ \"two.test:{other.port}:127.0.0.2\" ]\n",
                 own="", path=f"{plain.url}/elsewhere", name=f"http://two.test:{other.port}", safe=f"https://127.0.0.1:{tls.port}/s")
    made, _ = make_run(run, tmp_path / "run", path, "-t", 2)
    assert {row["stream"]: (row["ok_n"], row["err_n"]) for row in made["stream_totals"]} == dict.fromkeys(("own", "path", "name", "safe"), (20, 0))
    assert made["target"] == {"url": f"{plain.url}/base", "tls": False, "http": "1.1", "alpn": None}
    assert {stream["name"]: stream.get("target") for stream in made["streams"]} == {
        "own": None, "path": f"{plain.url}/elsewhere", "name": f"http://two.test:{other.port}", "safe": f"https://127.0.0.1:{tls.port}/s"}
    assert {(row["name"], row["address"]) for row in rows(tmp_path / "run", "dns.csv")} == {("127.0.0.1", "127.0.0.1"), ("127.0.0.2", "127.0.0.2")}
    assert {row["cluster"]: row["address"] for row in rows(tmp_path / "run", "remotes.csv")} == {
        "own": "127.0.0.1", "path": "127.0.0.1", "name": "127.0.0.2", "safe": "127.0.0.1"}
    assert requests_of(plain) == {("/base/own", "127.0.0.1", "http", "127.0.0.1"): 20,
                                  ("/elsewhere/path", "127.0.0.1", "http", "127.0.0.1"): 20}
    assert requests_of(other) == {("/name", "two.test", "http", "127.0.0.2"): 20}
    assert requests_of(tls) == {("/s/safe", "127.0.0.1", "https", "127.0.0.1"): 20}


def test_a_dead_target_harms_its_own_stream_alone(nginx, run, tmp_path):
    server = nginx()
    with dead_port() as port:
        path = write(tmp_path / "one-dead.yaml", f"target: {server.url}\n", good="", bad=f"http://127.0.0.1:{port}")
        made, _ = make_run(run, tmp_path / "run", path)
    totals = {row["stream"]: row for row in made["stream_totals"]}
    assert (totals["good"]["ok_n"], totals["good"]["err_n"]) == (20, 0)
    assert (totals["bad"]["ok_n"], totals["bad"]["errors"]["connect"]) == (0, 20)


def test_a_name_that_does_not_exist_is_named(run, tmp_path):
    path = write(tmp_path / "no-name.yaml", "target: http://127.0.0.1:9\n", good="", bad="http://no-such-name.invalid")
    done = run("loadgen", "run", path, "--out", tmp_path / "run", expect=1)
    assert "no-such-name.invalid" in done.stderr and not (tmp_path / "run").exists()


def test_the_command_lines_target_leaves_a_streams_own(nginx, run, tmp_path):
    first, second = nginx(fields=FIELDS), nginx(fields=FIELDS)
    path = write(tmp_path / "mixed.yaml", "target: http://127.0.0.1:9\n", own=second.url, plain="")
    made, _ = make_run(run, tmp_path / "run", path, "--target", first.url)
    assert made["target"]["url"] == first.url and made["streams"][0]["target"] == second.url
    assert [path for path, *_ in requests_of(first)] == ["/plain"] and [path for path, *_ in requests_of(second)] == ["/own"]
    only = write(tmp_path / "own.yaml", "", own=second.url)
    assert "--target has no effect: every stream of the scenario has its own 'target'" in run(
        "loadgen", "run", only, "--target", first.url, expect=2).stderr


def test_a_plan_shows_where_each_stream_sends(run, tmp_path):
    path = write(tmp_path / "mixed.yaml", "target: http://one.test/a\n", own="https://two.test:8443/b", plain="")
    shown = run("loadgen", "plan", path).stdout
    assert "2 streams   http://one.test/a and https://two.test:8443/b\n" in shown
    assert "  request     GET /b/own HTTP/1.1   own   to https://two.test:8443/b\n              Host: two.test:8443\n" in shown
    assert "  request     GET /a/plain HTTP/1.1   plain\n              Host: one.test\n" in shown
