#include "run_options.h"

#include "err.h"
#include "loadgen_commands.h"
#include "paths.h"
#include "plan.h"
#include "quick.h"
#include "recorder.h"
#include "request_log.h"
#include "scenario.h"
#include "stream.h"
#include "units.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char *const arrivals_choices[] = { "constant", "poisson", NULL };
static const char *const progress_choices[] = { [RECORDER_PROGRESS_AUTO] = "auto",
                                                [RECORDER_PROGRESS_PLAIN] = "plain",
                                                [RECORDER_PROGRESS_NONE] = "none",
                                                NULL };
static const char *const log_choices[] = {
    [REQUEST_LOG_NONE] = "none", [REQUEST_LOG_CSV] = "csv", [REQUEST_LOG_ZSTD] = "csv.zst", NULL
};

#define DAYS_30_NS UINT64_C(2592000000000000)
#define HOUR_NS    UINT64_C(3600000000000)
#define COUNT_MOST UINT64_C(1000000000000)

const struct option_row run_shared_rows[] = {
    { OPTION("target", OPTION_TEXT, struct run_options, target_url), .value_name = "URL",
      .help = "send to http(s)://HOST[:PORT] instead of the scenario's target" },
    { OPTION("deployment", OPTION_TEXT, struct run_options, deployment_file), .value_name = "FILE",
      .help = "send to the deployment that this file describes" },
    { OPTION("out", OPTION_TEXT, struct run_options, out_folder), .letter = 'o', .value_name = "DIR",
      .help = "folder for the results, instead of one in results/" },
    { OPTION("threads", OPTION_COUNT, struct run_options, n_threads), .letter = 't', .value_name = "N",
      .least = 1, .most = PLAN_THREADS_MOST, .help = "number of event loops, each in its own thread" },
    { OPTION("seed", OPTION_COUNT, struct run_options, seed), .value_name = "N", .most = UINT64_C(1) << 53,
      .help = "seed of all random draws; by default a new one, recorded in run.json" },
    { OPTION("timeout", OPTION_DURATION, struct run_options, timeout_ns), .value_name = "TIME",
      .least = NS_PER_MS, .most = HOUR_NS, .help = "how long a request may take" },
    { OPTION("progress", OPTION_CHOICE, struct run_options, progress), .value_name = "HOW",
      .fallback = "auto", .choices = progress_choices, .help = "what to show during a run" },
    { OPTION("keep-going", OPTION_FLAG, struct run_options, keep_going),
      .help = "keep sending even when results cannot be written; the run still fails" },
    { OPTION("strict", OPTION_FLAG, struct run_options, strict),
      .help = "exit with 4 when any number of a run is invalid, not only one that a threshold or decision "
              "rests on" },
    { OPTION("pin", OPTION_FLAG, struct run_options, pin), .help = "pin each thread to a CPU of its own" },
    { OPTION("spin", OPTION_DURATION, struct run_options, spin_ns), .value_name = "TIME",
      .most = 10 * NS_PER_MS, .help = "wake this long before a request is due and spin until then" },
    { 0 },
};

static const struct option_row rows[] = {
    { OPTION("connections", OPTION_COUNT, struct run_options, n_connections), .letter = 'c',
      .value_name = "N", .least = 1, .most = PLAN_USERS_MOST,
      .help = "quick mode: connections, each with one request at a time (default 10); with --rate, the most "
              "that are opened (default 256)" },
    { OPTION("duration", OPTION_DURATION, struct run_options, duration_ns), .letter = 'd',
      .value_name = "TIME", .least = NS_PER_MS, .most = DAYS_30_NS,
      .help = "quick mode: how long to send (default 10s)" },
    { OPTION("requests", OPTION_COUNT, struct run_options, n_requests), .letter = 'n', .value_name = "N",
      .least = 1, .most = COUNT_MOST,
      .help = "quick mode: how many requests to send, within --duration if that is given" },
    { OPTION("rate", OPTION_RATE, struct run_options, rate_per_s), .letter = 'R', .value_name = "RATE",
      .help = "quick mode: requests per second in total, sent on schedule whether or not responses come" },
    { OPTION("arrivals", OPTION_CHOICE, struct run_options, arrivals), .value_name = "LAW",
      .fallback = "constant", .choices = arrivals_choices,
      .help = "quick mode with --rate: how requests are spaced" },
    { OPTION("warmup", OPTION_DURATION, struct run_options, warmup_ns), .value_name = "TIME",
      .most = DAYS_30_NS,
      .help = "quick mode: send for this long first, and leave it out of the statistics" },
    { OPTION("header", OPTION_LIST, struct run_options, headers), .letter = 'H',
      .value_name = "'NAME: VALUE'", .secret = true, .help = "quick mode: a header of the request" },
    { OPTION("method", OPTION_TEXT, struct run_options, method), .letter = 'm', .value_name = "METHOD",
      .help = "quick mode: GET by default, POST with a body" },
    { OPTION("body", OPTION_TEXT, struct run_options, body), .value_name = "TEXT", .secret = true,
      .help = "quick mode: the request's body, sent as is" },
    { OPTION("body-file", OPTION_TEXT, struct run_options, body_file), .value_name = "FILE",
      .help = "quick mode: the request's body from a file; - is standard input" },
    { OPTION("user", OPTION_TEXT, struct run_options, user), .letter = 'u', .value_name = "USER:PASSWORD",
      .secret = true, .help = "quick mode: basic authentication; an Authorization header takes precedence" },
    { OPTION("expect-status", OPTION_LIST, struct run_options, expect_status), .value_name = "STATUS",
      .help = "quick mode: a status to accept, such as 200, 2xx or 200-204 (default 2xx)" },
    { OPTION("expect-body", OPTION_TEXT, struct run_options, expect_body), .value_name = "TEXT",
      .help =
          "quick mode: the exact body of the response; {instance} matches an instance id, which is counted" },
    { OPTION("no-keepalive", OPTION_FLAG, struct run_options, no_keepalive),
      .help = "quick mode: a new connection for every request" },
    { OPTION("requests-per-connection", OPTION_COUNT, struct run_options, requests_per_connection),
      .value_name = "N", .least = 1, .most = COUNT_MOST,
      .help = "quick mode: close a connection after this many requests" },
    { OPTION("pipeline", OPTION_COUNT, struct run_options, pipeline), .value_name = "N", .least = 1,
      .most = STREAM_PIPELINE_MOST, .help = "quick mode: requests in flight per connection (default 1)" },
    { OPTION("only", OPTION_TEXT, struct run_options, only), .value_name = "CLUSTER",
      .help = "run only the streams of this cluster" },
    { OPTION("threshold", OPTION_LIST, struct run_options, thresholds), .value_name = "TEXT",
      .help = "exit 3 unless this holds, such as 'p99 < 250ms' or 'errors < 0.1%'" },
    { OPTION("quiet", OPTION_FLAG, struct run_options, quiet), .letter = 'q',
      .help = "print neither progress nor the table at the end, only the results folder" },
    { OPTION("log-requests", OPTION_CHOICE, struct run_options, log), .value_name = "FORM",
      .fallback = "none", .choices = log_choices, .help = "write every request to requests.csv" },
    { OPTION("host", OPTION_TEXT, struct run_options, target.host), .value_name = "NAME[:PORT]",
      .help = "value of the Host header" },
    { OPTION("connect-to", OPTION_LIST, struct run_options, target.connect_to),
      .value_name = "NAME:PORT:OTHER:PORT", .help = "connect to another host and port" },
    { OPTION("resolve", OPTION_LIST, struct run_options, target.resolve), .value_name = "NAME:PORT:ADDRESS",
      .help = "use this address for a name" },
    { OPTION("name-server", OPTION_TEXT, struct run_options, target.name_server),
      .value_name = "ADDRESS[:PORT]", .help = "ask this DNS server instead of the system's" },
    { OPTION("bind", OPTION_LIST, struct run_options, target.bind), .value_name = "ADDRESS",
      .help = "source address of connections; several are used in turn" },
    { OPTION("unix-socket", OPTION_TEXT, struct run_options, target.unix_socket), .value_name = "PATH",
      .help = "connect to a Unix socket" },
    { OPTION("ipv4", OPTION_FLAG, struct run_options, target.ipv4), .letter = '4',
      .help = "use IPv4 addresses only" },
    { OPTION("ipv6", OPTION_FLAG, struct run_options, target.ipv6), .letter = '6',
      .help = "use IPv6 addresses only" },
    { OPTION("insecure", OPTION_FLAG, struct run_options, target.insecure), .letter = 'k',
      .help = "do not verify the server's certificate" },
    { OPTION("cacert", OPTION_TEXT, struct run_options, target.ca_file), .value_name = "FILE",
      .help = "certificates to trust instead of the system's" },
    { OPTION("cert", OPTION_TEXT, struct run_options, target.cert_file), .value_name = "FILE",
      .help = "client certificate, with --key" },
    { OPTION("key", OPTION_TEXT, struct run_options, target.key_file), .value_name = "FILE",
      .help = "the client certificate's private key" },
    { OPTION("sni", OPTION_TEXT, struct run_options, target.server_name), .value_name = "NAME",
      .help = "name to ask for and to verify in TLS" },
    { OPTION("tls-min", OPTION_TEXT, struct run_options, target.tls_version), .value_name = "VERSION",
      .help = "lowest TLS version: 1.2 or 1.3" },
    { OPTION("no-tls-resume", OPTION_FLAG, struct run_options, target.no_resume),
      .help = "a full TLS handshake for every connection" },
    { 0 },
};
_Static_assert(sizeof rows / sizeof *rows + sizeof run_shared_rows / sizeof *run_shared_rows <= 66,
               "the tables of options have room for 64 rows");

static const struct option_elsewhere elsewhere[] = {
    { "X", "use -m" },
    { "request", "use --method" },
    { "data", "use --body" },
    { "data-binary", "use --body-file" },
    { "D", "use --body-file" },
    { "z", "use -d" },
    { "users", "use -c" },
    { "vus", "use -c" },
    { "concurrency", "use -c" },
    { "qps", "use --rate" },
    { "latency", "percentiles are always printed" },
    { "json", "use `loadgen analysis export --format json` after the run" },
    { "L", "redirects are not followed" },
    { "location", "redirects are not followed" },
    { 0 },
};

const struct command run_command = {
    .name = "loadgen run",
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary =
        "Send the load that a scenario file describes, or that the options describe, and write the results",
    .rows = rows,
    .shared = run_shared_rows,
    .elsewhere = elsewhere,
    .details = "SCENARIO is a file or the name of a shipped scenario, such as tp1. A URL "
               "starts quick mode:\n"
               "  loadgen run http://127.0.0.1:8080/ -c 64 -d 10s\n"
               "  loadgen run http://127.0.0.1:8080/ --rate 2k/s --arrivals poisson -d 1m",
};

const struct command plan_command = {
    .name = "loadgen plan",
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary = "Check a scenario and print what a run with these options would send; nothing is sent",
    .rows = rows,
    .shared = run_shared_rows,
    .elsewhere = elsewhere,
};

/* A URL in the place of the scenario is the target of quick mode. */
static int take_url(struct run_options *o, struct err *e)
{
    if (!o->scenario || !target_is_url(o->scenario))
        return 0;
    if (o->target_url)
        return err_set(e, ERR_INPUT, "%.64s and --target both name a target: give one", o->scenario);
    o->target_url = o->scenario;
    o->scenario = NULL;
    return 0;
}

int run_options_parse(struct run_options *o, const struct command *command, int argc, char *const argv[],
                      struct err *e)
{
    *o = (struct run_options){ .command = command };
    if (options_parse(command, o, argc, argv, &o->result, e))
        return -1;
    if (o->result.n_positional > 1)
        return err_set(e, ERR_INPUT, "give one scenario: '%.64s' is one too many", o->result.positional[1]);
    o->scenario = o->result.n_positional ? o->result.positional[0] : NULL;
    if (take_url(o, e))
        return -1;
    o->has_seed = options_given(command, &o->result, "seed");
    return 0;
}

void run_options_fini(struct run_options *o)
{
    options_fini(o->command, o, &o->result);
}

/* HOST:PORT and perhaps a path. */
static bool looks_like_address(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon && colon > text && isdigit((unsigned char)colon[1]) && access(text, F_OK) != 0;
}

/* With a file, an option of quick mode has no stream to belong to. */
static int refuse_quick_options(const struct run_options *o, struct err *e)
{
    static const char quick[] = "quick mode";
    if (looks_like_address(o->scenario))
        return err_set(e, ERR_INPUT,
                       "%.64s is an address and not a scenario: quick mode takes it as --target http://%.64s",
                       o->scenario, o->scenario);
    for (size_t i = 0; rows[i].name; i++)
        if (o->result.given >> i & 1 && strncmp(rows[i].help, quick, sizeof quick - 1) == 0)
            return err_set(e, ERR_INPUT,
                           "--%s belongs to quick mode, but there is a scenario, %.64s: set it in the "
                           "scenario, or leave one of the two out",
                           rows[i].name, o->scenario);
    return 0;
}

static int plan_from_scenario(struct plan *out, const struct run_options *o, struct err *e)
{
    char path[PATH_MAX];
    const struct scenario_overrides overrides = {
        .target_url = o->target_url,
        .deployment_file = o->deployment_file,
        .only = o->only,
        .timeout_ns = o->timeout_ns,
        .n_threads = (uint32_t)o->n_threads,
        .has_seed = o->has_seed,
        .seed = o->seed,
        .may_lack_deployment = o->command == &plan_command,
        .target = o->target,
    };
    if (refuse_quick_options(o, e) ||
        paths_shipped("scenario", "loadgen/scenarios", o->scenario, path, sizeof path, e))
        return -1;
    return scenario_load(out, path, &overrides, e) || quick_add_thresholds(out, &o->thresholds, e) ? -1 : 0;
}

int plan_from_options(struct plan *out, const struct run_options *o, struct err *e)
{
    *out = (struct plan){ 0 };
    if (o->target_url && o->deployment_file)
        return err_set(e, ERR_INPUT, "--target and --deployment exclude each other");
    if (o->scenario)
        return plan_from_scenario(out, o, e);
    if (!o->target_url)
        return err_set(e, ERR_INPUT, "give a scenario, such as `loadgen run tp1`, or a URL");
    if (o->only)
        return err_set(e, ERR_INPUT, "--only needs a scenario");
    return quick_plan(out, o, e);
}
