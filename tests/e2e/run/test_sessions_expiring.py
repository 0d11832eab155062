# ctest: truth
"""Logins that expire, are stolen or refused: they are renewed in time, once, and never become a storm."""

import pytest

import shop_scenario
from shop_log import by, check_nothing_mixed, n_by_row, row_counts, run_shop
from shop_scenario import READERS
from truth import long_or_short

FAIL_PAUSE_S = 0.4


def test_a_token_is_never_sent_after_its_time(shop, run, tmp_path):
    life_s, lasts_s = long_or_short((5, 30), (1, 4))
    server = shop("--token-life", life_s)
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 6", think="50ms", phases=f"[ {{ duration: {lasts_s}s }} ]",
                                   session='renew: { seconds: "{life}", early: 300ms }')
    folder = run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    assert {one.status for one in seen} == {200}
    assert max(one.age_s for one in seen if one.age_s) > life_s / 2
    n_tokens = len([one for one in seen if one.row == "token"])
    assert 6 * (lasts_s / life_s) <= n_tokens <= 6 * (lasts_s / (life_s - 0.4) + 2)
    assert row_counts(folder, "readers")["token"] == {"sent_n": n_tokens, "ok_n": n_tokens}


def test_a_stolen_token_is_renewed_once_and_the_step_sent_again(shop, run, tmp_path):
    server = shop("--steal-every", 25)
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 6", phases="[ { passes: 500 } ]",
                                   session='renew: { status: 401 }')
    folder = run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = server.stop_and_read()
    check_nothing_mixed(seen)
    stolen = [one for one in seen if one.status == 401]
    assert len(stolen) in range(36, 43)
    assert len([one for one in seen if one.row == "token"]) == 6 + len(stolen)
    rows = row_counts(folder, "readers")
    assert rows["session"] == {"sent_n": 500, "ok_n": 500}
    assert rows["list"]["sent_n"] + rows["item"]["sent_n"] == 1000 + len(stolen)
    assert rows["list"]["ok_n"] == rows["item"]["ok_n"] == 500
    assert folder.run["stream_totals"][0]["sessions"]["renewed_n"] == len(stolen)
    for token, group in by(stolen, "token").items():
        assert len(group) == 1, token


@pytest.mark.parametrize("refused, logins_per_pass", [("--refuse", 1), ("--refuse-items", 1)])
def test_users_that_are_refused_do_not_storm(shop, run, tmp_path, refused, logins_per_pass):
    server = shop(refused)
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 4", phases="[ { duration: 2s } ]",
                                   session=f'renew: {{ status: 401 }}\n      fail_pause: {int(FAIL_PAUSE_S * 1000)}ms')
    folder = run_shop(run, tmp_path / "run", scenario, expect=(0, 1))  # 1: no request succeeded
    seen = server.stop_and_read()
    n_passes_most = 4 * (2 / FAIL_PAUSE_S + 1)
    n_logins = n_by_row(seen)["token"]
    assert n_passes_most / 2 <= n_logins <= n_passes_most * logins_per_pass + 4
    rows = row_counts(folder, "readers")
    assert rows["session"]["ok_n"] == 0 and rows["session"]["sent_n"] <= n_passes_most
    assert sum(row["sent_n"] for name, row in rows.items() if name != "session") == len(seen)
