# ctest: tsan truth
"""Sessions against a shop that checks whom each request belongs to, and whose log has the last word."""

import pytest

import shop_scenario
from shop_log import by, check_nothing_mixed, n_by_row, row_counts, run_shop
from shop_scenario import BUYERS, READERS
from truth import long_or_short

ROWS = ["login", "search", "order", "logout", "order_redirect"]


def test_the_books_balance_and_no_request_belongs_to_another_session(shop, run, tmp_path):
    server = shop()
    n_users, phase = long_or_short((500, "duration: 30s"), (8, "passes: 160"))
    scenario = shop_scenario.write(tmp_path, server.url, BUYERS, n_users=n_users, model=f"users: {n_users}\n    ramp_users: 200ms",
                                   phases=f"[ {{ {phase} }} ]")
    folder = run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    rows = row_counts(folder, "buyers")
    assert list(rows) == [*ROWS, "session"]
    n_passes = rows["session"]["ok_n"]
    assert n_passes == 160 or phase.startswith("duration")
    assert rows == {row: {"sent_n": n_passes, "ok_n": n_passes} for row in rows}
    assert n_by_row(seen) == {row: n_passes for row in ROWS}
    numbers = {int(mark.partition("-")[2]) for mark in by(seen, "mark")}
    assert len(by(seen, "mark")) == len(numbers) == n_passes
    assert numbers == set(range(n_passes)) or phase.startswith("duration")  # then one thread may have got further than the other


def test_three_steps_of_three_users_with_three_rows_stay_together(shop, run, tmp_path):
    server = shop()
    scenario = shop_scenario.write(tmp_path, server.url, BUYERS, n_users=3, n_goods=3, model="users: 3", phases="[ { passes: 30 } ]")
    run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert len({one.who for one in seen}) == 3
    assert {len({one.mark.partition("-")[0] for one in group if one.mark}) for group in by(seen, "who").values()} == {1}
    for sid, group in by(seen, "sid").items():
        assert [one.row for one in group] == ["login", "search", "order", "order_redirect", "logout"], sid


def test_a_row_that_is_lent_is_in_one_session_at_a_time(shop, run, tmp_path):
    server = shop("--delay-ms", 5)
    scenario = shop_scenario.write(tmp_path, server.url, BUYERS, users="order: lend", n_users=6, model="arrivals: poisson",
                                   phases="[ { rate: 50/s, duration: 3s } ]")
    run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert {one.active_n for one in seen if one.row == "login"} == {1}
    assert len({one.who for one in seen}) == 6


def test_users_keep_their_cookies_from_pass_to_pass_when_asked_to(shop, run, tmp_path):
    """A logout expires the session's cookie; that of the orders stays, and is sent from the second pass on."""
    for cookies, n_kept in (("user", 30), ("pass", 0)):
        server = shop()
        scenario = shop_scenario.write(tmp_path, server.url, BUYERS, n_users=3, model="users: 3", session=f"cookies: {cookies}",
                                       phases="[ { passes: 33 } ]")
        run_shop(run, tmp_path / f"run-{cookies}", scenario)
        seen = server.stop_and_read()
        check_nothing_mixed(seen)
        assert len([one for one in seen if one.row == "order" and one.has_order]) == n_kept


def test_a_connection_that_the_server_closes_in_a_think_is_opened_again_without_an_error(shop, run, tmp_path):
    server = shop("--idle-ms", 20)
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 4", think="100ms", phases="[ { passes: 20 } ]")
    folder = run_shop(run, tmp_path / "run", scenario)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert row_counts(folder, "readers")["session"] == {"sent_n": 20, "ok_n": 20}
    assert folder.totals["err_n"] == 0 and folder.totals["errors"].get("reset_idle", 0) == 0
    assert len(by(seen, "connection")) >= 20


@pytest.mark.parametrize("each, n_connections", [("user", 4), ("pass", 20)])
def test_a_user_keeps_its_connection_unless_each_pass_is_to_have_its_own(shop, run, tmp_path, each, n_connections):
    server = shop()
    scenario = shop_scenario.write(tmp_path, server.url, BUYERS, model="users: 4", session=f"new_connection: {each}", phases="[ { passes: 20 } ]")
    run_shop(run, tmp_path / "run", scenario)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert len(by(seen, "connection")) == n_connections
