# ctest: serial release truth
"""Where the instrument ends: a generator at its limit says so before its times mislead (GT14 of the method)."""

from truth import failed_rules, long_or_short, make_run, note, on_a_quiet_machine, percentile_s, times

SLOW_US = 150  # what a request costs the slow one, generator or server


def ramp(run, folder, server, rates_per_s, **more):
    """[(rate, p99 of the response time in s, the numbers that are invalid)], ever faster."""
    steps = []
    for rate in rates_per_s:
        got, _ = make_run(run, folder / f"at-{rate}", "--target", f"{server.url}/cluster1", "--rate", rate, "--arrivals", "poisson", "--seed", 1,
                          "-d", long_or_short("5s", "1500ms"), "-c", 256, **more)
        steps.append((rate, percentile_s(folder / f"at-{rate}", "response", 99), {claim["what"] for claim in got["claims"] if claim["level"] == "invalid"} & {"rate", "p99"}))
    return steps


def first(steps, condition):
    return next((i for i, step in enumerate(steps) if condition(step)), len(steps))


def is_blamed_in_time(steps):
    """GT14: whether the generator is named before p99 has doubled, or when it has."""
    doubled = first(steps, lambda step: step[1] >= 2 * steps[0][1])
    assert doubled < len(steps), f"the ramp ends before the limit: {steps}"
    return first(steps, lambda step: step[2]) <= doubled


@on_a_quiet_machine()
def test_a_generator_at_its_limit_says_so_in_time(run, emulator, altered, tmp_path):
    """One that takes 150 us for a request has its ceiling at 6667/s, however fast the server is."""
    server, slow = emulator(), {"env": altered(send_us=SLOW_US)}
    steps = ramp(run, tmp_path, server, (500, 1000, 2000, 4000, 6000), **slow)
    got, _ = make_run(run, tmp_path / "ceiling", "--target", f"{server.url}/cluster1", "-c", 16, "-d", "1s", **slow)
    assert got["totals"]["done_n"] < 1.02e6 / SLOW_US
    with times():
        assert is_blamed_in_time(steps), steps


@on_a_quiet_machine()
def test_a_server_at_its_limit_is_not_taken_for_the_generator(run, emulator, tmp_path):
    """The negative control: the same time spent at the server doubles p99 as well, and nothing blames the generator."""
    steps = ramp(run, tmp_path, emulator("--service-time", f"{SLOW_US}us"), (2000, 4000, 6000))
    with times():
        assert not is_blamed_in_time(steps), steps


@on_a_quiet_machine()
def test_a_generator_that_is_asked_for_too_much_reads_its_answers_and_blames_itself(run, emulator, altered, tmp_path):
    """Twice what it can send: answers wait in the kernel no longer than its connections take, and R1 does not blame the target."""
    got, _ = make_run(run, tmp_path / "run", "--target", f"{emulator().url}/cluster1", "--rate", 2_000_000 // SLOW_US, "-d", "2s", "-c", 16, "-t", 1,
                           "--timeout", "100ms", env=altered(send_us=SLOW_US))
    assert "R1" in failed_rules(got, "INVALID") and "R4" in failed_rules(got, "WARN")
    assert {claim["level"] for claim in got["claims"] if claim["what"] == "rate"} == {"invalid"}
    advice = {check["rule"]: check["advice"] for check in got["checks"]}
    assert advice["R1"] == "" and (advice["R4"].startswith("loadgen was at full speed") or advice["R23"]), "or something else had the processor"
    with times():
        assert percentile_s(tmp_path / "run", "rx_age", 50) < 2 * 16 * SLOW_US / 1e6


@on_a_quiet_machine()
def test_floor_and_ceiling_of_this_machine(run, nginx, tmp_path):
    server = nginx()
    make_run(run, tmp_path / "floor", "--target", server.url, "-c", 1, "-n", long_or_short(20_000, 1000))
    got, _ = make_run(run, tmp_path / "ceiling", "--target", server.url, "-c", 64, "-d", long_or_short("5s", "1s"))
    floor_s = percentile_s(tmp_path / "floor", "service", 50)
    note("GT14 floor: p50 of a server that answers at once", 1e6 * floor_s, "", "us")
    note("GT14 ceiling: requests of one thread", got["totals"]["done_n"] / long_or_short(5, 1), "", "1/s")
    with times():
        assert floor_s < 0.001 and got["totals"]["done_n"] > 1000
