"""Loadgen by itself: how it keeps a schedule, its instructions per request, its memory."""

import re

from generators import http2_options
from pairs import median


def open_rows(bench, settings):
    for http, options in (("1.1", ["-c", 256]), ("2", http2_options(False, (16, 16)))):
        server = bench.nginx(False) if http == "1.1" else bench.http2_server("nginx", False)
        for rate in settings.rates:
            for round_number in range(settings.rounds):
                yield {"http": http, "rate_per_s": rate, "round": round_number, **open_row(bench, server, rate, settings.seconds, options)}
        server.stop()


def open_row(bench, server, rate, seconds, options):
    cost = bench.run([bench.loadgen, "run", "--target", server.url + "/", "--rate", rate, "-d", f"{seconds}s", "-t", 1,
                      "--progress", "none", *options])
    totals = bench.totals()
    late = {(row["metric"], int(row["p_ppm"])): float(row["value_us"]) for row in bench.rows("percentiles.csv")
            if (row["phase"], row["class"]) == ("p1", "ok") and row["value_us"]}
    health = bench.rows("health.csv")
    wakeups = sum(int(row["wakeups_n"]) for row in health)
    return {"intended_n": totals["intended_n"], "sent_n": totals["sent_n"], "rate_error_ppm": round(1e6 * (totals["sent_n"] / seconds / rate - 1)),
            "lag_p50_us": late.get(("lag", 500_000)), "lag_p99_us": late.get(("lag", 990_000)), "lag_p999_us": late.get(("lag", 999_000)),
            "conn_wait_p99_us": late.get(("conn_wait", 990_000)),
            "sends_per_wakeup": round(totals["sent_n"] / wakeups, 3) if wakeups else None,
            "sends_per_wakeup_p99": max((float(row["sends_per_wakeup_p99"]) for row in health if row["sends_per_wakeup_p99"]), default=None),
            "cpu_per_request_us": round((cost.user_s + cost.sys_s) * 1e6 / max(1, totals["done_n"]), 3), "rss_peak_bytes": cost.rss_peak_bytes}


def open_summary(rows):
    for http, rate in dict.fromkeys((row["http"], row["rate_per_s"]) for row in rows):
        here = [row for row in rows if (row["http"], row["rate_per_s"]) == (http, rate)]
        columns = [column for column in here[0] if column not in ("http", "rate_per_s", "round", "intended_n", "sent_n")]
        yield {"http": http, "rate_per_s": rate, "rounds_n": len(here), **{column: median([row[column] for row in here]) for column in columns}}


def instructions_rows(bench, settings):
    """Two lengths of the same run; their difference leaves out what start and end cost."""
    for http, server, loads, programs in (
            ("1.1", bench.nginx(False), [(1, 1), (64, 1)], ["loadgen"]),
            ("2", bench.http2_server("haproxy", False), [(64, 1), (8, 10)], ["loadgen", "h2load"]),
            ("2 TLS", bench.http2_server("haproxy", True), [(64, 1), (8, 10)], ["loadgen", "h2load"])):
        for load in loads:
            for name in programs:
                if settings.only and name not in settings.only:
                    continue
                short, long = (counted_instructions(bench, name, server, http, load, requests) for requests in (5000, 25_000))
                yield {"http": http, "connections": load[0], "streams": load[1], "generator": name,
                       "instructions_per_request": round((long - short) / 20_000)}
        server.stop()


def counted_instructions(bench, name, server, http, load, requests):
    url, options = server.url + "/", ["-c", load[0]] if http == "1.1" else http2_options("TLS" in http, load)
    argv = [bench.loadgen, "run", "--target", url, *options, "-n", requests, "-t", 1, "-k", "--progress", "none"] if name == "loadgen" else \
        ["h2load", "-t1", f"-c{load[0]}", f"-m{load[1]}", f"-n{requests}", url]
    cost = bench.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *argv])
    return int(re.search(r"Collected : (\d+)", cost.stderr).group(1))


MEMORY_LOADS = {"connection": ((100, 1), (2100, 1)), "stream of a connection": ((100, 1), (100, 101))}  # what grows between the two runs


def memory_rows(bench, _settings):
    """Peak memory of two runs that differ in the number of connections or of streams alone."""
    for http, server, options in (("1.1", bench.nginx(False), lambda load: ["-c", load[0]]),
                                  ("2", bench.http2_server("nginx", False), lambda load: http2_options(False, load)),
                                  ("2 TLS", bench.http2_server("nginx", True), lambda load: http2_options(True, load))):
        for what, loads in MEMORY_LOADS.items():
            if http == "1.1" and loads[1][1] > 1:
                continue
            peaks = []
            for load in loads:
                cost = bench.run([bench.loadgen, "run", "--target", server.url + "/", *options(load), "-d", "2s", "-t", 1, "-k",
                                  "--progress", "none"])
                peaks.append(cost.rss_peak_bytes)
            n = loads[1][0] * loads[1][1] - loads[0][0] * loads[0][1]
            yield {"http": http, "of a": what, "rss_peak_bytes": peaks[1], "bytes_each": round((peaks[1] - peaks[0]) / n)}
        server.stop()
