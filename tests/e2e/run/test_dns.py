# ctest: release early
"""A name with several addresses that change, as the name of an AWS load balancer does (GT15 of the method)."""

import collections
import threading

import pytest

from name_server import NameServer
from programs import wait_until
from truth import make_run, on_a_quiet_machine, rows, times

NAME = "balancer.test"
ONE, TWO, THREE = "127.0.0.1", "127.0.0.2", "127.0.0.3"
TTL_S = 1
HTTP2 = ("--http2-prior-knowledge", "--streams", 4)
LOADS = {"closed": ("-c", 12), "open": ("--rate", 400, "-c", 12)}


def url(server):
    return f"http://{NAME}:{server.port}/"


def assert_even(log, addresses):
    """Within 5 %; late kernel threads may favour some addresses."""
    counts = collections.Counter(line["server_addr"] for line in log)
    assert set(counts) == set(addresses)
    with times():
        for address in addresses:
            assert counts[address] == pytest.approx(len(log) / len(addresses), rel=0.05), counts


@pytest.mark.parametrize("load", LOADS)
@on_a_quiet_machine()
def test_all_addresses_are_used_evenly(nginx, run, tmp_path, load):
    server = nginx(addresses=(ONE, TWO, THREE), fields=["server_addr"])
    with NameServer(NAME, [ONE, TWO, THREE], TTL_S) as names:
        got, _ = make_run(run, tmp_path / "run", "--target", url(server), "--name-server", names.address, *LOADS[load], "-d", "1500ms")
    log = server.stop_and_read_fields()
    assert len(log) == got["totals"]["ok_n"] == got["totals"]["done_n"] > 0
    remotes = {row["address"]: int(row["requests_n"]) for row in rows(tmp_path / "run", "remotes.csv")}
    assert remotes == collections.Counter(line["server_addr"] for line in log)
    assert_even(log, [ONE, TWO, THREE])


@pytest.mark.parametrize("load, http", [("closed", ()), ("open", HTTP2)], ids=LOADS)
@on_a_quiet_machine()
def test_a_withdrawn_address_is_left_and_a_new_one_used_in_time(nginx, run, tmp_path, load, http):
    """Over HTTP/2 few connections are open, and those that were closed in between need not follow each other by number."""
    server = nginx(addresses=(ONE, TWO, THREE), fields=["server_addr", "msec"], http2=http == HTTP2)
    changes = []
    with NameServer(NAME, [ONE, TWO], TTL_S) as names:
        def change():
            for n_asked, addresses in ((2, [ONE]), (4, [ONE, THREE])):
                wait_until(lambda: names.n_asked >= n_asked, "the name to be asked for again")
                changes.append(names.set(addresses))
        thread = threading.Thread(target=change)
        thread.start()
        got, _ = make_run(run, tmp_path / "run", "--target", url(server), "--name-server", names.address, *LOADS[load], *http, "-d", "6500ms")
        thread.join()
    log = server.stop_and_read_fields()
    assert len(log) == got["totals"]["ok_n"] == got["totals"]["done_n"], "no request was lost in the changes"
    withdrawn_s, added_s = changes
    asked = {a: [float(line["msec"]) for line in log if line["server_addr"] == a] for a in (ONE, TWO, THREE)}
    assert_answers_are_logged(rows(tmp_path / "run", "dns.csv"), names)
    assert added_s < min(asked[THREE], default=float("inf"))
    assert_left_in_time(log, TWO, withdrawn_s)
    with times():
        assert min(asked[THREE]) <= added_s + TTL_S + 1
    assert_even([line for line in log if float(line["msec"]) < withdrawn_s], [ONE, TWO])
    assert_even([line for line in log if float(line["msec"]) > added_s + TTL_S + 1], [ONE, THREE])


def assert_left_in_time(log, address, withdrawn_s):
    with times():
        assert max(float(line["msec"]) for line in log if line["server_addr"] == address) <= withdrawn_s + TTL_S + 1


def test_a_generator_that_asks_too_seldom_is_caught(nginx, run, tmp_path):
    """The negative control: a name server whose answer is valid for a minute."""
    server = nginx(addresses=(ONE, TWO), fields=["server_addr", "msec"])
    with NameServer(NAME, [ONE, TWO], 60) as names:
        withdrawal = threading.Timer(1, names.set, [[ONE]])
        withdrawal.start()
        make_run(run, tmp_path / "run", "--target", url(server), "--name-server", names.address, *LOADS["closed"], "-d", "5s")
        withdrawal.join()
    log = server.stop_and_read_fields()
    withdrawn_s = min(float(line["msec"]) for line in log) + 1
    with pytest.raises(AssertionError):
        assert_left_in_time(log, TWO, withdrawn_s)
    with pytest.raises(AssertionError):
        assert_even([line for i, line in enumerate(log) if line["server_addr"] == ONE or i % 3], [ONE, TWO])


def assert_answers_are_logged(logged, names):
    assert {(row["name"], row["ttl_s"]) for row in logged} == {(NAME, str(TTL_S))}
    answers = collections.defaultdict(list)
    for row in logged:
        answers[row["t_s"]].append(row["address"])
    assert len(answers) == names.n_asked, "each answer is there"
    distinct = [sorted(found) for found in answers.values()]
    with times():
        assert names.n_asked >= 6, "one answer a second"
        assert [d for i, d in enumerate(distinct) if i == 0 or d != distinct[i - 1]] == [[ONE, TWO], [ONE], [ONE, THREE]]


def test_an_address_that_refuses_is_passed_over(nginx, run, tmp_path):
    server = nginx(addresses=(ONE,), fields=["server_addr"])
    with NameServer(NAME, [ONE, TWO], 60) as names:
        got, _ = make_run(run, tmp_path / "run", "--target", url(server), "--name-server", names.address, "-c", 8, "-d", "1s")
    assert got["totals"]["ok_n"] == len(server.stop_and_read_fields()) > 0
    assert {row["cause"] for row in rows(tmp_path / "run", "errors.csv")} <= {"Connection refused"}


def test_an_unknown_name_is_one_sentence_and_nothing_is_sent(nginx, run, tmp_path):
    server = nginx()
    with NameServer("other.test", [ONE], 60) as names:
        done = run("loadgen", "run", "--target", url(server), "--name-server", names.address, "-n", 10, expect=(1, 2))
    assert NAME in done.stderr
    assert server.stop_and_read_log() == []
