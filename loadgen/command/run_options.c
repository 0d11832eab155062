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

#define AT(member)  offsetof(struct run_options, member)
#define DAYS_30_NS  UINT64_C(2592000000000000)
#define HOUR_NS     UINT64_C(3600000000000)
#define COUNT_MOST  UINT64_C(1000000000000)
#define NO_LETTER   0
#define NO_CHOICES  NULL
#define NO_FALLBACK NULL
#define ANY         0, 0
#define NOT_SECRET  false

const struct option_row run_shared_rows[] = {
    { "target", NO_LETTER, OPTION_TEXT, AT(target_url), "URL", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "send to http(s)://HOST[:PORT] instead of the scenario's target" },
    { "deployment", NO_LETTER, OPTION_TEXT, AT(deployment_file), "FILE", NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "send to the deployment that this file describes" },
    { "out", 'o', OPTION_TEXT, AT(out_folder), "DIR", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "folder for the results, instead of one in results/" },
    { "threads", 't', OPTION_COUNT, AT(n_threads), "N", NO_FALLBACK, NO_CHOICES, 1, PLAN_THREADS_MOST,
      NOT_SECRET, "number of event loops, each in its own thread" },
    { "seed", NO_LETTER, OPTION_COUNT, AT(seed), "N", NO_FALLBACK, NO_CHOICES, 0, UINT64_C(1) << 53,
      NOT_SECRET, "seed of all random draws; by default a new one, recorded in run.json" },
    { "timeout", NO_LETTER, OPTION_DURATION, AT(timeout_ns), "TIME", NO_FALLBACK, NO_CHOICES, NS_PER_MS,
      HOUR_NS, NOT_SECRET, "how long a request may take" },
    { "progress", NO_LETTER, OPTION_CHOICE, AT(progress), "HOW", "auto", progress_choices, ANY, NOT_SECRET,
      "what to show during a run" },
    { "keep-going", NO_LETTER, OPTION_FLAG, AT(keep_going), NULL, NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "keep sending even when results cannot be written; the run still fails" },
    { "pin", NO_LETTER, OPTION_FLAG, AT(pin), NULL, NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "pin each thread to a CPU of its own" },
    { "spin", NO_LETTER, OPTION_DURATION, AT(spin_ns), "TIME", NO_FALLBACK, NO_CHOICES, 0, 10 * NS_PER_MS,
      NOT_SECRET, "wake this long before a request is due and spin until then" },
    { 0 },
};

static const struct option_row rows[] = {
    { "connections", 'c', OPTION_COUNT, AT(n_connections), "N", NO_FALLBACK, NO_CHOICES, 1, PLAN_USERS_MOST,
      NOT_SECRET,
      "quick mode: connections, each with one request at a time (default 10); with --rate, the most "
      "that are opened (default 256)" },
    { "duration", 'd', OPTION_DURATION, AT(duration_ns), "TIME", NO_FALLBACK, NO_CHOICES, NS_PER_MS,
      DAYS_30_NS, NOT_SECRET, "quick mode: how long to send (default 10s)" },
    { "requests", 'n', OPTION_COUNT, AT(n_requests), "N", NO_FALLBACK, NO_CHOICES, 1, COUNT_MOST, NOT_SECRET,
      "quick mode: how many requests to send, within --duration if that is given" },
    { "rate", 'R', OPTION_RATE, AT(rate_per_s), "RATE", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "quick mode: requests per second in total, sent on schedule whether or not responses come" },
    { "arrivals", NO_LETTER, OPTION_CHOICE, AT(arrivals), "LAW", "constant", arrivals_choices, ANY,
      NOT_SECRET, "quick mode with --rate: how requests are spaced" },
    { "warmup", NO_LETTER, OPTION_DURATION, AT(warmup_ns), "TIME", NO_FALLBACK, NO_CHOICES, 0, DAYS_30_NS,
      NOT_SECRET, "quick mode: send for this long first, and leave it out of the statistics" },
    { "header", 'H', OPTION_LIST, AT(headers), "'NAME: VALUE'", NO_FALLBACK, NO_CHOICES, ANY, true,
      "quick mode: a header of the request" },
    { "method", 'm', OPTION_TEXT, AT(method), "METHOD", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "quick mode: GET by default, POST with a body" },
    { "body", NO_LETTER, OPTION_TEXT, AT(body), "TEXT", NO_FALLBACK, NO_CHOICES, ANY, true,
      "quick mode: the request's body, sent as is" },
    { "body-file", NO_LETTER, OPTION_TEXT, AT(body_file), "FILE", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "quick mode: the request's body from a file; - is standard input" },
    { "user", 'u', OPTION_TEXT, AT(user), "USER:PASSWORD", NO_FALLBACK, NO_CHOICES, ANY, true,
      "quick mode: basic authentication; an Authorization header takes precedence" },
    { "expect-status", NO_LETTER, OPTION_LIST, AT(expect_status), "STATUS", NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "quick mode: a status to accept, such as 200, 2xx or 200-204 (default 2xx)" },
    { "expect-body", NO_LETTER, OPTION_TEXT, AT(expect_body), "TEXT", NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET,
      "quick mode: the exact body of the response; {instance} matches an instance id, which is counted" },
    { "no-keepalive", NO_LETTER, OPTION_FLAG, AT(no_keepalive), NULL, NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "quick mode: a new connection for every request" },
    { "requests-per-connection", NO_LETTER, OPTION_COUNT, AT(requests_per_connection), "N", NO_FALLBACK,
      NO_CHOICES, 1, COUNT_MOST, NOT_SECRET, "quick mode: close a connection after this many requests" },
    { "pipeline", NO_LETTER, OPTION_COUNT, AT(pipeline), "N", NO_FALLBACK, NO_CHOICES, 1,
      STREAM_PIPELINE_MOST, NOT_SECRET, "quick mode: requests in flight per connection (default 1)" },
    { "only", NO_LETTER, OPTION_TEXT, AT(only), "CLUSTER", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "run only the streams of this cluster" },
    { "threshold", NO_LETTER, OPTION_LIST, AT(thresholds), "TEXT", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "exit 3 unless this holds, such as 'p99 < 250ms' or 'errors < 0.1%'" },
    { "allow-invalid", NO_LETTER, OPTION_FLAG, AT(allow_invalid), NULL, NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "exit 0 even when the verdict on the generator is INVALID" },
    { "quiet", 'q', OPTION_FLAG, AT(quiet), NULL, NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "print neither progress nor the table at the end, only the results folder" },
    { "log-requests", NO_LETTER, OPTION_CHOICE, AT(log), "FORM", "none", log_choices, ANY, NOT_SECRET,
      "write every request to requests.csv" },
    { "host", NO_LETTER, OPTION_TEXT, AT(target.host), "NAME[:PORT]", NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "value of the Host header" },
    { "connect-to", NO_LETTER, OPTION_LIST, AT(target.connect_to), "NAME:PORT:OTHER:PORT", NO_FALLBACK,
      NO_CHOICES, ANY, NOT_SECRET, "connect to another host and port" },
    { "resolve", NO_LETTER, OPTION_LIST, AT(target.resolve), "NAME:PORT:ADDRESS", NO_FALLBACK, NO_CHOICES,
      ANY, NOT_SECRET, "use this address for a name" },
    { "name-server", NO_LETTER, OPTION_TEXT, AT(target.name_server), "ADDRESS[:PORT]", NO_FALLBACK,
      NO_CHOICES, ANY, NOT_SECRET, "ask this DNS server instead of the system's" },
    { "bind", NO_LETTER, OPTION_LIST, AT(target.bind), "ADDRESS", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "source address of connections; several are used in turn" },
    { "unix-socket", NO_LETTER, OPTION_TEXT, AT(target.unix_socket), "PATH", NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "connect to a Unix socket" },
    { "ipv4", '4', OPTION_FLAG, AT(target.ipv4), NULL, NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "use IPv4 addresses only" },
    { "ipv6", '6', OPTION_FLAG, AT(target.ipv6), NULL, NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "use IPv6 addresses only" },
    { "insecure", 'k', OPTION_FLAG, AT(target.insecure), NULL, NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "do not verify the server's certificate" },
    { "cacert", NO_LETTER, OPTION_TEXT, AT(target.ca_file), "FILE", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "certificates to trust instead of the system's" },
    { "cert", NO_LETTER, OPTION_TEXT, AT(target.cert_file), "FILE", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "client certificate, with --key" },
    { "key", NO_LETTER, OPTION_TEXT, AT(target.key_file), "FILE", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "the client certificate's private key" },
    { "sni", NO_LETTER, OPTION_TEXT, AT(target.server_name), "NAME", NO_FALLBACK, NO_CHOICES, ANY, NOT_SECRET,
      "name to ask for and to verify in TLS" },
    { "tls-min", NO_LETTER, OPTION_TEXT, AT(target.tls_version), "VERSION", NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "lowest TLS version: 1.2 or 1.3" },
    { "no-tls-resume", NO_LETTER, OPTION_FLAG, AT(target.no_resume), NULL, NO_FALLBACK, NO_CHOICES, ANY,
      NOT_SECRET, "a full TLS handshake for every connection" },
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
    .synopsis = "[SCENARIO | --target URL] [OPTION...]",
    .summary =
        "Send the load that a scenario file describes, or that the options describe, and write the results",
    .rows = rows,
    .shared = run_shared_rows,
    .elsewhere = elsewhere,
    .details = "SCENARIO is a file or the name of a shipped scenario, such as tp1. Without one, --target URL "
               "starts quick mode:\n"
               "  loadgen run --target http://127.0.0.1:8080/ -c 64 -d 10s\n"
               "  loadgen run --target http://127.0.0.1:8080/ --rate 2k/s --arrivals poisson -d 1m",
};

const struct command plan_command = {
    .name = "loadgen plan",
    .synopsis = "[SCENARIO | --target URL] [OPTION...]",
    .summary = "Check a scenario and print what a run with these options would send; nothing is sent",
    .rows = rows,
    .shared = run_shared_rows,
    .elsewhere = elsewhere,
};

int run_options_parse(struct run_options *o, const struct command *command, int argc, char *const argv[],
                      struct err *e)
{
    *o = (struct run_options){ .command = command };
    if (options_parse(command, o, argc, argv, &o->result, e))
        return -1;
    if (o->result.n_positional > 1)
        return err_set(e, ERR_INPUT, "give one scenario: '%.64s' is one too many", o->result.positional[1]);
    o->scenario = o->result.n_positional ? o->result.positional[0] : NULL;
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
    if (target_is_url(o->scenario))
        return err_set(e, ERR_INPUT, "%.64s is a URL and not a scenario: quick mode takes it as --target URL",
                       o->scenario);
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
        return err_set(e, ERR_INPUT, "give a scenario, such as `loadgen run tp1`, or --target URL");
    if (o->only)
        return err_set(e, ERR_INPUT, "--only needs a scenario");
    return quick_plan(out, o, e);
}
