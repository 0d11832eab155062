"""The emulator is the ground truth of the other tests: here it is checked with plain sockets and by its own arithmetic."""

# ctest: serial
import csv
import http.client
import io
import os
import socket
import statistics
import struct
import threading
import time

import pytest

from programs import PATIENCE_S, wait_until
from truth import on_a_quiet_machine, times


def connect(server):
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)


def get(connection, target="/cluster1", method="GET"):
    connection.request(method, target)
    answer = connection.getresponse()
    return answer, answer.read()


def talk(server, data):
    """Sends bytes and returns everything received until the connection is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as s:
        s.sendall(data)
        got = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                return got
            got += piece


def timed(function, *arguments):
    start = time.perf_counter()
    value = function(*arguments)
    return time.perf_counter() - start, value


def test_it_answers_what_the_app_answers(emulator):
    connection = connect(emulator("--id", "i-0123456789abcdef0", "--path", "/cluster2"))
    answer, body = get(connection, "/")
    assert (answer.status, body) == (200, b"Healthy!")
    for target in ("/cluster2", "/cluster2/", "/cluster2/below?x=y"):
        answer, body = get(connection, target)
        assert (answer.status, body) == (200, b"Instance i-0123456789abcdef0 is responding now!")
        assert answer.getheader("content-type") == "text/plain; charset=utf-8"
    for target in ("/cluster1", "/cluster22", "/nothing"):
        answer, body = get(connection, target)
        assert answer.status == 404 and b"<h1>Not Found</h1>" in body


def test_the_connection_is_kept_and_head_has_no_body(emulator):
    connection = connect(emulator())
    get(connection)
    first = connection.sock
    answer, body = get(connection, method="HEAD")
    assert (answer.status, answer.getheader("content-length"), body) == (200, "47", b"")
    assert get(connection, method="POST")[0].status == 200
    assert connection.sock is first


def test_pipelined_requests_are_answered_in_order(emulator):
    server = emulator("--service-time", "5ms", "--vcpus", "4")
    targets = [f"/cluster1?bytes={n}" for n in (60, 70, 80)] + ["/"]
    requests = "".join(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n" for target in targets)
    requests += "GET /cluster1?bytes=90 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    got = talk(server, requests.encode()).decode()
    lengths = [line.split(": ")[1] for line in got.split("\r\n") if line.startswith("Content-Length")]
    assert lengths == ["60", "70", "80", "8", "90"]


@pytest.mark.parametrize("request_text", ["GET /cluster1 HTTP/1.0\r\n\r\n", "GET /cluster1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                                          "GET /cluster1?chunked=1 HTTP/1.0\r\n\r\n"], ids=["1.0", "close", "chunks"])
def test_it_closes_when_http_says_so(emulator, request_text):
    got = talk(emulator("--id", "i-1"), request_text.encode())
    assert got.startswith(b"HTTP/1.1 200 OK\r\n") and got.endswith(b"\r\n\r\nInstance i-1 is responding now!")


@pytest.mark.parametrize("garbage", [b"not http at all\r\n\r\n", b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\xa5\x01",
                                     b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"],
                         ids=["words", "long target", "tls", "length"])
def test_what_is_not_http_is_refused_and_harms_no_other(emulator, garbage):
    server = emulator()
    assert talk(server, garbage).startswith(b"HTTP/1.1 400 ")
    assert get(connect(server))[0].status == 200


def test_status_length_and_chunks_are_as_asked(emulator):
    connection = connect(emulator())
    answer, body = get(connection, "/cluster1?status=418&bytes=100000&chunked=1")
    assert (answer.status, len(body), answer.getheader("transfer-encoding")) == (418, 100000, "chunked")
    answer, body = get(connection, "/cluster1?status=204")
    assert (answer.status, body, answer.getheader("content-length")) == (204, b"", None)
    assert get(connection, "/cluster1?status=nonsense")[0].status == 400
    assert len(get(connection, "/cluster1?bytes=5000000")[1]) == 5_000_000


@on_a_quiet_machine()
def test_delay_and_stall_take_as_long_as_asked_and_are_reported(emulator):
    connection = connect(emulator())
    delayed_s, (answer, _) = timed(get, connection, "/cluster1?delay_ms=80")
    delay_us = int(answer.getheader("x-delay-us"))
    stalled_s, (answer, body) = timed(get, connection, "/cluster1?stall_ms=80&bytes=100")
    spun_s, _ = timed(get, connection, "/cluster1?spin_us=60000")
    assert delayed_s >= 0.080 and delay_us >= 80_000 and stalled_s >= 0.080 and len(body) == 100 and spun_s >= 0.060
    with times():
        assert delayed_s < 0.180 and delay_us < 180_000 and stalled_s < 0.180
        assert int(answer.getheader("x-delay-us")) < 50_000


@on_a_quiet_machine()
def test_the_first_half_of_a_stalled_answer_comes_before_the_pause(emulator):
    server = emulator("--id", "i-1")
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as s:
        s.sendall(b"GET /cluster1?stall_ms=200 HTTP/1.1\r\nHost: x\r\n\r\n")
        first = s.recv(65536)
        with times():  # a late reader gets both halves at once
            assert first.endswith(b"\r\n\r\nInstance i-1 is")
        assert s.recv(65536) == b" responding now!"


def test_each_way_to_end_an_answer(emulator):
    server = emulator("--id", "i-1")
    whole = b"\r\n\r\nInstance i-1 is responding now!"

    def ask(end):
        return talk(server, f"GET /cluster1?end={end} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    closed, dropped, partial = ask("close"), ask("drop"), ask("partial")
    assert closed.endswith(whole) and b"Connection: close" in closed
    assert dropped.endswith(whole) and b"Connection: close" not in dropped
    assert partial.endswith(b"\r\n\r\nInstance i-1 is")
    assert not ask("broken").startswith(b"HTTP/")
    with pytest.raises(ConnectionResetError):
        ask("reset")


def test_faults_of_the_command_line_repeat_with_their_seed(emulator):
    def statuses(seed):
        connection = connect(emulator("--fail-ratio", "0.3", "--seed", seed))
        return [get(connection)[0].status for _ in range(60)]

    first, again, other = statuses(5), statuses(5), statuses(6)
    assert first == again != other
    assert 5 <= first.count(503) <= 32 and set(first) == {200, 503}


def test_every_nth_answer_closes(emulator):
    connection = connect(emulator("--close-every", "7"))
    closing = [get(connection)[0].getheader("connection") == "close" for _ in range(21)]
    assert [i for i, closes in enumerate(closing, 1) if closes] == [7, 14, 21]


def test_a_client_that_leaves_early_harms_no_other(emulator):
    server = emulator("--service-time", "20ms")
    for linger in (False, True):
        with socket.create_connection(("127.0.0.1", server.port)) as s:
            s.sendall(b"GET /cluster1?bytes=3000000&stall_ms=30 HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
            if linger:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    time.sleep(0.3)
    assert get(connect(server))[0].status == 200


def load(server, n_clients, duration_s):
    """Closed loop by threads; returns the number of answers."""
    counts = []

    def client():
        connection, n, end = connect(server), 0, time.perf_counter() + duration_s
        while time.perf_counter() < end:
            get(connection)
            n += 1
        counts.append(n)

    threads = [threading.Thread(target=client) for _ in range(n_clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


@on_a_quiet_machine()
def test_vcpus_serve_side_by_side_and_the_rest_waits(emulator):
    # 2 vCPUs at 20 ms: at most 100/s, whatever the number of clients. Four clients wait for twice the service time.
    server = emulator("--vcpus", "2", "--service-time", "20ms")
    n = load(server, 4, 1.0)
    delays_ms = [int(get(connect(server))[0].getheader("x-delay-us")) / 1000 for _ in range(5)]
    assert min(delays_ms) >= 20
    with times():
        assert 85 <= n <= 104
        assert statistics.median(delays_ms) < 30


@on_a_quiet_machine()
def test_without_credits_it_runs_at_the_baseline(emulator):
    # 10 ms at 30 % are 33.3 ms; 2 busy vCPUs earn what they spend: at most 60/s instead of 200/s.
    t2 = ["--vcpus", "2", "--service-time", "10ms", "--credits-per-hour", "36"]
    drained = load(emulator(*t2, "--credits", "0"), 2, 1.5) / 1.5
    bursting = load(emulator(*t2, "--credits", "60"), 2, 1.0)
    with times():
        assert 48 <= drained <= 63
        assert bursting >= 150


@on_a_quiet_machine()
def test_credits_run_out_as_fast_as_their_clock(emulator):
    # 60 credits, spent 2 a minute on 2 busy vCPUs and earned 0.6, last 42.9 min; 2571 times faster that is one second.
    server = emulator("--vcpus", "2", "--service-time", "10ms", "--credits-per-hour", "36", "--credits", "60", "--credit-speed", "2571")
    first = load(server, 2, 0.8)
    load(server, 2, 0.6)
    last = load(server, 2, 1.0)
    with times():
        assert first / 0.8 >= 150 and last <= 66


def read_series(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(path))
        text = s.makefile().read()
    return [{name: float(value or "nan") for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


@on_a_quiet_machine()
def test_spinning_burns_the_service_time(emulator):
    server = emulator("--service-time", "10ms", "--spin")
    connection = connect(server)

    def cpu_s():
        with open(f"/proc/{server.pid}/stat", encoding="ascii") as stat:
            return sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    before_s = cpu_s()
    delays_us = [int(get(connection)[0].getheader("x-delay-us")) for _ in range(30)]
    assert min(delays_us) >= 10_000
    with times():
        assert cpu_s() - before_s >= 0.2  # of 0.3; waiting would take almost none


def test_the_control_socket_counts_requests_time_bytes_and_credits(emulator, tmp_path):
    path, start_s = tmp_path / "control", int(time.time())
    server = emulator("--service-time", "10ms", "--credits-per-hour", "36", "--credits", "60", "--control", path)
    connection = connect(server)
    for _ in range(50):
        get(connection)
    get(connection, "/")
    wait_until(lambda: sum(row["requests_n"] for row in read_series(path)) == 50, "the last second to be over")
    rows = read_series(path)
    assert sum(row["cpu_ns"] for row in rows) == pytest.approx(0.5e9, abs=1000)
    assert sum(row["credits_spent"] for row in rows) == pytest.approx(0.5 / 60, rel=1e-6)
    assert all(row["credit_balance"] == pytest.approx(60, abs=0.1) for row in rows)
    assert [row["unix_s"] - rows[0]["unix_s"] for row in rows] == list(range(len(rows)))
    assert sum(row["tx_bytes"] for row in rows) > 50 * 47
    assert all(start_s <= row["unix_s"] <= time.time() for row in rows)


@pytest.mark.parametrize("options, message", [
    (["--vcpus", "0"], "--vcpus must be from 1 to 128, not 0"),
    (["--path", "cluster1"], "--path must be a path such as /cluster1, not 'cluster1'"),
    (["--fail-ratio", "2"], "--fail-ratio must be from 0 to 1, not 2"),
    (["--service-time", "5x"], "--service-time must be a duration such as 10, which means 10s, or 500ms or 1h30m, not '5x'"),
    (["--servicetime", "5ms"], "did you mean --service-time?"),
    (["more"], "it takes options only, not 'more'"),
])
def test_bad_usage_is_one_line_and_exit_2(run, options, message):
    done = run("loadgen-emulator", *options, expect=2)
    assert message in done.stderr and done.stderr.count("\n") == 1 and done.stdout == ""


def test_a_taken_port_is_named(run, emulator):
    port = emulator().port
    done = run("loadgen-emulator", "--port", port, expect=1)
    assert f"cannot listen on 127.0.0.1:{port}: address already in use" in done.stderr


def test_help_describes_the_query_string(run):
    text = run("loadgen-emulator", "--help").stdout
    assert "end=reset" in text and "--credit-speed FACTOR" in text
