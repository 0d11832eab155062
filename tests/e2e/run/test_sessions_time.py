# ctest: truth
"""Sessions in time: a server that stops answering, passes that keep their pace, and passes that are cut."""

import itertools
import signal

import shop_scenario
from run_folder import RunFolder, check_whole, seconds_written
from programs import wait_until
from shop_log import by, check_nothing_mixed, n_by_row, percentile_ms, row_counts, run_shop
from shop_scenario import READERS
from truth import long_or_short

STALL_S, LASTS_S, RATE = long_or_short((5, 20), (1.5, 3)) + (40,)


def test_a_stall_shows_in_its_step_and_in_sessions_and_not_in_the_next_step(shop, run, tmp_path):
    server = shop("--stall", f"/v1/items:1:{STALL_S}")
    scenario = shop_scenario.write(tmp_path, server.url, READERS, n_users=RATE * LASTS_S, model="arrivals: constant", think="20ms",
                                   phases=f"[ {{ rate: {RATE}/s, duration: {LASTS_S}s }} ]")
    folder = run_shop(run, tmp_path / "run", scenario)
    seen = server.stop_and_read()
    assert n_by_row(seen) == {"token": RATE * LASTS_S, "list": RATE * LASTS_S, "item": RATE * LASTS_S}
    began_s = seen[0].at_s
    held = [one for one in seen if one.row == "token" and 1.2 < one.at_s - began_s < 0.8 + STALL_S]
    assert len(held) > 0.9 * RATE * (STALL_S - 0.4)
    assert percentile_ms(folder, "readers", "list", 99) > STALL_S * 900
    assert percentile_ms(folder, "readers", "session", 99) > STALL_S * 900
    assert percentile_ms(folder, "readers", "item", 99) < 300
    assert percentile_ms(folder, "readers", "token", 99) < 300


def test_passes_keep_their_pace_and_late_ones_are_counted(shop, run, tmp_path):
    """A pass is late when the shop holds it back: those that begin in the half second before it answers again."""
    server = shop("--stall", "/v1/items:0.7:0.5")
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 4\n    ramp_users: 200ms", session="pace: 200ms",
                                   phases="[ { duration: 2s } ]")
    folder = run_shop(run, tmp_path / "run", scenario, "-t", 2)
    seen = [one for one in server.stop_and_read() if one.row == "list"]
    check_nothing_mixed(seen)
    for user, group in by(seen, "who").items():
        gaps_s = [later.at_s - one.at_s for one, later in itertools.pairwise(group)]
        assert min(gaps_s) > 0.15 and len(group) in range(7, 11), user
    assert folder.run["stream_totals"][0]["sessions"]["late_paces_n"] == 4
    assert max(group[0].at_s for group in by(seen, "who").values()) - seen[0].at_s > 0.12  # the ramp


def test_passes_under_way_when_the_run_has_finished_are_cut(shop, run, tmp_path):
    server = shop("--stall", "/v1/items:0.5:30")
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 4", think="10ms", session="finish: 300ms",
                                   phases="[ { duration: 1s } ]")
    folder = run_shop(run, tmp_path / "run", scenario)
    check_cut(folder, server.stop_and_read(), 4)


def test_passes_under_way_at_a_signal_are_cut(shop, start, tmp_path):
    server = shop("--stall", "/v1/items:0.5:30")
    scenario = shop_scenario.write(tmp_path, server.url, READERS, model="users: 4", think="10ms", phases="[ { duration: 30s } ]")
    running = start("loadgen", "run", scenario, "--out", tmp_path / "run", "--progress", "plain", "-q")
    wait_until(lambda: seconds_written(tmp_path / "run") > 4, "the first second")  # a row for the stream and each of its rows
    running.send_signal(signal.SIGINT)
    running.wait()
    folder = RunFolder(tmp_path / "run")
    check_whole(folder)
    check_cut(folder, server.stop_and_read(), 4)


def check_cut(folder, seen, n_cut):
    """Each is a request that was censored and a session that was, and every request is in the shop's log."""
    check_nothing_mixed(seen)
    rows = row_counts(folder, "readers")
    assert {name: row["sent_n"] for name, row in rows.items() if name != "session"} == n_by_row(seen)
    assert {name: row["sent_n"] - row["ok_n"] for name, row in rows.items()} == {"token": 0, "list": n_cut, "item": 0, "session": n_cut}
    assert folder.totals["censored_n"] == n_cut and folder.totals["err_n"] == 0
