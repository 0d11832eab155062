# ctest: truth
"""A server that stops answering one step: sessions still arrive, and the stall shows where it was met and in whole sessions."""

import shop_scenario
from shop_log import n_by_row, percentile_ms, run_shop
from shop_scenario import READERS
from truth import long_or_short

STALL_S, LASTS_S, RATE = long_or_short((5, 20), (2, 6)) + (40,)


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
    assert percentile_ms(folder, "readers/list", 99) > STALL_S * 900
    assert percentile_ms(folder, "readers/session", 99) > STALL_S * 900
    assert percentile_ms(folder, "readers/item", 99) < 300
    assert percentile_ms(folder, "readers/token", 99) < 300
