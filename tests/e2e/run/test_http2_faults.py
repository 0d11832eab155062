# ctest: truth
"""Over HTTP/2 every fault of a server ends in its class, is counted once, and holds up nothing else."""

import collections

import pytest

from breaker import certificate
from http2_faults import CASES
from http2_mixed import Mixed
from http2_peer import CANCEL
from http2_run import good_stream, run_against
from http2_server import Http2Server
from truth import IS_FULL, make_run, on_a_quiet_machine, rows, times

GROUPS = sorted({case.group for case in CASES})
GOOD_RATE, GOOD_S = 200, 1
HELD_UP_S = 0.4  # longer than any turn of the loop, shorter than the time-outs

WAYS = [("closed", 1, False), ("closed", 3, True), ("open", 1, True), ("open", 3, False)]
if IS_FULL:
    WAYS = [(model, threads, tls) for model in ("closed", "open") for threads in (1, 3) for tls in (False, True)]


@pytest.fixture(name="cert", scope="module")
def fixture_cert(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


def check(folder, got, cases, saw, streams):
    totals = {one["stream"]: one for one in got["stream_totals"]}
    causes = collections.defaultdict(set)
    for row in rows(folder / "run", "errors.csv"):
        causes[row["stream"], row["class"]].add(row["cause"])
    found, slow = [], []
    for i, (case, seen) in enumerate(zip(cases, saw)):
        of_case = [f"{case.name}: {wrong}" for wrong in judge(case, totals[f"s{i}"], causes[f"s{i}", case.cls], seen, streams)]
        (slow if lacks_connections(case, totals[f"s{i}"]) else found).extend(of_case)
    assert not found, "\n".join(found)
    with times():
        assert not slow, "\n".join(slow)
    good = totals["good"]
    assert good["intended_n"] == good["ok_n"] == GOOD_RATE * GOOD_S, good


def lacks_connections(case, totals):
    """Its time-out ended while it was connecting, as where the machine is busy with the handshakes of all cases."""
    return case.cls == "timeout" and any(totals["errors"].get(name) for name in ("connect", "tls"))


def judge(case, totals, causes, seen, streams):
    """What is wrong with it."""
    errors = {key: n for key, n in totals["errors"].items() if n}
    classes = set(errors) | ({"ok"} if totals["ok_n"] else set())
    if totals["done_n"] != case.n * streams or not classes or not classes <= {case.cls, case.or_else}:
        yield f"{case.cls} of {totals['done_n']}: {errors}, {totals['ok_n']} ok: {causes}"
    if any(case.cause not in cause for cause in causes):
        yield f"{case.cause} is not in {causes}"
    if seen.wrong:
        yield f"the client is wrong: {set(seen.wrong)}"
    if case.stream is not None and not seen.resets[case.stream]:
        yield f"no RST_STREAM of {case.stream}: {seen.resets}"
    if case.connection is not None and not set(seen.goaways) <= {case.connection}:
        yield f"GOAWAY is not of {case.connection}: {seen.goaways}"


@pytest.mark.parametrize("model, threads, tls", WAYS)
@pytest.mark.parametrize("group", GROUPS)
@on_a_quiet_machine()
def test_faults_end_in_their_class_and_hold_up_nothing_else(run, nginx, tmp_path, cert, group, model, threads, tls):
    good = nginx(http2=True, certificate=cert if tls else None)
    cases = [case for case in CASES if case.group == group]
    for streams in (1, 4) if IS_FULL else (4 if tls else 1,):
        folder = tmp_path / str(streams)
        folder.mkdir()
        got, saw = run_against(run, folder, cases, good_stream(good.url, GOOD_RATE, GOOD_S), model, streams, "-t", threads,
                               tls=cert if tls else None)
        check(folder, got, cases, saw, streams)
        with times():
            assert max(float(row["max_us"] or 0) for row in rows(folder / "run", "intervals.csv") if row["stream"] == "good") < HELD_UP_S * 1e6


def test_answers_of_all_kinds_at_random_are_counted_by_status(run, tmp_path):
    server_side = Mixed(seed=7)
    with Http2Server(server_side) as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "--http2-prior-knowledge", "-c", 3, "--streams", 10, "-n", 1200,
                          "--timeout", "30s", expect=(0, 1))
    assert got["totals"]["done_n"] == 1200 == sum(server_side.answered.values()) and not server.seen.wrong
    assert got["totals"]["ok_n"] == sum(n for status, n in server_side.answered.items() if status // 100 == 2)
    assert not got["totals"]["errors"]["protocol"] and not got["totals"]["errors"]["reset"]


@pytest.mark.parametrize("alpn", [None, "http/1.1"])
def test_a_server_that_does_not_choose_h2_is_class_tls(run, tmp_path, cert, alpn):
    with Http2Server(lambda peer: None, cert, alpn) as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "--http2", "-k", "-c", 2, "-n", 6, expect=1)
    assert {key: n for key, n in got["totals"]["errors"].items() if n} == {"tls": 6}
    assert {row["cause"] for row in rows(tmp_path / "run", "errors.csv")} == {"the server did not choose h2"}


def test_a_silent_stream_is_cancelled_and_its_connection_stays(run, tmp_path):
    """Each fourth request of a connection is not answered, and those beside it are, all the time."""
    def behave(peer):
        peer.settings()
        for n, request in enumerate(peer.requests(), 1):
            if n % 4:
                peer.answer(request.at)

    with Http2Server(behave) as server:
        got, _ = make_run(run, tmp_path / "run", "--target", server.url, "--http2-prior-knowledge", "-c", 1, "--streams", 16, "--rate", "400/s",
                          "-n", 81, "--timeout", "500ms", expect=None)
    totals = got["totals"]
    assert totals["done_n"] == 81 and totals["ok_n"] == 61 and totals["errors"]["timeout"] == 20
    assert set(server.seen.resets) == {CANCEL} and server.seen.resets[CANCEL] >= 15  # the run may end before the last ones are sent
    assert server.seen.n_connections == 1 and not server.seen.wrong
