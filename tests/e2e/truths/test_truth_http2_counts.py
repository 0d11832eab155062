# ctest: release truth
"""HTTP/2: where servers end connections as a matter of routine, nothing is lost and nothing is counted twice. What was sent, answered and
logged by the server agree to the request."""

import collections
import os
import re
import signal
import threading

import pytest

from servers import issued
from truth import IS_FULL, logged, long_or_short, make_run, rows

HTTP = {"plain": "2-prior-knowledge", "tls": "2"}
HOW = {"plain": ["--http2-prior-knowledge"], "tls": ["--http2", "-k"]}
FIELDS = ["connection", "connection_requests", "status", "server_protocol", "http_x_request_id"]


@pytest.fixture(name="certificate", scope="module")
def fixture_certificate(tmp_path_factory):
    return issued(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture(name="server")
def fixture_server(nginx, certificate):
    """server("plain" or "tls", ...): nginx that speaks HTTP/2."""
    return lambda way, **more: nginx(http2=True, fields=FIELDS, certificate=certificate if way == "tls" else None, **more)


def assert_balanced(got, folder, log, n):
    totals = got["totals"]
    assert totals["sent_n"] == totals["done_n"] == totals["ok_n"] == n, totals["errors"]
    again = totals["sent_again"]  # nginx logs a request that it has not processed only when it comes again
    assert sum(again.values()) == again["unprocessed"] == got["stream_totals"][0]["http2"]["unprocessed_n"], again
    assert len(log) == n and {(line["status"], line["server_protocol"]) for line in log} == {("200", "HTTP/2.0")}
    connections = collections.Counter(line["connection"] for line in log)
    assert len(connections) == sum(int(row["conn_new_n"]) for row in rows(folder, "intervals.csv"))
    return connections


# nginx ends a connection by count with a GOAWAY that names the last request which it will answer; what was sent behind that is not logged.
@pytest.mark.parametrize("way", HOW)
@pytest.mark.parametrize("most, n", [(100, long_or_short(200_000, 6000)), (1000, long_or_short(1_000_000, 20_000))])
@pytest.mark.parametrize("load", [("-c", "3", "--streams", "50")] + long_or_short([("-c", "64", "--streams", "1")], []), ids=" ".join)
def test_a_server_that_ends_connections_by_count_loses_no_request(run, server, tmp_path, way, most, n, load):
    nginx = server(way, keepalive_requests=most)
    got, _ = make_run(run, tmp_path / "run", "--target", nginx.url, *HOW[way], *load, "-n", n)
    connections = assert_balanced(got, tmp_path / "run", nginx.stop_and_read_fields(), n)
    assert max(connections.values()) == most and len(connections) >= n // most
    n_full = sum(requests == most for requests in connections.values())
    http2 = got["stream_totals"][0]["http2"]
    assert n_full - 3 <= http2["goaways_n"] <= n_full, "those that came when all was answered may not have been read"
    assert (http2["goaway_errors_n"], http2["refused_n"], http2["resets"], http2["cancels_n"]) == (0, 0, {}, 0)


def test_what_may_not_be_repeated_is_processed_once(run, server, tmp_path):
    """A POST above the last stream of a GOAWAY was not processed, so it is sent again (RFC 9113 section 8.7)."""
    nginx, n = server("plain", keepalive_requests=100), 6000
    got, _ = make_run(run, tmp_path / "run", "--target", nginx.url, *HOW["plain"], "-c", 3, "--streams", 50, "-n", n, "-m", "POST", "--body", "hello")
    assert_balanced(got, tmp_path / "run", nginx.stop_and_read_fields(), n)
    assert got["stream_totals"][0]["http2"]["unprocessed_n"] > 0


def test_connections_that_the_generator_ends_first_are_not_ended_by_the_server(run, server, tmp_path):
    """As on AWS, where runs end connections after 9 900 requests and the load balancer after 10 000."""
    n, most = 9000, 90
    nginx = server("tls", keepalive_requests=100)
    got, _ = make_run(run, tmp_path / "run", "--target", nginx.url, *HOW["tls"], "-c", 3, "--streams", 20, "-n", n, "--requests-per-connection", most)
    connections = assert_balanced(got, tmp_path / "run", nginx.stop_and_read_fields(), n)
    assert max(connections.values()) == most and len(connections) <= n // most + 3
    http2 = got["stream_totals"][0]["http2"]
    assert (http2["goaways_n"], http2["unprocessed_n"], http2["ended_by_count_n"]) == (0, 0, sum(c == most for c in connections.values()))


@pytest.mark.skipif(not IS_FULL, reason="about another program")
def test_h2load_loses_what_was_not_processed(programs, server):
    """The negative control, and why such requests are sent again."""
    n = 100_000
    done = programs.run("h2load", "-n", n, "-c", 10, "-m", 10, server("plain", keepalive_requests=1000).url)
    assert int(re.search(r"(\d+) failed", done.stdout).group(1)) >= n / 2, done.stdout


class Reloads(threading.Thread):
    """Calls `reload` again and again until it is stopped."""

    def __init__(self, reload, every_s):
        super().__init__()
        self.reload, self.every_s, self.count, self.is_over = reload, every_s, 0, threading.Event()
        self.start()

    def run(self):
        while not self.is_over.wait(self.every_s):
            self.reload()
            self.count += 1

    def stop(self):
        self.is_over.set()
        self.join()
        return self.count


@pytest.mark.parametrize("way", HOW)
def test_a_server_that_is_reloaded_under_load_loses_no_request(run, server, tmp_path, way):
    seconds, rate = long_or_short(30, 3), 2000
    nginx = server(way)
    (tmp_path / "ids.yaml").write_text(f"""
target: {{ url: "{nginx.url}", http: {HTTP[way]} }}
streams:
  - name: one
    request: {{ path: "/", headers: {{ x-request-id: "{{counter}}" }} }}
    arrivals: constant
    connections: 4
    streams_per_connection: 16
    phases: [ {{ rate: {rate}/s, duration: {seconds}s }} ]
""")
    reloads = Reloads(lambda: os.kill(nginx.pid, signal.SIGHUP), every_s=.5)
    got, _ = make_run(run, tmp_path / "run", tmp_path / "ids.yaml", "-t", 2, "-k", "--log-requests", "csv")
    n_reloads = reloads.stop()
    log = nginx.stop_and_read_fields()
    totals = got["totals"]
    assert totals["intended_n"] == totals["sent_n"] == totals["done_n"] == totals["ok_n"] == rate * seconds, totals["errors"]
    assert n_reloads >= 2 * seconds - 2 and len({line["connection"] for line in log}) >= n_reloads
    ours = sorted(row["seq"] for row in logged(tmp_path / "run"))
    assert sorted(int(line["http_x_request_id"]) for line in log if line["status"] == "200") == ours == list(range(rate * seconds))


@pytest.mark.parametrize("way", long_or_short(HOW, ["tls"]))
def test_the_books_of_the_lab_balance_while_it_is_reloaded(deployment, run, tmp_path, way):
    """HAProxy and its log. A worker that is replaced says GOAWAY and answers what it has."""
    seconds = long_or_short(30, 3)
    deployment.up("--service-time", "0", *(["--tls"] if way == "tls" else []))
    (tmp_path / "both.yaml").write_text(f"""
target: {{ url: deployment, http: {HTTP[way]} }}
streams:
  - {{ name: closed, cluster: cluster1, request: /cluster1, users: 40, streams_per_connection: 20, think: 20ms, phases: [ {{ duration: {seconds}s }} ] }}
  - {{ name: open, cluster: cluster2, request: /cluster2, arrivals: poisson, connections: 2, streams_per_connection: 100,
      phases: [ {{ rate: 1000/s, duration: {seconds}s }} ] }}
""")
    reloads = Reloads(lambda: deployment.provision("reload"), every_s=1)
    got, _ = make_run(run, tmp_path / "run", tmp_path / "both.yaml", "--deployment", deployment.path, "-t", 2)
    assert reloads.stop() > 0
    totals = got["totals"]
    assert totals["sent_n"] == totals["done_n"] == totals["ok_n"] > 800 * seconds, totals["errors"]
    n = f"{totals['done_n']:,}".replace(",", " ")
    assert f"load balancer {n}, client {n}, difference 0" in deployment.provision("metrics", "--run", tmp_path / "run").stdout
    deployment.down()
