"""Runs against nginx: what loadgen counted is what nginx logged, to the request."""
# ctest: release

import collections

import pytest

from run_folder import RunFolder, check_whole, latest, sum_of
from truth import on_a_quiet_machine, times


def run_against(run, server, *options, **settings):
    return run("loadgen", "run", "--target", server.url + "/x", "--progress", "none", *options, **settings)


@pytest.mark.parametrize("threads", [1, 2])
def test_200000_requests_on_64_connections_are_200000_log_lines(nginx, run, tmp_path, threads):
    server = nginx(workers=2, body="Instance i-0123456789abcdef0 is responding now!")
    run_against(run, server, "-c", 64, "-n", 200_000, "-t", threads, "--expect-body", "Instance {instance} is responding now!")
    folder = latest(tmp_path)
    log = server.stop_and_read_log()
    assert len(log) == folder.totals["sent_n"] == folder.totals["done_n"] == folder.totals["ok_n"] == 200_000
    assert len({line.connection for line in log}) == sum_of(folder.rows("intervals.csv"), "conn_new_n") == 64
    assert [(row["instance"], row["requests_n"]) for row in folder.rows("instances.csv")] == [("i-0123456789abcdef0", "200000")]
    assert {(line.status, line.method, line.target) for line in log} == {("200", "GET", "/x")}
    check_whole(folder)


def test_bytes_are_those_that_nginx_counted(nginx, run, tmp_path):
    server = nginx(body="b" * 1000)
    run_against(run, server, "-c", 8, "-n", 1000)
    log = server.stop_and_read_log()
    totals = latest(tmp_path).totals
    assert totals["bytes_rx"] == sum(int(line.bytes_out) for line in log)
    assert totals["bytes_tx"] == sum(int(line.bytes_in) for line in log)
    stream = latest(tmp_path).run["stream_totals"][0]
    assert (stream["bytes_rx"], stream["statuses"]) == (totals["bytes_rx"], {"200": 1000})


def test_a_server_that_closes_after_every_7th_request_costs_connections_and_nothing_else(nginx, run, tmp_path):
    server = nginx(keepalive_requests=7)
    run_against(run, server, "-c", 64, "-n", 20_000)
    folder = latest(tmp_path)
    log = server.stop_and_read_log()
    assert len(log) == folder.totals["done_n"] == folder.totals["ok_n"] == 20_000
    per_connection = collections.Counter(line.connection for line in log)
    assert max(per_connection.values()) == 7
    assert len(per_connection) == sum_of(folder.rows("intervals.csv"), "conn_new_n")
    check_whole(folder)


@on_a_quiet_machine()
def test_a_run_by_duration_logs_as_many_requests_as_it_counts(nginx, run, tmp_path):
    server = nginx()
    run_against(run, server, "-c", 16, "-d", "1500ms", "--out", tmp_path / "run")
    folder = RunFolder(tmp_path / "run")
    assert len(server.stop_and_read_log()) == folder.totals["sent_n"]
    assert folder.run["duration_s"] >= 1.5
    check_whole(folder)
    with times():
        assert folder.run["duration_s"] < 1.9


def test_an_open_run_sends_what_its_schedule_says(nginx, run, tmp_path):
    server = nginx()
    run_against(run, server, "--rate", "2k/s", "-c", 64, "-d", "2s")
    folder = latest(tmp_path)
    assert len(server.stop_and_read_log()) == folder.totals["intended_n"] == folder.totals["done_n"] == 4000
    check_whole(folder)


def test_method_headers_and_body_arrive_as_told(nginx, run):
    server = nginx(server='access_log logs.txt; location /post { if ($http_x_color != "blue") { return 400; } return 201 "made"; }')
    done = run("loadgen", "run", "--target", server.url + "/post", "-n", 10, "-c", 1, "-m", "POST", "-H", "x-color: blue", "--body", "hello",
               "--progress", "none")
    assert "10" in done.stdout
