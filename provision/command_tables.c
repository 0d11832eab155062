#include "command_tables.h"

#include "settings.h"
#include "status_lines.h"

#include <stddef.h>

const char *const command_providers[] = { "local", "aws", NULL };
const char *const settings_apps[] = { "emulator", "flask", NULL };

#define ROW(name, kind, member) OPTION(name, kind, struct settings, member)
#define PROVIDER_ROW                                                                                         \
    ROW("provider", OPTION_CHOICE, provider), .value_name = "WHERE", .fallback = "local",                    \
                                              .choices = command_providers, .help = "Where to bring it up"
#define DEPLOYMENT_ROW                                                                                       \
    ROW("deployment", OPTION_TEXT, deployment), .value_name = "FILE",                                        \
                                                .fallback = COMMAND_DEPLOYMENT_DEFAULT,                      \
                                                .help = "The file that remembers what was brought up"
#define PROGRESS_ROW                                                                                         \
    ROW("progress", OPTION_CHOICE, progress), .value_name = "HOW", .fallback = "auto",                       \
                                              .choices = status_lines_modes,                                 \
                                              .help = "How to show progress on stderr"
#define PROFILE_ROW                                                                                          \
    ROW("profile", OPTION_TEXT, profile), .value_name = "NAME", .help = "aws: profile of the credentials file"
#define REGION_ROW                                                                                           \
    ROW("region", OPTION_TEXT, region), .value_name = "REGION",                                              \
                                        .help = "aws: region, instead of the topology's"

static const struct option_row up_rows[] = {
    { PROVIDER_ROW },
    { DEPLOYMENT_ROW },
    { ROW("app", OPTION_CHOICE, app), .value_name = "APP", .fallback = "emulator", .choices = settings_apps,
      .help = "local: what an instance runs: our emulator of its type, or the Flask app that is deployed to "
              "EC2" },
    { ROW("port", OPTION_COUNT, port), .value_name = "N", .least = 1, .most = 65535,
      .help = "local: port of the load balancer; without it a free one" },
    { ROW("service-time", OPTION_DURATION, service_time_ns), .value_name = "TIME",
      .help = "local: service time of every instance, constant, instead of that of its type" },
    { ROW("credit-speed", OPTION_REAL, credit_speed), .value_name = "FACTOR", .fallback = "1",
      .help = "local: how many times faster CPU credits are spent and earned" },
    { ROW("drained", OPTION_FLAG, drained), .help = "local: instances start without CPU credits" },
    { ROW("timeout", OPTION_DURATION, timeout_ns), .value_name = "TIME", .least = 1,
      .most = UINT64_C(3600000000000),
      .help = "How long to wait until all is healthy (default: local 30 s, aws 15 min)" },
    { ROW("dry-run", OPTION_FLAG, dry_run), .help = "Check everything, print the plan, create nothing" },
    { REGION_ROW },
    { PROFILE_ROW },
    { ROW("ami", OPTION_TEXT, ami), .value_name = "ID", .help = "aws: image, instead of the topology's" },
    { ROW("vpc", OPTION_TEXT, vpc), .value_name = "ID", .help = "aws: VPC, instead of the default one" },
    { ROW("subnets", OPTION_TEXT, subnets), .value_name = "ID,ID",
      .help = "aws: subnets of the load balancer and the instances, in two zones or more" },
    { ROW("key", OPTION_TEXT, key), .value_name = "NAME",
      .help = "aws: key pair, instead of the topology's; an empty name is none" },
    { ROW("my-address", OPTION_TEXT, my_address), .value_name = "IPV4",
      .help = "aws: address that `caller` in the ingress stands for; without it AWS is asked" },
    { ROW("any-number", OPTION_FLAG, any_number),
      .help = "aws: do not hold back at the nine running instances that a Learner Lab may have" },
    { PROGRESS_ROW },
    { 0 },
};

static const struct option_row status_rows[] = { { DEPLOYMENT_ROW }, { PROFILE_ROW }, { 0 } };

static const struct option_row metrics_rows[] = {
    { DEPLOYMENT_ROW },
    { ROW("run", OPTION_TEXT, run), .value_name = "DIR", .fallback = "results/latest",
      .help = "The run folder whose window is asked for and that cloudwatch.csv is written into" },
    { PROFILE_ROW },
    { PROGRESS_ROW },
    { 0 },
};

static const struct option_row down_rows[] = {
    { DEPLOYMENT_ROW },
    { ROW("keep-log", OPTION_TEXT, keep_log), .value_name = "FILE",
      .help = "local: keep the load balancer's access log as FILE" },
    { ROW("lost", OPTION_FLAG, lost),
      .help = "aws: find what is left by its tags, without a deployment file" },
    { ROW("run-id", OPTION_TEXT, run_id), .value_name = "ID",
      .help = "aws: with --lost, which run to remove where there are several" },
    { PROVIDER_ROW },
    { REGION_ROW },
    { PROFILE_ROW },
    { PROGRESS_ROW },
    { 0 },
};

static const struct option_row disturb_rows[] = { { DEPLOYMENT_ROW }, { 0 } };

const struct command command_up = {
    .name = "loadgen provision up",
    .synopsis = "[TOPOLOGY] [options]",
    .summary = "Bring up a topology: clusters of instances behind one load balancer",
    .rows = up_rows,
    .details = "TOPOLOGY is a file or the name of a shipped one (default " COMMAND_TOPOLOGY_DEFAULT ").",
};
const struct command command_status = {
    .name = "loadgen provision status",
    .synopsis = "[options]",
    .summary = "Tell what is up and how it is",
    .rows = status_rows,
    .details = "The exit code is 1 unless all of what the deployment names runs and is healthy.",
};
const struct command command_metrics = {
    .name = "loadgen provision metrics",
    .synopsis = "[options]",
    .summary = "Write what the provider measured during a run into its folder, as cloudwatch.csv",
    .rows = metrics_rows,
};
const struct command command_down = {
    .name = "loadgen provision down",
    .synopsis = "[options]",
    .summary = "Take down what `up` brought up, and nothing else",
    .rows = down_rows,
};

/* Fault injection, for the local lab alone: what may happen to a target under load. */
#define INSTANCE_DETAILS "INSTANCE is an id as `status` shows it, or the beginning of one. For the local lab."
const struct command command_kill = {
    .name = "loadgen provision kill",
    .synopsis = "INSTANCE [options]",
    .summary = "End an instance at once, as one that crashes",
    .rows = disturb_rows,
    .details = INSTANCE_DETAILS,
};
const struct command command_stall = {
    .name = "loadgen provision stall",
    .synopsis = "INSTANCE [options]",
    .summary = "Make an instance stand still, as one that hangs: it takes connections and answers nothing",
    .rows = disturb_rows,
    .details = INSTANCE_DETAILS,
};
const struct command command_revive = {
    .name = "loadgen provision revive",
    .synopsis = "INSTANCE [options]",
    .summary = "Let a stalled instance go on, or start one that has ended as it was started before",
    .rows = disturb_rows,
    .details = INSTANCE_DETAILS,
};
const struct command command_reload = {
    .name = "loadgen provision reload",
    .synopsis = "[options]",
    .summary = "Reload the load balancer: a new worker takes what comes, the old one ends what it has",
    .rows = disturb_rows,
    .details = "For the local lab.",
};
