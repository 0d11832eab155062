#include "commands.h"

#include "clock.h"
#include "deployment.h"
#include "exit_code.h"
#include "lock.h"
#include "paths.h"
#include "progress.h"
#include "provider.h"
#include "settings.h"
#include "topology.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEPLOYMENT_DEFAULT "results/deployment.json"
#define TOPOLOGY_DEFAULT   "m4x4-t2x5"

static const struct provider *const providers[] = { &provider_local, &provider_aws };
static const char *const provider_names[] = { "local", "aws", NULL };
const char *const settings_apps[] = { "emulator", "flask", NULL };

#define AT(member) .offset = offsetof(struct settings, member)
#define PROVIDER_ROW                                                                                         \
    {                                                                                                        \
        .name = "provider", .kind = OPTION_CHOICE, AT(provider), .value_name = "WHERE", .fallback = "local", \
        .choices = provider_names, .help = "Where to bring it up"                                            \
    }
#define DEPLOYMENT_ROW                                                                                       \
    {                                                                                                        \
        .name = "deployment", .kind = OPTION_TEXT, AT(deployment), .value_name = "FILE",                     \
        .fallback = DEPLOYMENT_DEFAULT, .help = "The file that remembers what was brought up"                \
    }
#define PROGRESS_ROW                                                                                         \
    {                                                                                                        \
        .name = "progress", .kind = OPTION_CHOICE, AT(progress), .value_name = "HOW", .fallback = "auto",    \
        .choices = progress_modes, .help = "How to show progress on stderr"                                  \
    }
#define PROFILE_ROW                                                                                          \
    {                                                                                                        \
        .name = "profile", .kind = OPTION_TEXT, AT(profile), .value_name = "NAME",                           \
        .help = "aws: profile of the credentials file"                                                       \
    }
#define REGION_ROW                                                                                           \
    {                                                                                                        \
        .name = "region", .kind = OPTION_TEXT, AT(region), .value_name = "REGION",                           \
        .help = "aws: region, instead of the topology's"                                                     \
    }

static const struct option_row up_rows[] = {
    PROVIDER_ROW,
    DEPLOYMENT_ROW,
    { .name = "app",
      .kind = OPTION_CHOICE,
      AT(app),
      .value_name = "APP",
      .fallback = "emulator",
      .choices = settings_apps,
      .help = "local: what an instance runs: our emulator of its type, or the Flask app that is deployed to "
              "EC2" },
    { .name = "port",
      .kind = OPTION_COUNT,
      AT(port),
      .value_name = "N",
      .least = 1,
      .most = 65535,
      .help = "local: port of the load balancer; without it a free one" },
    { .name = "service-time",
      .kind = OPTION_DURATION,
      AT(service_time_ns),
      .value_name = "TIME",
      .help = "local: service time of every instance, constant, instead of that of its type" },
    { .name = "credit-speed",
      .kind = OPTION_REAL,
      AT(credit_speed),
      .value_name = "FACTOR",
      .fallback = "1",
      .help = "local: how many times faster CPU credits are spent and earned" },
    { .name = "drained",
      .kind = OPTION_FLAG,
      AT(drained),
      .help = "local: instances start without CPU credits" },
    { .name = "timeout",
      .kind = OPTION_DURATION,
      AT(timeout_ns),
      .value_name = "TIME",
      .least = 1,
      .most = UINT64_C(3600000000000),
      .help = "How long to wait until all is healthy (default: local 20 s, aws 15 min)" },
    { .name = "dry-run",
      .kind = OPTION_FLAG,
      AT(dry_run),
      .help = "Check everything, print the plan, create nothing" },
    REGION_ROW,
    PROFILE_ROW,
    { .name = "ami",
      .kind = OPTION_TEXT,
      AT(ami),
      .value_name = "ID",
      .help = "aws: image, instead of the topology's" },
    { .name = "vpc",
      .kind = OPTION_TEXT,
      AT(vpc),
      .value_name = "ID",
      .help = "aws: VPC, instead of the default one" },
    { .name = "subnets",
      .kind = OPTION_TEXT,
      AT(subnets),
      .value_name = "ID,ID",
      .help = "aws: subnets of the load balancer and the instances, in two zones or more" },
    { .name = "key",
      .kind = OPTION_TEXT,
      AT(key),
      .value_name = "NAME",
      .help = "aws: key pair, instead of the topology's; an empty name is none" },
    { .name = "my-address",
      .kind = OPTION_TEXT,
      AT(my_address),
      .value_name = "IPV4",
      .help = "aws: address that `caller` in the ingress stands for; without it AWS is asked" },
    { .name = "any-number",
      .kind = OPTION_FLAG,
      AT(any_number),
      .help = "aws: do not hold back at the nine running instances that a Learner Lab may have" },
    PROGRESS_ROW,
    { 0 },
};

static const struct option_row status_rows[] = { DEPLOYMENT_ROW, PROFILE_ROW, { 0 } };

static const struct option_row metrics_rows[] = {
    DEPLOYMENT_ROW,
    { .name = "run",
      .kind = OPTION_TEXT,
      AT(run),
      .value_name = "DIR",
      .fallback = "results/latest",
      .help = "The run folder whose window is asked for and that cloudwatch.csv is written into" },
    PROFILE_ROW,
    PROGRESS_ROW,
    { 0 },
};

static const struct option_row down_rows[] = {
    DEPLOYMENT_ROW,
    { .name = "keep-log",
      .kind = OPTION_TEXT,
      AT(keep_log),
      .value_name = "FILE",
      .help = "local: keep the load balancer's access log as FILE" },
    { .name = "lost",
      .kind = OPTION_FLAG,
      AT(lost),
      .help = "aws: find what is left by its tags, without a deployment file" },
    { .name = "run-id",
      .kind = OPTION_TEXT,
      AT(run_id),
      .value_name = "ID",
      .help = "aws: with --lost, which run to remove where there are several" },
    PROVIDER_ROW,
    REGION_ROW,
    PROFILE_ROW,
    PROGRESS_ROW,
    { 0 },
};

static const struct command up_command = {
    .name = "loadgen provision up",
    .synopsis = "[TOPOLOGY] [options]",
    .summary = "Bring up a topology: clusters of instances behind one load balancer",
    .rows = up_rows,
    .details = "TOPOLOGY is a file or the name of a shipped one (default " TOPOLOGY_DEFAULT ").",
};
static const struct command status_command = {
    .name = "loadgen provision status",
    .synopsis = "[options]",
    .summary = "Tell what is up and how it is",
    .rows = status_rows,
};
static const struct command metrics_command = {
    .name = "loadgen provision metrics",
    .synopsis = "[options]",
    .summary = "Write what the provider measured during a run into its folder, as cloudwatch.csv",
    .rows = metrics_rows,
};
static const struct command down_command = {
    .name = "loadgen provision down",
    .synopsis = "[options]",
    .summary = "Take down what `up` brought up, and nothing else",
    .rows = down_rows,
};

static volatile int interrupted; /* the number of the signal that came */

static void on_signal(int number)
{
    interrupted = number;
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* One subcommand at work. */
struct job {
    struct settings settings;
    struct options_result options;
    const struct command *command;
    struct lock lock;
    struct deployment deployment;
    struct topology topology;
    struct progress progress;
    struct provider_context context;
    const struct provider *provider;
};

static int job_init(struct job *j, const struct command *command, int argc, char *const argv[],
                    size_t n_arguments, struct err *e)
{
    *j = (struct job){ .command = command, .lock = { .fd = -1 } };
    if (options_parse(command, &j->settings, argc, argv, &j->options, e))
        return -1;
    if (j->options.n_positional > n_arguments)
        return err_set(e, ERR_INPUT, "%s takes %s, not '%s'", command->name,
                       n_arguments ? "one topology" : "options only", j->options.positional[n_arguments]);
    j->settings.app_given = options_given(command, &j->options, "app");
    j->settings.service_time_given = options_given(command, &j->options, "service-time");
    j->provider = providers[j->settings.provider];
    progress_init(&j->progress, stderr, (enum progress_mode)j->settings.progress, clock_monotonic_ns());
    j->context = (struct provider_context){
        .settings = &j->settings,
        .path = j->settings.deployment,
        .deployment = &j->deployment,
        .progress = &j->progress,
        .interrupted = &interrupted,
    };
    return 0;
}

/* Turns the outcome into the exit code: an interruption is 130 whatever came of it. */
static int job_fini(struct job *j, int status, struct err *e)
{
    progress_end(&j->progress);
    lock_release(&j->lock);
    deployment_fini(&j->deployment);
    options_fini(j->command, &j->settings, &j->options);
    if (status < 0 && interrupted) {
        fprintf(stderr, "loadgen provision: %s\n", e->text);
        return EXIT_CODE_INTERRUPTED;
    }
    return status < 0 ? -1 : EXIT_CODE_DONE;
}

/* 1 loaded, 0 no such file, -1 broken. The provider of the file replaces that of the option. */
static int load(struct job *j, struct err *e)
{
    const int found = deployment_load(&j->deployment, j->settings.deployment, e);
    if (found != 1)
        return found;
    j->context.existing = true;
    for (size_t i = 0; provider_names[i]; i++)
        if (strcmp(provider_names[i], j->deployment.provider) == 0) {
            j->provider = providers[i];
            return 1;
        }
    return err_set(e, ERR_INPUT, "%s is of the provider '%s', which this program does not have",
                   j->settings.deployment, j->deployment.provider);
}

/* An option that repeats the default of the file's path is left out of what people are told to type. */
static void print_down_command(const struct job *j)
{
    if (strcmp(j->settings.deployment, DEPLOYMENT_DEFAULT) == 0)
        puts("to take it down: loadgen provision down");
    else
        printf("to take it down: loadgen provision down --deployment %s\n", j->settings.deployment);
}

static int load_topology(struct job *j, struct err *e)
{
    char path[PATH_MAX];
    const char *given = j->options.n_positional ? j->options.positional[0] : NULL;
    const char *name = given ? given : j->context.existing ? j->deployment.topology : TOPOLOGY_DEFAULT;
    if (paths_shipped("topology", "provision/topologies", name, path, sizeof path, e) ||
        topology_load(&j->topology, path, e))
        return -1;
    j->context.topology = &j->topology;
    return 0;
}

static int refuse_other(const struct job *j, struct err *e)
{
    const struct deployment *d = &j->deployment;
    const bool other_provider = options_given(j->command, &j->options, "provider") &&
                                strcmp(provider_names[j->settings.provider], d->provider) != 0;
    if (!other_provider && strcmp(d->topology, j->topology.name) == 0)
        return 0;
    return err_set(e, ERR_INPUT,
                   "%s already holds %s (%s, %s): take that down first, or name another file by --deployment",
                   j->settings.deployment, d->topology, d->provider, deployment_states[d->state]);
}

static int up(struct job *j, struct err *e)
{
    const char *app = j->provider->app ? j->provider->app : settings_apps[j->settings.app];
    if (lock_take(&j->lock, j->settings.deployment, e))
        return -1;
    const int found = load(j, e);
    if (found < 0 || load_topology(j, e) || (found && refuse_other(j, e)))
        return -1;
    if (!found &&
        deployment_init(&j->deployment, &j->topology, j->provider->name, app, clock_realtime_ns(), e))
        return -1;
    if (j->provider->up(&j->context, e))
        return -1;
    progress_end(&j->progress);
    if (!j->settings.dry_run)
        print_down_command(j);
    return 0;
}

static int run_up(int argc, char *const argv[], struct err *e)
{
    struct job j;
    catch_signals();
    const int status = job_init(&j, &up_command, argc, argv, 1, e) ? -1 : up(&j, e);
    return job_fini(&j, status, e);
}

static int status(struct job *j, struct err *e)
{
    const int found = load(j, e);
    if (found == 0)
        printf("nothing is up: there is no %s\n", j->settings.deployment);
    return found == 1 ? j->provider->status(&j->context, e) : found;
}

static int run_status(int argc, char *const argv[], struct err *e)
{
    struct job j;
    const int code = job_init(&j, &status_command, argc, argv, 0, e) ? -1 : status(&j, e);
    return job_fini(&j, code, e);
}

static int metrics(struct job *j, struct err *e)
{
    const int found = load(j, e);
    if (found == 0)
        return err_set(e, ERR_INPUT, "there is no %s: metrics are those of a deployment",
                       j->settings.deployment);
    return found == 1 ? j->provider->metrics(&j->context, e) : -1;
}

static int run_metrics(int argc, char *const argv[], struct err *e)
{
    struct job j;
    catch_signals();
    const int code = job_init(&j, &metrics_command, argc, argv, 0, e) ? -1 : metrics(&j, e);
    return job_fini(&j, code, e);
}

static int down(struct job *j, struct err *e)
{
    if (j->settings.lost) {
        if (j->provider->down_lost)
            return j->provider->down_lost(&j->context, e);
        return err_set(e, ERR_INPUT, "--lost is for --provider aws: the %s provider has nothing to search by",
                       j->provider->name);
    }
    if (access(j->settings.deployment, F_OK) < 0 && errno == ENOENT) {
        printf("nothing to take down: there is no %s\n", j->settings.deployment);
        return 0;
    }
    if (lock_take(&j->lock, j->settings.deployment, e))
        return -1;
    const int found = load(j, e);
    if (found < 0 || (found && j->provider->down(&j->context, e)))
        return -1;
    if (unlink(j->settings.deployment) < 0 && errno != ENOENT)
        return err_errno(e, ERR_FAILED, "cannot remove %s", j->settings.deployment);
    progress_end(&j->progress);
    puts("nothing is left");
    return 0;
}

static int run_down(int argc, char *const argv[], struct err *e)
{
    struct job j;
    catch_signals();
    const int code = job_init(&j, &down_command, argc, argv, 0, e) ? -1 : down(&j, e);
    return job_fini(&j, code, e);
}

const struct subcommand commands_table[] = {
    { "up", &up_command, run_up },
    { "status", &status_command, run_status },
    { "metrics", &metrics_command, run_metrics },
    { "down", &down_command, run_down },
    { 0 },
};
