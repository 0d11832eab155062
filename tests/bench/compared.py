"""Loadgen beside other generators: every round runs each of them once."""

import sys

from generators import HTTP2_LOADGEN, HTTP2_PEERS, LOADGEN, PEERS, found


def chosen(ours, peers, settings):
    return [one for one in [ours, *found(peers)] if not settings.only or one.name in settings.only]


def run_generator(bench, generator, server, load, seconds):
    """One run as columns of closed.csv and http2.csv; `load` is what the generator's argv takes."""
    is_ours = generator.program == "loadgen"
    cost = bench.run([bench.loadgen if is_ours else generator.program, *generator.argv(server.url + "/", load, seconds)], limit_s=5 * seconds + 15)
    done = bench.totals()["ok_n"] if is_ours and not cost.exit_code else generator.completed(cost.stdout) if not is_ours else 0
    if cost.exit_code or not done:
        print(f"bench: {generator.name} with load {load} ended with {cost.exit_code}: {cost.stderr[-300:]}", file=sys.stderr)
        done = 0
    return {"generator": generator.name, "done_n": done or None, "wall_s": round(cost.wall_s, 3), "user_s": cost.user_s, "sys_s": cost.sys_s,
            "cpu_per_request_us": round((cost.user_s + cost.sys_s) * 1e6 / done, 3) if done else None,
            "rate_per_s": round(done / seconds) if done else None, "rss_peak_bytes": cost.rss_peak_bytes}


def rotated(generators, round_number):
    turn = round_number % len(generators)
    return generators[turn:] + generators[:turn]


def closed_rows(bench, settings):
    generators = chosen(LOADGEN, PEERS, settings)
    for tls, counts in ((False, settings.connections), (True, settings.tls_connections)):
        for connections in counts:
            server = bench.nginx(tls)
            seconds = settings.seconds * (4 if tls and connections >= 5000 else 1)  # so many handshakes take their time
            run_generator(bench, LOADGEN, server, connections, 1)  # warms the server
            for round_number in range(settings.rounds):
                for generator in rotated(generators, round_number):
                    row = run_generator(bench, generator, server, connections, seconds)
                    yield {"tls": int(tls), "connections": connections, "round": round_number, **row}
            server.stop()


def http2_rows(bench, settings):
    """Connections times streams of each, against HAProxy, which batches its answers, and nginx, whose batching swings."""
    generators = chosen(HTTP2_LOADGEN, HTTP2_PEERS, settings)
    for kind in settings.servers:
        for tls in settings.tls:
            server = bench.http2_server(kind, tls)
            for load in settings.loads:
                for generator in generators:
                    run_generator(bench, generator, server, load, 1)  # warms the server
                for round_number in range(settings.rounds):
                    for generator in rotated(generators, round_number):
                        row = run_generator(bench, generator, server, load, settings.seconds)
                        yield {"server": kind, "tls": tls, "connections": load[0], "streams": load[1], "round": round_number, **row}
            server.stop()
