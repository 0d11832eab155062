# ctest: release
"""Connections: how many, from where, to where, and what happens to requests when they close or cannot be made."""

import collections
import os
import pathlib
import re
import resource
import socket
import subprocess
import sys
import threading

import pytest

from programs import PATIENCE_S, RUN_S
from truth import make_run, rows

FIELDS = ["connection", "connection_requests", "remote_addr", "host", "request_uri", "server_addr"]


def per_connection(log):
    """Requests of each connection, checked to be numbered from 1 without gaps."""
    found = collections.defaultdict(list)
    for line in log:
        found[line["connection"]].append(int(line["connection_requests"]))
    for numbers in found.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    return sorted(len(numbers) for numbers in found.values())


def counted(run_json, folder):
    """(connections opened, ok answers)"""
    return sum(int(row["conn_new_n"]) for row in rows(folder, "intervals.csv")), run_json["totals"]["ok_n"]


@pytest.mark.parametrize("load", [("-c", 4, "-n", 1000), ("--rate", 2000, "-c", 4, "-d", "500ms")], ids=["closed", "open"])
@pytest.mark.parametrize("options, most", [(("--requests-per-connection", 7), 7), (("--no-keepalive",), 1)], ids=["after 7", "after 1"])
def test_connections_are_closed_after_as_many_requests_as_told(run, nginx, tmp_path, load, options, most):
    server = nginx(fields=FIELDS)
    got, _ = make_run(run, tmp_path / "run", "--target", server.url, *load, *options)
    numbers = per_connection(server.stop_and_read_fields())
    n_opened, n_answered = counted(got, tmp_path / "run")
    n_spare = 4 if "--rate" in load else 0  # opened for a request that another connection then took
    assert len(numbers) <= n_opened <= len(numbers) + n_spare
    assert n_answered == sum(numbers) == 1000 and max(numbers) == most
    assert sum(n < most for n in numbers) <= 4, "only the last ones may have had fewer"


def test_no_keepalive_says_so_to_the_server(run, nginx):
    server = nginx(fields=["http_connection"])
    run("loadgen", "run", "--target", server.url, "--no-keepalive", "-n", 10, "-c", 1, "--progress", "none")
    assert [line["http_connection"] for line in server.stop_and_read_fields()] == ["close"] * 10


@pytest.mark.parametrize("depth", [1, 8])
def test_pipelined_requests_reconcile_with_the_log(run, nginx, tmp_path, depth):
    server = nginx(fields=FIELDS, keepalive_requests=100)
    got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 3, "-n", 5000, "--pipeline", depth)
    log = server.stop_and_read_fields()
    numbers = per_connection(log)
    assert got["totals"]["ok_n"] == got["totals"]["done_n"] == 5000 == len(log), got["totals"]["errors"]
    assert max(numbers) == 100 and len(numbers) == counted(got, tmp_path / "run")[0]


def serve_one_request_each(listener):
    try:
        while True:
            conn, _ = listener.accept()
            with conn:
                conn.recv(65536)
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    except OSError:
        pass


def test_a_unix_socket_with_a_short_queue_fails_nothing(run, tmp_path):
    path = tmp_path / "short"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(4)
        threading.Thread(target=serve_one_request_each, args=(listener,), daemon=True).start()
        got, _ = make_run(run, tmp_path / "run", "--target", "http://service.test/", "--unix-socket", path, "-c", 50, "-n", 500, "--no-keepalive")
        listener.shutdown(socket.SHUT_RDWR)
    assert got["totals"]["ok_n"] == got["totals"]["done_n"] == 500


def test_a_unix_socket(run, nginx, tmp_path):
    path = tmp_path / "socket"
    server = nginx(server=f"listen unix:{path};", fields=FIELDS)
    got, _ = make_run(run, tmp_path / "run", "--target", "http://service.test/x", "--unix-socket", path, "-c", 2, "-n", 50)
    assert got["totals"]["ok_n"] == 50
    assert {(line["remote_addr"], line["host"], line["request_uri"]) for line in server.stop_and_read_fields()} == {("unix:", "service.test", "/x")}
    assert [(row["address"], row["requests_n"]) for row in rows(tmp_path / "run", "remotes.csv")] == [("unix", "50")]
    assert got["network"] == {"remote": "unix", "interface": None, "driver": None, "speed_bits_per_s": None, "mtu_bytes": None, "rtt_us": None}


def test_run_json_names_the_machine_the_way_to_the_target_and_the_build(run, nginx, tmp_path):
    got, _ = make_run(run, tmp_path / "run", "--target", nginx().url, "-c", 1, "-n", 20)
    host, network, tool = got["host"], got["network"], got["tool"]
    assert (host["cpus"], host["kernel"], host["architecture"]) == (os.cpu_count(), os.uname().release, os.uname().machine)
    assert host["memory_bytes"] == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert host["sysctls"]["net.core.somaxconn"] == pathlib.Path("/proc/sys/net/core/somaxconn").read_text().strip()
    assert host["load_1m"] >= 0
    command_line = pathlib.Path("/proc/cmdline").read_text().split()
    assert all(f"{name}={value}" in command_line or name in command_line for name, value in host["kernel_parameters"].items())
    assert (network["remote"], network["interface"]) == ("127.0.0.1", "lo") and 0 < network["rtt_us"] < 100_000
    assert tool["name"] == "loadgen" and tool["compiler"].split()[0] in ("GNU", "Clang") and tool["build"]


def test_source_addresses_are_used_in_turn(run, nginx, tmp_path):
    server = nginx(fields=FIELDS)
    make_run(run, tmp_path / "run", "--target", server.url, "--bind", "127.0.0.2", "--bind", "127.0.0.3", "-c", 10, "-n", 1000,
             "--requests-per-connection", 10)
    connections = {line["connection"]: line["remote_addr"] for line in server.stop_and_read_fields()}
    counts = collections.Counter(connections.values())
    assert set(counts) == {"127.0.0.2", "127.0.0.3"} and abs(counts["127.0.0.2"] - counts["127.0.0.3"]) <= 1


WAYS = {  # options, Host of the request
    "connect-to": (["--target", "http://service.test/x", "--connect-to", "service.test:80:127.0.0.2:{port}"], "service.test"),
    "resolve": (["--target", "http://service.test:{port}/x", "--resolve", "service.test:{port}:127.0.0.2"], "service.test"),
    "host": (["--target", "http://127.0.0.2:{port}/x", "--host", "service.test"], "service.test"),
}


@pytest.mark.parametrize("way", WAYS)
def test_where_requests_go_and_what_host_they_name_can_be_said(run, nginx, tmp_path, way):
    options, host = WAYS[way]
    server = nginx(addresses=("127.0.0.1", "127.0.0.2"), fields=FIELDS)
    got, _ = make_run(run, tmp_path / "run", *(option.format(port=server.port) for option in options), "-c", 2, "-n", 50)
    assert got["totals"]["ok_n"] == 50
    assert {(line["server_addr"], line["host"], line["request_uri"]) for line in server.stop_and_read_fields()} == {("127.0.0.2", host, "/x")}


def test_idle_connections_that_the_server_closes_cost_no_request(run, nginx, tmp_path):
    server = nginx(server="keepalive_timeout 1s;", fields=FIELDS)
    scenario = tmp_path / "idle.yaml"
    scenario.write_text(f"""
name: idle
target: {server.url}
streams:
  - {{ name: one, users: 5, think: 1500ms, request: {{ path: / }}, phases: [ {{ requests: 15 }} ] }}
""")
    got, _ = make_run(run, tmp_path / "run", scenario)
    log = server.stop_and_read_fields()
    assert got["totals"]["ok_n"] == got["totals"]["done_n"] == 15 == len(log)
    assert counted(got, tmp_path / "run")[0] == len({line["connection"] for line in log}) == 15


def test_who_thinks_longer_than_the_server_waits_thinks_no_longer(run, nginx, tmp_path):
    server = nginx(server="keepalive_timeout 1s;", fields=FIELDS)
    scenario = tmp_path / "idle.yaml"
    scenario.write_text(f"""
name: idle
target: {server.url}
streams:
  - {{ name: one, users: 1, think: 1500ms, request: {{ path: / }}, phases: [ {{ requests: 4 }} ] }}
""")
    got, _ = make_run(run, tmp_path / "run", scenario)
    assert got["totals"]["ok_n"] == 4
    assert sum(float(row["dur_s"]) for row in rows(tmp_path / "run", "intervals.csv")) < 4 * 1.5 + 1.5, "4 requests with 3 pauses between them, not 6"


def test_pipelined_requests_are_sent_once_where_a_connection_may_carry_only_some(run, nginx, tmp_path):
    server = nginx(fields=FIELDS)
    got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 2, "-n", 1000, "--pipeline", 8, "--requests-per-connection", 10)
    numbers = per_connection(server.stop_and_read_fields())
    assert got["totals"]["ok_n"] == sum(numbers) == 1000 and max(numbers) == 10
    assert len(numbers) == counted(got, tmp_path / "run")[0] <= 102


def test_without_a_queue_connections_are_opened_all_the_same(run, nginx, tmp_path):
    server = nginx(fields=FIELDS)
    scenario = tmp_path / "queue.yaml"
    scenario.write_text(f"""
name: queue
target: {server.url}
streams:
  - {{ name: one, arrivals: constant, queue: 0, request: {{ path: / }}, phases: [ {{ rate: 100/s, duration: 2s }} ] }}
""")
    got, _ = make_run(run, tmp_path / "run", scenario)
    assert got["totals"]["ok_n"] == len(server.stop_and_read_fields()) >= 100


class Server:
    """A server in a program of its own: answers the first request of each connection, then does THEN."""

    def __enter__(self):
        code = f"""
import socket, threading, time
s = socket.create_server(("127.0.0.1", 0), backlog=64)
print(s.getsockname()[1], flush=True)
def serve(c):
    c.recv(65536)
    c.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    {self.THEN}
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
"""
        self.process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class ClosesOnSecond(Server):
    """Resets a connection on its second request, like a server that timed out meanwhile."""
    THEN = r'c.recv(65536); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"); c.close()'


def test_a_reused_connection_that_was_closed_is_an_event_and_the_request_is_sent_again(run, tmp_path):
    with ClosesOnSecond() as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "-c", 4, "-n", 100)
    assert got["totals"]["ok_n"] == got["totals"]["done_n"] == 100 and got["totals"]["err_n"] == 0
    # Of 4 connections each carries one request, then one that is sent again on the next.
    assert got["totals"]["errors"]["reset_idle"] == 96 == counted(got, tmp_path / "run")[0] - 4


# --- what the system refuses ---

def test_the_soft_limit_of_descriptors_is_raised(programs, nginx, tmp_path):
    server = nginx()
    done = subprocess.run(["sh", "-c", 'ulimit -S -n 100 && exec "$@"', "sh", *programs.argv(
        "loadgen", "run", "--target", server.url, "-c", 400, "-n", 4000, "--out", tmp_path / "run", "--progress", "none")],
        env=programs.env, cwd=tmp_path, capture_output=True, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stderr
    log = server.stop_and_read_log()
    assert len(log) == 4000 and len({line.connection for line in log}) == 400


def test_a_hard_limit_that_is_too_low_is_one_sentence_before_anything_is_sent(run, nginx, tmp_path):
    server = nginx()
    done = run("loadgen", "run", "--target", server.url, "-c", 400, "-n", 4000, "--out", tmp_path / "run", expect=2, limits={"NOFILE": 200})
    assert re.fullmatch(r"[^\n]*400 connections[^\n]*\n", done.stderr), done.stderr
    assert "ulimit" in done.stderr and "200" in done.stderr
    assert server.stop_and_read_log() == []


PORTS = 12  # even: with an odd number the kernel's search for a free port skips one, at random


def can_have_few_ports():
    """Whether we can make a network namespace with PORTS local ports."""
    try:
        done = subprocess.run(["unshare", "-rn", "sh", "-c", few_ports("true")], capture_output=True, timeout=PATIENCE_S, check=False)
    except OSError:
        return False
    return done.returncode == 0


def few_ports(then):
    return f"PATH=$PATH:/usr/sbin:/sbin; ip link set lo up && echo 40000 {39999 + PORTS} > /proc/sys/net/ipv4/ip_local_port_range && {then}"


@pytest.mark.skipif(not can_have_few_ports(), reason="no network namespace can be made here")
def test_used_up_ports_are_said_as_that(programs, tmp_path):
    """The server closes first and keeps the connections in TIME_WAIT, or all are open at once: 12 ports are 12 connections."""
    arguments = programs.argv("loadgen", "run", "--target", "http://127.0.0.1:$port", "-c", 30, "-d", "1s", "--out", tmp_path / "run",
                              "--progress", "none")
    emulator = programs.argv("loadgen-emulator", "--port", 30000)
    script = few_ports(f"{{ {' '.join(emulator)} > {tmp_path}/port & server=$!; while ! [ -s {tmp_path}/port ]; do sleep .05; done; "
                       f"port=$(head -1 {tmp_path}/port); {' '.join(arguments)}; code=$?; kill $server; wait $server; exit $code; }}")
    done = subprocess.run(["unshare", "-rn", "sh", "-c", script], env=programs.env, cwd=tmp_path, capture_output=True, text=True, timeout=RUN_S,
                          check=False)
    assert done.returncode == 0, done.stderr
    errors = rows(tmp_path / "run", "errors.csv")
    assert {row["class"] for row in errors} == {"ports"}, errors
    assert {row["cause"] for row in errors} == {"Cannot assign requested address"}, errors
    assert sum(int(row["conn_new_n"]) for row in rows(tmp_path / "run", "intervals.csv")) == PORTS
    assert "ports" in done.stdout


# --- memory ---

MEASURE = """
import os, resource, sys
_, status = os.waitpid(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_ten_thousand_connections_take_less_than_25_megabytes(programs, nginx, tmp_path):
    n = 10_000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < n + 200:
        pytest.skip(f"a process may open {hard} files only")
    server = nginx(log=False)
    argv = programs.argv("loadgen", "run", "--target", server.url, "-c", n, "-n", 3 * n, "--timeout", "100s", "--out", tmp_path / "run",
                         "--progress", "none")
    # The kernel's peak includes the parent's memory until exec, hence a small parent.
    done = subprocess.run([sys.executable, "-ISc", MEASURE, *argv], env=programs.env, capture_output=True, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stderr
    totals = rows(tmp_path / "run", "intervals.csv")
    assert sum(int(row["conn_new_n"]) for row in totals) == n
    assert sum(int(row["ok_n"]) for row in totals) == 3 * n
    assert int(done.stderr.split()[-1]) < 25 * 1024, "KiB"


class AnswersEarly(Server):
    """Answers as soon as it has a request's head, and never reads the body."""
    THEN = "time.sleep(60)"


@pytest.mark.parametrize("load", [("-c", 2, "-n", 50), ("--rate", 50, "-c", 2, "-d", "1s")], ids=["closed", "open"])
def test_an_answer_to_a_request_that_is_still_being_sent_ends_its_connection(run, tmp_path, load):
    body = tmp_path / "body"
    body.write_bytes(b"x" * 16_000_000)
    with AnswersEarly() as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, *load, "--body-file", body)
    assert got["totals"]["ok_n"] == 50 == counted(got, tmp_path / "run")[0], got["totals"]["errors"]
