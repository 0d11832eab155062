# ctest: serial release truth
"""A log of a million lines is sent within a millisecond of its times, in bounded memory. The short version has fewer lines, and looks at
the median alone, since a busy machine delays some requests."""

import gzip

from run_folder import RunFolder
from test_memory import MIB, QUIET, peak_bytes
from test_replay import alb_line
from truth import IS_FULL, long_or_short, note

RATE_PER_S = 10_000


def test_a_million_lines_are_sent_in_time_with_little_memory(nginx, start, tmp_path):
    server = nginx(log=False)
    n = long_or_short(1_000_000, 40_000)
    with gzip.open(tmp_path / "a.log.gz", "wt", compresslevel=1) as out:
        out.writelines(alb_line(i / RATE_PER_S, f"/items/{i}?q={i}") for i in range(n))
    importing = peak_bytes(start("loadgen", "import", "alb", tmp_path / "a.log.gz", "-o", tmp_path / "replay.yaml", "--target", server.url))
    peak = peak_bytes(start("loadgen", "run", tmp_path / "replay.yaml", "--out", tmp_path / "run", *QUIET))
    folder = RunFolder(tmp_path / "run")
    assert folder.totals["done_n"] == n
    assert importing < 60 * MIB and peak < 60 * MIB
    lag = {tag: histogram for tag, histogram in folder.histograms().items() if tag.startswith("lag.")}
    [lag] = lag.values()
    p50_us, p99_us = lag.value_at_ppm(500_000) / 1000, lag.value_at_ppm(990_000) / 1000
    note("replay of 1 000 000 lines: peak memory", peak / MIB, "60", "MiB")
    note("replay of 1 000 000 lines: 99 % of the requests are late by at most", p99_us, "1000", "us")
    assert p50_us < 1000 and (not IS_FULL or p99_us < 1000)
