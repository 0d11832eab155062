/* loadgen-emulator: the ground truth of the tests and the instance of the local lab. */
#include "emulator.h"
#include "emulator_state.h"

#include "err.h"
#include "exit_code.h"
#include "help.h"
#include "options.h"
#include "standard_streams.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define ROW(name, kind, member) OPTION(name, kind, struct emulator_settings, member)
#define HOUR_NS                 UINT64_C(3600000000000)

static const struct option_row rows[] = {
    { ROW("port", OPTION_COUNT, port), .value_name = "N", .fallback = "0", .least = 0, .most = 65535,
      .help = "Port on 127.0.0.1; 0 is a free one. The first line of stdout is the port" },
    { ROW("id", OPTION_TEXT, id), .value_name = "ID", .fallback = "i-00000000000000000",
      .help = "Instance id, as it stands in the answers" },
    { ROW("path", OPTION_TEXT, path), .value_name = "PATH", .fallback = "/cluster1",
      .help = "The cluster's path; it and everything below it are answered, / is the health check, anything "
              "else is 404" },
    { ROW("vcpus", OPTION_COUNT, vcpus), .value_name = "N", .fallback = "1", .least = 1,
      .most = MACHINE_VCPUS_MOST,
      .help = "How many requests are served at a time; others wait in the order they came" },
    { ROW("service-time", OPTION_DURATION, service_time_ns), .value_name = "TIME", .fallback = "0",
      .help = "Mean CPU time of a request" },
    { ROW("variation", OPTION_REAL, variation), .value_name = "RATIO", .fallback = "0",
      .help = "Standard deviation of the CPU time / its mean (log-normal)" },
    { ROW("spin", OPTION_FLAG, spin), .help = "Burn the service time instead of waiting for it" },
    { ROW("credits-per-hour", OPTION_REAL, credits_terms.earned_per_hour), .value_name = "N", .fallback = "0",
      .help = "CPU credits earned in an hour; 0: the instance needs none and always runs at full speed" },
    { ROW("credits", OPTION_REAL, credits), .value_name = "N", .fallback = "0",
      .help = "CPU credits at the start" },
    { ROW("credits-most", OPTION_REAL, credits_terms.most), .value_name = "N", .fallback = "864",
      .help = "CPU credits that can be saved" },
    { ROW("baseline", OPTION_REAL, credits_terms.baseline_ratio), .value_name = "RATIO", .fallback = "0.3",
      .help = "Speed of a vCPU without credits" },
    { ROW("credit-speed", OPTION_REAL, credits_terms.clock_factor), .value_name = "FACTOR", .fallback = "1",
      .help = "How many times faster credits are spent and earned" },
    { ROW("seed", OPTION_COUNT, seed), .value_name = "N", .fallback = "1",
      .help = "Seed of the variation and of the faults" },
    { ROW("fail-ratio", OPTION_REAL, faults.fail_ratio), .value_name = "P", .fallback = "0",
      .help = "Share of requests that are answered with status 503" },
    { ROW("reset-ratio", OPTION_REAL, faults.reset_ratio), .value_name = "P", .fallback = "0",
      .help = "Share of requests whose connection is reset instead" },
    { ROW("drop-ratio", OPTION_REAL, faults.drop_ratio), .value_name = "P", .fallback = "0",
      .help = "Share of answers after which the connection is closed without having said so" },
    { ROW("stall-ratio", OPTION_REAL, faults.stall_ratio), .value_name = "P", .fallback = "0",
      .help = "Share of answers that pause after half of their body" },
    { ROW("stall", OPTION_DURATION, faults.stall_ns), .value_name = "TIME", .fallback = "1s",
      .help = "How long they pause" },
    { ROW("close-every", OPTION_COUNT, faults.close_every), .value_name = "N", .fallback = "0",
      .help = "Close a connection, and say so, with every Nth answer; 0: never" },
    { ROW("control", OPTION_TEXT, control), .value_name = "SOCKET",
      .help = "Unix socket that hands whoever connects a CSV of what was done in each second" },
    { 0 },
};

static int check_range(const char *name, double value, double most, struct err *e)
{
    if (value >= 0 && value <= most)
        return 0;
    return err_set(e, ERR_INPUT, "--%s must be from 0 to %g, not %g", name, most, value);
}

static int check(struct emulator_settings *s, struct err *e)
{
    if (check_range("fail-ratio", s->faults.fail_ratio, 1, e) ||
        check_range("reset-ratio", s->faults.reset_ratio, 1, e) ||
        check_range("drop-ratio", s->faults.drop_ratio, 1, e) ||
        check_range("stall-ratio", s->faults.stall_ratio, 1, e) ||
        check_range("baseline", s->credits_terms.baseline_ratio, 1, e) ||
        check_range("variation", s->variation, 10, e) || check_range("credits", s->credits, 1e9, e) ||
        check_range("credits-most", s->credits_terms.most, 1e9, e) ||
        check_range("credits-per-hour", s->credits_terms.earned_per_hour, 1e9, e) ||
        check_range("credit-speed", s->credits_terms.clock_factor, 1e9, e))
        return -1;
    if (s->credits_terms.baseline_ratio < 0.001)
        return err_set(e, ERR_INPUT, "--baseline must be from 0.001 to 1, not %g",
                       s->credits_terms.baseline_ratio);
    if (s->service_time_ns > HOUR_NS)
        return err_set(e, ERR_INPUT, "--service-time must be at most one hour");
    if (s->path[0] != '/' || !s->path[1])
        return err_set(e, ERR_INPUT, "--path must be a path such as /cluster1, not '%s'", s->path);
    s->credits_terms.limited = s->credits_terms.earned_per_hour > 0;
    return 0;
}

/* As many connections as the system allows. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int serve(const struct emulator_settings *settings, struct err *e)
{
    static struct emulator emulator;
    unsigned port;
    raise_descriptor_limit();
    int status = emulator_init(&emulator, settings, &port, e);
    if (!status) {
        printf("%u\n", port);
        fflush(stdout);
        emulator_run(&emulator);
    }
    emulator_fini(&emulator);
    return status;
}

int main(int argc, char *argv[])
{
    const struct command command = {
        .name = "loadgen-emulator",
        .synopsis = "[options]",
        .summary = "Serve HTTP/1.1 on 127.0.0.1 as one instance of a cluster would",
        .rows = rows,
        .details = reply_help,
    };
    struct emulator_settings settings = { 0 };
    struct options_result options;
    struct err e = { ERR_NONE, "" };

    if (standard_streams_open())
        return EXIT_CODE_FAILED; /* stderr may be closed, too */
    int status = options_parse(&command, &settings, argc - 1, argv + 1, &options, &e);
    if (!status && options.help_wanted) {
        help_of_command(&command, stdout);
    } else if (!status) {
        if (options.n_positional > 0)
            status = err_set(&e, ERR_INPUT, "it takes options only, not '%s'", options.positional[0]);
        if (!status)
            status = check(&settings, &e) ? -1 : serve(&settings, &e);
    }
    options_fini(&command, &settings, &options);
    if (!status)
        return EXIT_CODE_DONE;
    fprintf(stderr, "loadgen-emulator: %s\n", e.text);
    return e.kind == ERR_INPUT ? EXIT_CODE_USAGE : EXIT_CODE_FAILED;
}
