# ctest: release
"""Sessions on several generators: together they send what one machine sends."""

import pytest

import shop_scenario
from shop_log import by, check_nothing_mixed, run_shop
from shop_scenario import BUYERS
from test_shares import run_shares

ARRIVALS = {"n_users": 100, "model": "arrivals: poisson", "phases": "[ { rate: 60/s, duration: 1s }, { pause: 100ms }, { burst: 9 } ]"}
USERS = {"model": "users: 7", "phases": "[ { passes: 50 }, { passes: 20 } ]"}


def content(seen, is_open):
    """What follows from the scenario alone: closed, any user of a thread may take its next pass."""
    marked = [one for one in seen if one.mark]
    if is_open:
        return {mark: [(one.row, one.who, one.note) for one in group] for mark, group in by(marked, "mark").items()}
    users = {mark.partition("-")[0]: group[0].who for mark, group in by(marked, "mark").items()}
    passes = {mark.partition("-")[2]: [(one.row, one.note) for one in group if one.row == "search"]
              for mark, group in by(marked, "mark").items()}
    return users, passes


@pytest.mark.parametrize("load", [ARRIVALS, USERS], ids=["open", "closed"])
def test_shares_send_what_one_machine_sends(shop, run, start, tmp_path, load):
    whole, parts = shop(), shop()
    one = shop_scenario.write(tmp_path, whole.url, BUYERS, **load)
    run_shop(run, tmp_path / "whole", one)
    two = shop_scenario.write(tmp_path, parts.url, BUYERS, **load)
    run_shares(start, two, tmp_path, 2, [2, 1])
    seen_whole, seen_parts = whole.stop_and_read(), parts.stop_and_read()
    check_nothing_mixed(seen_parts)
    assert content(seen_whole, load is ARRIVALS) == content(seen_parts, load is ARRIVALS)


def test_a_fleet_sends_what_one_machine_sends(shop, run, fleet, tmp_path):
    whole, parts = shop(), shop()
    run_shop(run, tmp_path / "whole", shop_scenario.write(tmp_path, whole.url, BUYERS, **ARRIVALS))
    scenario = shop_scenario.write(tmp_path, parts.url, BUYERS, **ARRIVALS)
    fleet.run(2, "run", scenario, "--out", tmp_path / "fleet", "--progress", "plain", "-q")
    seen = parts.stop_and_read()
    check_nothing_mixed(seen)
    assert content(whole.stop_and_read(), True) == content(seen, True)
