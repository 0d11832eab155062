#include "run_options.h"

#include "err.h"
#include "exit_code.h"
#include "foreign_options.h"
#include "input_files.h"
#include "loadgen_commands.h"
#include "manual.h"
#include "plan.h"
#include "recorder.h"
#include "request_log.h"
#include "start_at.h"
#include "stream.h"
#include "units.h"
#include "url_given.h"

#include <limits.h>
#include <string.h>

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

/* The options of the first three are for a URL alone: a scenario says the same in its file. */
static const char group_url_load[] = "Load, with a URL";
static const char group_url_request[] = "Request, with a URL";
static const char group_url_connections[] = "Connections, with a URL";
static const char group_load[] = "Target and load";
static const char group_network[] = "Connection and TLS";
static const char group_check[] = "Check";
static const char group_results[] = "Results";
static const char group_generator[] = "Generator";
static const char group_watch[] = "Watching live";

const struct option_row run_shared_rows[] = {
    { OPTION("target", OPTION_TEXT, struct run_options, target_url), .value_name = "URL", .group = group_load,
      .help =
          "send to http(s)://HOST[:PORT] instead of the scenario's target; a stream with its own keeps it" },
    { OPTION("deployment", OPTION_TEXT, struct run_options, deployment_file), .value_name = "FILE",
      .help = "send to the deployment that this file describes" },
    { OPTION("out", OPTION_TEXT, struct run_options, out_folder), .letter = 'o', .value_name = "DIR",
      .group = group_results, .help = "folder for the results (default: a new one in results/)" },
    { OPTION("threads", OPTION_COUNT, struct run_options, n_threads), .letter = 't', .value_name = "N",
      .least = 1, .most = PLAN_THREADS_MOST, .group = group_generator,
      .help = "number of event loops, each in its own thread (default: the scenario's, else 1)" },
    { OPTION("seed", OPTION_COUNT, struct run_options, seed), .value_name = "N", .most = UINT64_C(1) << 53,
      .help = "seed of all random draws (default: the scenario's, else a new one, which run.json records)" },
    { OPTION("timeout", OPTION_DURATION, struct run_options, timeout_ns), .value_name = "TIME",
      .least = NS_PER_MS, .most = HOUR_NS, .group = group_load,
      .help = "how long a request may take (default: the scenario's, else 10s)" },
    { OPTION("progress", OPTION_CHOICE, struct run_options, progress), .value_name = "HOW",
      .group = group_results, .fallback = "auto", .choices = progress_choices,
      .help = "what to show during a run" },
    { OPTION("keep-going", OPTION_FLAG, struct run_options, keep_going),
      .help = "keep sending even when results cannot be written; the run still fails" },
    { OPTION("whole-deployment", OPTION_FLAG, struct run_options, whole_deployment),
      .help = "copy the deployment file whole into the results, with the account and your address" },
    { OPTION("strict", OPTION_FLAG, struct run_options, strict),
      .help = "exit with 4 when any number of a run is invalid, not only one that a threshold or decision "
              "rests on" },
    { OPTION("pin", OPTION_FLAG, struct run_options, pin), .group = group_generator,
      .help = "pin each thread to a CPU of its own" },
    { OPTION("spin", OPTION_DURATION, struct run_options, spin_ns), .value_name = "TIME",
      .most = 10 * NS_PER_MS,
      .help = "wake this long before a request is due and spin until then (default 0s)" },
    { OPTION("serve", OPTION_TEXT, struct run_options, serve), .value_name = "[HOST:]PORT",
      .group = group_watch,
      .help =
          "show the run in a browser while it goes on; HOST is 127.0.0.1 unless given, port 0 takes any" },
    { OPTION("metrics-listen", OPTION_TEXT, struct run_options, metrics_listen), .value_name = "[HOST:]PORT",
      .help = "serve the run's metrics to Prometheus at /metrics, in the format OpenMetrics" },
    { OPTION("linger", OPTION_DURATION, struct run_options, linger_ns), .value_name = "TIME",
      .fallback = "15s", .most = DAYS_30_NS,
      .help = "with these, wait at the end until the final values were fetched, at most this long" },
    { 0 },
};

const struct option_row run_url_rows[] = {
    { OPTION("connections", OPTION_COUNT, struct run_options, n_connections), .letter = 'c',
      .value_name = "N", .least = 1, .most = PLAN_USERS_MOST, .group = group_url_load,
      .help =
          "connections, each with one request at a time unless --streams or --pipeline says more (default "
          "10, or at most 256 at a rate)" },
    { OPTION("arrivals", OPTION_CHOICE, struct run_options, arrivals), .value_name = "LAW",
      .fallback = "constant", .choices = arrivals_choices, .help = "at a rate: how requests are spaced" },
    { OPTION("header", OPTION_LIST, struct run_options, headers), .letter = 'H',
      .value_name = "'NAME: VALUE'", .secret = true, .group = group_url_request,
      .help = "a header of the request" },
    { OPTION("method", OPTION_TEXT, struct run_options, method), .letter = 'm', .value_name = "METHOD",
      .help = "the method (default GET, or POST with a body)" },
    { OPTION("body", OPTION_TEXT, struct run_options, body), .value_name = "TEXT", .secret = true,
      .help = "the request's body, sent as is" },
    { OPTION("body-file", OPTION_TEXT, struct run_options, body_file), .value_name = "FILE",
      .help = "the request's body from a file; - is standard input" },
    { OPTION("user", OPTION_TEXT, struct run_options, user), .letter = 'u', .value_name = "USER:PASSWORD",
      .secret = true, .help = "basic authentication; an Authorization header takes precedence" },
    { OPTION("expect-status", OPTION_LIST, struct run_options, expect_status), .value_name = "STATUS",
      .help = "a status to accept, such as 200, 2xx or 200-204 (default 2xx)" },
    { OPTION("expect-body", OPTION_TEXT, struct run_options, expect_body), .value_name = "TEXT",
      .help = "the exact body of the response; {instance} matches an instance id, which is counted" },
    { OPTION("no-keepalive", OPTION_FLAG, struct run_options, no_keepalive), .group = group_url_connections,
      .help = "a new connection for every request" },
    { OPTION("requests-per-connection", OPTION_COUNT, struct run_options, requests_per_connection),
      .value_name = "N", .least = 1, .most = COUNT_MOST,
      .help = "close a connection after this many requests (default: no limit)" },
    { OPTION("pipeline", OPTION_COUNT, struct run_options, pipeline), .value_name = "N", .least = 1,
      .most = STREAM_PIPELINE_MOST, .help = "requests in flight per connection over HTTP/1.1 (default 1)" },
    { OPTION("streams", OPTION_COUNT, struct run_options, streams_per_connection), .value_name = "N",
      .least = 1, .most = STREAM_H2_STREAMS_MOST,
      .help = "requests open at once on each connection over HTTP/2 (default 1)" },
    { 0 },
};

const struct option_row run_load_rows[] = {
    { OPTION("duration", OPTION_DURATION, struct run_options, duration_ns), .letter = 'd',
      .value_name = "TIME", .least = NS_PER_MS, .most = DAYS_30_NS, .group = group_url_load,
      .help = "how long to send (default 10s)" },
    { OPTION("requests", OPTION_COUNT, struct run_options, n_requests), .letter = 'n', .value_name = "N",
      .least = 1, .most = COUNT_MOST,
      .help = "requests to send; stops earlier at --duration (default: no limit)" },
    { OPTION("rate", OPTION_RATE, struct run_options, rate_per_s), .letter = 'R', .value_name = "RATE",
      .help = "requests per second in total, sent on schedule whether or not responses come (default: each "
              "connection sends when it has its answer)" },
    { OPTION("warmup", OPTION_DURATION, struct run_options, warmup_ns), .value_name = "TIME",
      .most = DAYS_30_NS,
      .help = "send for this long first, and leave it out of the statistics (default 0s)" },
    { 0 },
};

const struct option_row run_result_rows[] = {
    { OPTION("only", OPTION_TEXT, struct run_options, only), .value_name = "CLUSTER", .group = group_load,
      .help = "run only the streams of this cluster" },
    { OPTION("threshold", OPTION_LIST, struct run_options, thresholds), .value_name = "TEXT",
      .group = group_results, .help = "exit 3 unless this holds, such as 'p99 < 250ms' or 'errors < 0.1%'" },
    { OPTION("no-results", OPTION_FLAG, struct run_options, no_results),
      .help = "write no files; then the run has no report, and no comparison with others" },
    { OPTION("quiet", OPTION_FLAG, struct run_options, quiet), .letter = 'q',
      .help = "print neither progress nor the table at the end, only the results folder" },
    { OPTION("json", OPTION_FLAG, struct run_options, json),
      .help = "print the result as one JSON object, and nothing else on stdout" },
    { OPTION("junit", OPTION_TEXT, struct run_options, junit_file), .value_name = "FILE",
      .help = "write the thresholds as JUnit XML; - is stdout, instead of the table" },
    { OPTION("markdown", OPTION_TEXT, struct run_options, markdown_file), .value_name = "FILE",
      .help = "write the table and the thresholds as Markdown; - is stdout, instead of the table" },
    { OPTION("log-requests", OPTION_CHOICE, struct run_options, log), .value_name = "FORM",
      .fallback = "none", .choices = log_choices, .help = "write every request to requests.csv" },
    { 0 },
};

static const struct option_row generator_rows[] = {
    { OPTION("on-generator", OPTION_FLAG, struct run_options, on_generator), .group = group_load,
      .help = "run on the deployment's generator, and bring the results back" },
    { OPTION("shard", OPTION_TEXT, struct run_options, shard), .value_name = "I/N",
      .help =
          "send share I of N of the plan, for runs on several generators, whose folders `loadgen analysis "
          "merge` puts together; auto takes I and N from mpirun or srun, auto/N the index of a "
          "Kubernetes job" },
    { OPTION("start-at", OPTION_TEXT, struct run_options, start_at), .value_name = "DATE",
      .help = "begin to send at this moment, such as 2026-11-28T21:40:00Z (default: at once)" },
    { 0 },
};

const struct option_row run_network_rows[] = {
    { OPTION("host", OPTION_TEXT, struct run_options, target.host), .value_name = "NAME[:PORT]",
      .group = group_network, .help = "value of the Host header (default: that of the URL)" },
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
    { OPTION("http1.1", OPTION_FLAG, struct run_options, target.http1), .help = "speak HTTP/1.1 (default)" },
    { OPTION("http2", OPTION_FLAG, struct run_options, target.http2),
      .help = "speak HTTP/2 over TLS, chosen by ALPN; a server that does not choose it fails the run" },
    { OPTION("http2-prior-knowledge", OPTION_FLAG, struct run_options, target.http2_prior),
      .help = "speak HTTP/2 without TLS, to an http:// URL" },
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
      .help = "lowest TLS version: 1.2 or 1.3 (default 1.2)" },
    { OPTION("no-tls-resume", OPTION_FLAG, struct run_options, target.no_resume),
      .help = "a full TLS handshake for every connection" },
    { 0 },
};
static const struct option_row plan_rows[] = {
    { OPTION("check", OPTION_FLAG, struct run_options, check), .group = group_check,
      .help = "send one pass of each session and print its requests and responses, without secrets" },
    { OPTION("row", OPTION_COUNT, struct run_options, row), .value_name = "N", .least = 1, .most = COUNT_MOST,
      .help = "check with this row of the feeds (default 1)" },
    { 0 },
};
#define N_ROWS(table) (sizeof(table) / sizeof *(table)-1)
_Static_assert(N_ROWS(run_url_rows) + N_ROWS(run_load_rows) + N_ROWS(run_result_rows) +
                       N_ROWS(generator_rows) + N_ROWS(plan_rows) + N_ROWS(run_network_rows) +
                       N_ROWS(run_shared_rows) <=
                   OPTIONS_ROWS_MOST,
               "the tables of options have room for so many rows");

#define RUN_DETAILS                                                                                          \
    "SCENARIO is a file or the name of a shipped scenario, such as tp1. A URL needs no file: the options "   \
    "say what to send. As with curl its `http://` may be missing, and :8080 is a port of this machine. A "   \
    "TIME without a unit is in seconds. `loadgen URL` is short for `loadgen run URL`."

static const struct command_exit run_exits[] = {
    { EXIT_CODE_DONE, "done, and every threshold held" },
    { EXIT_CODE_FAILED, "failed; or no measured request was sent or succeeded" },
    { EXIT_CODE_THRESHOLD, "a threshold was missed" },
    { EXIT_CODE_INVALID,
      "a threshold, or with --strict any number of the summary, rests on what loadgen itself did" },
    { EXIT_CODE_INTERRUPTED, "interrupted; partial results are written" },
    { 0 },
};
static const char *const run_examples[] = {
    "loadgen run http://127.0.0.1:8080/ -c 64 -d 10s",
    "loadgen run http://127.0.0.1:8080/ --rate 2k/s --arrivals poisson -d 1m",
    "loadgen run http://127.0.0.1:8080/ -n 1000 --threshold 'p99 < 250ms'",
    "loadgen run tp1",
    NULL,
};

const struct command run_command = {
    .name = "loadgen run",
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary = "Load a URL, or run a scenario, and write the results",
    .rows = run_url_rows,
    .shared = { run_load_rows, generator_rows, run_result_rows, run_network_rows, run_shared_rows },
    .elsewhere = foreign_options,
    .details = RUN_DETAILS,
    .exits = run_exits,
    .examples = run_examples,
    .files = manual_files,
    .environment = manual_environment,
    .pages = manual_pages,
};

static const struct command_exit plan_exits[] = {
    { EXIT_CODE_DONE, "the scenario is sound; with --check every step was as expected" },
    { EXIT_CODE_FAILED, "with --check: a step failed" },
    { 0 },
};
static const char *const plan_examples[] = {
    "loadgen plan tp1",
    "loadgen plan mine.yaml --target http://127.0.0.1:8080",
    "loadgen plan http://127.0.0.1:8080/ --rate 2k/s -d 1m",
    "loadgen plan shop.yaml --check",
    NULL,
};

const struct command plan_command = {
    .name = "loadgen plan",
    .synopsis = "SCENARIO | URL [OPTION...]",
    .summary = "Check a scenario and print what a run with these options would send; only --check sends",
    .rows = run_url_rows,
    .shared = { plan_rows, run_load_rows, generator_rows, run_result_rows, run_network_rows,
                run_shared_rows },
    .elsewhere = foreign_options,
    .details = RUN_DETAILS,
    .exits = plan_exits,
    .examples = plan_examples,
    .environment = manual_environment,
    .pages = manual_pages,
};

int run_options_take_word(struct run_options *o, const char *word, struct err *e)
{
    if (!url_given_is(o->inputs, word)) {
        o->scenario = word;
        return 0;
    }
    char shown[URL_GIVEN_SHOWN_BYTES];
    if (o->target_url)
        return err_set(e, ERR_INPUT, "%s and --target both name a target: give one",
                       url_given_shown(word, shown));
    o->target_url = word;
    return 0;
}

/* A second word is often the value of a switch, or a URL to compare with. */
static int refuse_second(const struct run_options *o, struct err *e)
{
    const char *first = o->result.positional[0], *second = o->result.positional[1];
    char shown[URL_GIVEN_SHOWN_BYTES];
    double number;
    url_given_shown(second, shown);
    if (strcmp(first, "run") == 0)
        return err_set(e, ERR_INPUT, "options follow the command: `loadgen run %s ...`", shown);
    if (url_given_is(o->inputs, first) && url_given_is(o->inputs, second))
        return err_set(e, ERR_INPUT, "give one URL; `loadgen campaign URL URL` compares two");
    if (o->quiet && units_parse_rate_per_s(second, &number) == 0)
        return err_set(e, ERR_INPUT, "-q is --quiet and takes no value; the rate is --rate %.64s", second);
    return err_set(e, ERR_INPUT, "give one scenario or one URL: '%s' is one too many", shown);
}

int run_options_parse(struct run_options *o, const struct command *command, int argc, char *const argv[],
                      struct err *e)
{
    *o = (struct run_options){ .command = command, .parsed = command, .inputs = o->inputs };
    if (options_parse(command, o, argc, argv, &o->result, e))
        return -1;
    if (o->result.n_positional > 1)
        return refuse_second(o, e);
    if (o->result.n_positional && run_options_take_word(o, o->result.positional[0], e))
        return -1;
    o->has_seed = options_given(command, &o->result, "seed");
    if (o->shard && share_parse(&o->share, &o->share_source, o->shard, e))
        return -1;
    return o->start_at ? start_at_parse(&o->start_at_ns, o->start_at, e) : 0;
}

void run_options_fini(struct run_options *o)
{
    options_fini(o->command, o, &o->result);
}

bool run_options_is_for_url(const struct command *command, size_t row)
{
    const char *group = options_group(command, row);
    return group == group_url_load || group == group_url_request || group == group_url_connections;
}

int run_options_find_scenario(struct input_files *in, const char *word, char path[static PATH_MAX],
                              struct err *e)
{
    return input_files_shipped(in, "scenario", "loadgen/scenarios", word, path, e);
}

int run_options_check_repeatable(const struct run_options *o, struct err *e)
{
    if (!o->body_file || (strcmp(o->body_file, "-") != 0 && strcmp(o->body_file, "/dev/stdin") != 0))
        return 0;
    return err_set(e, ERR_INPUT,
                   "--body-file - can be read once only, and every run needs the body: give a file");
}
