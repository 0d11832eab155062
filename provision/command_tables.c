#include "command_tables.h"

#include "exit_code.h"
#include "settings.h"
#include "status_lines.h"

#include <stddef.h>

const char *const command_providers[] = { "local", "aws", NULL };
#define LOCAL "Local lab"
#define AWS   "AWS"
#define ALL   "Options"
const char *const command_groups[] = { LOCAL, AWS, NULL };
const char *const settings_apps[] = { "emulator", "flask", NULL };

#define ROW(name, kind, member) OPTION(name, kind, struct settings, member)
#define PROVIDER_ROW                                                                                         \
    ROW("provider", OPTION_CHOICE, provider), .group = ALL, .value_name = "WHERE", .fallback = "local",      \
                                              .choices = command_providers,                                  \
                                              .help = "who provides the instances"
#define DEPLOYMENT_ROW                                                                                       \
    ROW("deployment", OPTION_TEXT, deployment), .group = ALL, .value_name = "FILE",                          \
                                                .fallback = COMMAND_DEPLOYMENT_DEFAULT,                      \
                                                .help = "file that records what was brought up"
#define PROGRESS_ROW                                                                                         \
    ROW("progress", OPTION_CHOICE, progress), .group = ALL, .value_name = "HOW", .fallback = "auto",         \
                                              .choices = status_lines_modes,                                 \
                                              .help = "how to show progress on stderr"
#define PROFILE_ROW                                                                                          \
    ROW("profile", OPTION_TEXT, profile), .group = AWS, .value_name = "NAME",                                \
                                          .help = "profile of the credentials file"
#define REGION_ROW(what)                                                                                     \
    ROW("region", OPTION_TEXT, region), .group = AWS, .value_name = "REGION", .help = (what)

static const struct option_row up_rows[] = {
    { PROVIDER_ROW },
    { DEPLOYMENT_ROW },
    { ROW("app", OPTION_CHOICE, app), .group = LOCAL, .value_name = "APP", .fallback = "emulator",
      .choices = settings_apps,
      .help = "what an instance runs: our emulator of its type, or the Flask app that is deployed to "
              "EC2" },
    { ROW("port", OPTION_COUNT, port), .group = LOCAL, .value_name = "N", .least = 1, .most = 65535,
      .help = "port of the load balancer (default: a free one)" },
    { ROW("tls", OPTION_FLAG, tls), .group = LOCAL,
      .help = "HTTPS at the load balancer, with a certificate authority of its own that runs trust" },
    { ROW("service-time", OPTION_DURATION, service_time_ns), .group = LOCAL, .value_name = "TIME",
      .help = "constant service time of every instance (default: that of its type)" },
    { ROW("credit-speed", OPTION_REAL, credit_speed), .group = LOCAL, .value_name = "FACTOR", .fallback = "1",
      .help = "how many times faster CPU credits are spent and earned" },
    { ROW("drained", OPTION_FLAG, drained), .group = LOCAL, .help = "instances start without CPU credits" },
    { ROW("timeout", OPTION_DURATION, timeout_ns), .group = ALL, .value_name = "TIME", .least = 1,
      .most = UINT64_C(3600000000000),
      .help = "how long to wait until all is healthy (default: local 30s, aws 15min)" },
    { ROW("dry-run", OPTION_FLAG, dry_run), .group = ALL,
      .help = "show what it would create, and the cost; create nothing" },
    { REGION_ROW("region, instead of the topology's") },
    { PROFILE_ROW },
    { ROW("ami", OPTION_TEXT, ami), .group = AWS, .value_name = "ID",
      .help = "image, instead of the topology's" },
    { ROW("vpc", OPTION_TEXT, vpc), .group = AWS, .value_name = "ID",
      .help = "VPC, instead of the default one" },
    { ROW("subnets", OPTION_TEXT, subnets), .group = AWS, .value_name = "ID,ID",
      .help = "subnets of the load balancer and the instances, in two zones or more" },
    { ROW("key", OPTION_TEXT, key), .group = AWS, .value_name = "NAME",
      .help = "key pair, instead of the topology's; an empty name for none" },
    { ROW("my-address", OPTION_TEXT, my_address), .group = AWS, .value_name = "ADDRESS",
      .help = "IPv4 or IPv6 address that `caller` in the ingress stands for; without it AWS is asked" },
    { ROW("tag", OPTION_LIST, tags), .group = AWS, .value_name = "KEY=VALUE",
      .help = "tag for everything that is created" },
    { ROW("package", OPTION_TEXT, package), .group = AWS, .value_name = "FILE|URL",
      .help = "loadgen's Debian package, to install on the topology's generator; a URL may end in "
              "#sha256=HASH" },
    { ROW("ssh-key", OPTION_TEXT, ssh_key), .group = AWS, .value_name = "FILE",
      .help = "private key of the key pair, for ssh to the generator (default: what ssh chooses)" },
    { ROW("expire", OPTION_DURATION, expire_ns), .group = AWS, .value_name = "TIME",
      .least = UINT64_C(600000000000), .most = UINT64_C(2592000000000000),
      .help = "the instances end by themselves after that time, such as 4h (default: never)" },
    { ROW("any-number", OPTION_FLAG, any_number), .group = AWS,
      .help = "allow more than the nine running instances of a Learner Lab" },
    { PROGRESS_ROW },
    { 0 },
};

static const struct option_row status_rows[] = { { DEPLOYMENT_ROW }, { PROFILE_ROW }, { 0 } };

static const struct option_row metrics_rows[] = {
    { DEPLOYMENT_ROW },
    { ROW("run", OPTION_TEXT, run), .group = ALL, .value_name = "DIR", .fallback = "results/latest",
      .help = "run folder whose time span is asked for, and that gets cloudwatch.csv" },
    { PROFILE_ROW },
    { PROGRESS_ROW },
    { 0 },
};

static const struct option_row down_rows[] = {
    { DEPLOYMENT_ROW },
    { ROW("keep-log", OPTION_TEXT, keep_log), .group = LOCAL, .value_name = "FILE",
      .help = "keep the load balancer's access log as FILE" },
    { ROW("lost", OPTION_FLAG, lost), .group = AWS,
      .help = "list the runs that have something in the region, by their tags, and remove the one that is "
              "named; without a deployment file. With --region all, list those of every region" },
    { ROW("run-id", OPTION_TEXT, run_id), .group = AWS, .value_name = "ID",
      .help = "with --lost, the run to remove; without it, a terminal is asked" },
    { PROVIDER_ROW },
    { REGION_ROW("with --lost, the region to look in, instead of AWS_REGION's or the profile's") },
    { PROFILE_ROW },
    { PROGRESS_ROW },
    { 0 },
};

static const struct option_row disturb_rows[] = { { DEPLOYMENT_ROW }, { 0 } };

/* --- what help and manual pages add --- */

static const struct command_note environment[] = {
    { "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN", "credentials, before those of a file" },
    { "AWS_PROFILE", "profile of the credentials file, unless `--profile` names one" },
    { "AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE", "instead of ~/.aws/credentials and ~/.aws/config" },
    { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "where a container or a CloudShell gets credentials, if nothing above has any" },
    { "AWS_EC2_METADATA_DISABLED", "`true`: do not ask for the credentials of an instance's role" },
    { "AWS_REGION, AWS_DEFAULT_REGION", "region, where neither `--region` nor the topology names one" },
    { "AWS_ENDPOINT_URL", "where to send all AWS requests" },
    { "AWS_USE_DUALSTACK_ENDPOINT, AWS_USE_FIPS_ENDPOINT",
      "`true`: use the endpoints that have IPv6 addresses, or the FIPS ones" },
    { "AWS_CA_BUNDLE", "certificates to trust for requests, instead of the system's" },
    { "https_proxy, no_proxy", "proxy of all AWS requests, and hosts to reach without it" },
    { "LOADGEN_DATA_DIR",
      "folder of the shipped scenarios and topologies, instead of the one that was installed" },
    { "NO_COLOR", "when set, nothing is coloured" },
    { "TMPDIR", "where the local lab keeps its files, instead of /tmp" },
    { "XDG_STATE_HOME", "where the lock of an AWS account is kept, instead of ~/.local/state" },
    { 0 },
};
static const struct command_note files[] = {
    { COMMAND_DEPLOYMENT_DEFAULT, "what was brought up, unless `--deployment` names another file" },
    { "~/.aws/credentials, ~/.aws/config", "credentials and profiles" },
    { "~/.local/state/loadgen", "which deployment file records which run on AWS, and locks; or "
                                "$XDG_STATE_HOME/loadgen" },
    { "~/.local/state/loadgen/aws-ACCOUNT-REGION.lock",
      "while `up` launches instances there, so that two at once do not exceed the limit" },
    { 0 },
};
static const struct command_page pages[] = {
    { "loadgen-topology(5)", "provision/topologies/README.md", "every key of a topology file" },
    { "loadgen-results(5)", NULL, "the deployment file, cloudwatch.csv" },
    { 0 },
};
#define PAGES .files = files, .environment = environment, .pages = pages

static const struct command_exit up_exits[] = {
    { EXIT_CODE_DONE, "everything is up and healthy" },
    { EXIT_CODE_FAILED, "failed; `down` removes what was created" },
    { EXIT_CODE_INTERRUPTED, "interrupted; `down` removes what was created" },
    { 0 },
};
static const struct command_exit status_exits[] = {
    { EXIT_CODE_DONE, "nothing is up, or everything is up and healthy" },
    { EXIT_CODE_FAILED, "something is not up and healthy" },
    { 0 },
};
static const struct command_exit metrics_exits[] = {
    { EXIT_CODE_DONE, "the metrics are complete" },
    { EXIT_CODE_FAILED,
      "failed; or something is missing, such as more than 1 % of the requests: what came is "
      "written" },
    { EXIT_CODE_INTERRUPTED, "interrupted; the same command continues" },
    { 0 },
};
static const struct command_exit change_exits[] = {
    { EXIT_CODE_INTERRUPTED, "interrupted; the same command continues" },
    { 0 },
};

#define EXAMPLES(name, ...) static const char *const name[] = { __VA_ARGS__, NULL }
EXAMPLES(up_examples, "loadgen provision up", "loadgen provision up m4x5-t2x4 --app flask",
         "loadgen provision up m4x4-t2x5 --provider aws --dry-run");
EXAMPLES(status_examples, "loadgen provision status");
EXAMPLES(metrics_examples, "loadgen provision metrics --run results/latest");
EXAMPLES(down_examples, "loadgen provision down", "loadgen provision down --provider aws --lost",
         "loadgen provision down --provider aws --lost --run-id 7f3a19c2");
EXAMPLES(kill_examples, "loadgen provision kill i-0123");
EXAMPLES(stall_examples, "loadgen provision stall i-0123");
EXAMPLES(revive_examples, "loadgen provision revive i-0123");
EXAMPLES(reload_examples, "loadgen provision reload");

static const struct command_exit overview_exits[] = {
    { EXIT_CODE_FAILED, "failed; or `status` found something that is not up and healthy" },
    { EXIT_CODE_INTERRUPTED, "interrupted; the same command continues, or `down` removes what was created" },
    { 0 },
};
const struct command command_overview = {
    .exits = overview_exits,
    .examples = up_examples,
    PAGES,
};

const struct command command_up = {
    .name = "loadgen provision up",
    .synopsis = "[TOPOLOGY] [OPTION...]",
    .summary = "Bring up a topology: clusters of instances behind one load balancer",
    .rows = up_rows,
    .details =
        "TOPOLOGY is a file or the name of a shipped one (default " COMMAND_TOPOLOGY_DEFAULT
        "). With a deployment that exists already, `up` goes on with what is half made and changes nothing "
        "that is up; a topology or an option that differs from what is recorded is refused, and an option "
        "that is left out stands for what is recorded.",
    .exits = up_exits,
    .examples = up_examples,
    PAGES,
};
const struct command command_status = {
    .name = "loadgen provision status",
    .synopsis = "[OPTION...]",
    .summary = "Show what is running and whether it is healthy",
    .rows = status_rows,
    .exits = status_exits,
    .examples = status_examples,
    PAGES,
};
const struct command command_metrics = {
    .name = "loadgen provision metrics",
    .synopsis = "[OPTION...]",
    .summary = "Write what the provider measured during a run into its folder, as cloudwatch.csv",
    .rows = metrics_rows,
    .exits = metrics_exits,
    .examples = metrics_examples,
    PAGES,
};
const struct command command_down = {
    .name = "loadgen provision down",
    .synopsis = "[OPTION...]",
    .summary = "Take down what `up` brought up, and nothing else",
    .rows = down_rows,
    .exits = change_exits,
    .examples = down_examples,
    PAGES,
};

/* Fault injection, for the local lab alone: what may happen to a target under load. */
#define INSTANCE_DETAILS "INSTANCE is an id as `status` shows it, or the beginning of one. For the local lab."
const struct command command_kill = {
    .name = "loadgen provision kill",
    .synopsis = "INSTANCE [OPTION...]",
    .summary = "End an instance at once, as one that crashes",
    .rows = disturb_rows,
    .details = INSTANCE_DETAILS,
    .examples = kill_examples,
    PAGES,
};
const struct command command_stall = {
    .name = "loadgen provision stall",
    .synopsis = "INSTANCE [OPTION...]",
    .summary = "Freeze an instance, as one that hangs: it takes connections and answers nothing",
    .rows = disturb_rows,
    .details = INSTANCE_DETAILS,
    .examples = stall_examples,
    PAGES,
};
const struct command command_revive = {
    .name = "loadgen provision revive",
    .synopsis = "INSTANCE [OPTION...]",
    .summary = "Resume a stalled instance, or restart one that has ended",
    .rows = disturb_rows,
    .details = INSTANCE_DETAILS,
    .examples = revive_examples,
    PAGES,
};
const struct command command_reload = {
    .name = "loadgen provision reload",
    .synopsis = "[OPTION...]",
    .summary = "Reload the load balancer: a new worker takes over, the old one finishes its requests",
    .rows = disturb_rows,
    .details = "For the local lab.",
    .examples = reload_examples,
    PAGES,
};
