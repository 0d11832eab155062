# ctest: release tsan truth
"""Nothing is counted twice, and nothing is lost (GT8 and GT13 of the method)."""

import collections

import pytest

from faulty import FAULTS, N, run_with
from truth import logged, make_run, rows


# --- against the server's log ---

@pytest.fixture(name="told_twice")
def fixture_told_twice(nginx, run, tmp_path):
    """One run, as both sides recorded it: (run.json, the generator's log of requests, the server's log). One request in fifty is refused: the
    server closes the connection instead of answering."""
    server = nginx(keepalive_requests=50, server="location /refused { return 444; }")
    (tmp_path / "paths.csv").write_text("path\nrefused\n" + 49 * "r\n")
    (tmp_path / "ids.yaml").write_text(f"""
target: {server.url}
streams:
  - name: one
    request: {{ path: "/{{csv:path}}?n={{counter}}", headers: {{ x-request-id: "id-{{counter}}" }} }}
    feed: paths.csv
    arrivals: poisson
    connections: 32
    phases: [ {{ rate: 1000/s, duration: {N / 1000:g}s }} ]
""")
    got, _ = make_run(run, tmp_path / "run", tmp_path / "ids.yaml", "-t", 2, "--log-requests", "csv")
    return got, logged(tmp_path / "run"), server.stop_and_read_log()


def assert_reconciles(got, ours, theirs):
    """GT8: each request is in both logs, once, and with the same end. A request that found its idle connection closed is sent twice."""
    totals, errors = got["totals"], got["totals"]["errors"]
    assert totals["sent_n"] == totals["done_n"] == totals["ok_n"] + totals["err_n"] == len(ours)
    assert sorted(row["seq"] for row in ours) == list(range(totals["done_n"])), "each number once"
    answered, refused = (sorted(int(line.request_id.removeprefix("id-")) for line in theirs if (line.status == "444") == is_refused)
                         for is_refused in (False, True))
    assert answered == sorted(row["seq"] for row in ours if row["class"] == "ok")
    assert sorted(set(refused)) == sorted(row["seq"] for row in ours if row["class"] == "reset")
    assert totals["err_n"] == errors["reset"] == len(set(refused))
    assert len(theirs) == totals["done_n"] + errors["reset_idle"]
    assert all(line.target.endswith("?n=" + line.request_id.removeprefix("id-")) for line in theirs)


def test_every_request_is_in_the_server_log_once(told_twice):
    got, ours, theirs = told_twice
    assert got["totals"]["errors"]["reset"] == len(range(0, got["totals"]["done_n"], 50)) > 50
    assert_reconciles(got, ours, theirs)
    for altered in (theirs[1:], theirs + theirs[:1]):  # the negative control: one line less, one line twice
        with pytest.raises(AssertionError):
            assert_reconciles(got, ours, altered)
    with pytest.raises(AssertionError):
        assert_reconciles(got, ours[1:], theirs)


# --- against the faults that were asked for ---

def assert_classes(got, ours, faults):
    """GT13, exact."""
    known = {cls: per_mille * N // 1000 for cls, per_mille in faults.values()}
    assert {cls: n for cls, n in got["totals"]["errors"].items() if n} == known
    assert collections.Counter(row["class"] for row in ours) == {**known, "ok": N - sum(known.values())}
    assert got["totals"]["done_n"] == N == got["totals"]["sent_n"]


def test_faults_are_counted_exactly(run, emulator, tmp_path):
    got, ours = run_with(FAULTS, run, emulator, tmp_path / "run")
    assert_classes(got, ours, FAULTS)
    assert sum(int(row["count_n"]) for row in rows(tmp_path / "run", "errors.csv")) == 35 * N // 1000
    assert [threshold["held"] for threshold in got["thresholds"]] == [True], "3.5 % is less than 3.6 %"
    with pytest.raises(AssertionError):  # the negative control: one fault too many
        assert_classes(got, ours, {**FAULTS, "end=partial": ("reset", 11)})
