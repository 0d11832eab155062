#include "provision_commands.h"

#include "asked.h"
#include "aws.h"
#include "clock.h"
#include "command_tables.h"
#include "deployment.h"
#include "local.h"
#include "lock.h"
#include "paths.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "stop.h"
#include "term.h"
#include "topology.h"
#include "topology_price.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In the order of command_providers. */
static const struct provider *const providers[] = { &provider_local, &provider_aws };

/* One subcommand at work. */
struct job {
    struct settings settings;
    struct options_result options;
    const struct command *command;
    struct lock lock;
    struct deployment deployment;
    struct topology topology;
    struct deployment_resource asked; /* `up` only */
    struct status_lines lines;
    struct provider_context context;
    const struct provider *provider;
    char down[2 * PATH_MAX];       /* the command that takes it down */
    char last_words[3 * PATH_MAX]; /* of a second Ctrl-C */
};

static void add_option(FILE *out, const char *name, const char *value)
{
    fprintf(out, " --%s ", name);
    term_word(out, value);
}

/* The command that takes this deployment down, without options that only repeat a default. */
static int set_down_command(struct job *j, struct err *e)
{
    FILE *out = fmemopen(j->down, sizeof j->down, "w");
    if (!out)
        return err_set(e, ERR_FAILED, "out of memory");
    fputs("loadgen provision down", out);
    if (strcmp(j->settings.deployment, COMMAND_DEPLOYMENT_DEFAULT) != 0)
        add_option(out, "deployment", j->settings.deployment);
    if (j->settings.profile)
        add_option(out, "profile", j->settings.profile);
    fclose(out);
    return 0;
}

/* A shell variable that is not set makes an empty value; for --key it means none. */
static void note_empty(void *payload, const char *name, const char *value)
{
    const char **empty = payload;
    if (value && !*value && strcmp(name, "key") != 0)
        *empty = name;
}

static int job_init(struct job *j, const struct command *command, int argc, char *const argv[],
                    size_t n_arguments, struct err *e)
{
    *j = (struct job){ .command = command, .lock = { .fd = -1 } };
    if (options_parse(command, &j->settings, argc, argv, &j->options, e))
        return -1;
    if (j->options.n_positional > n_arguments)
        return err_set(e, ERR_INPUT, "%s takes %s, not '%s'", command->name,
                       !n_arguments             ? "options only"
                       : command == &command_up ? "one topology"
                                                : "one instance",
                       j->options.positional[n_arguments]);
    const char *empty = NULL;
    options_visit(command, &j->settings, note_empty, &empty);
    if (empty)
        return err_set(e, ERR_INPUT, "the value of --%s is empty", empty);
    j->settings.service_time_given = options_given(command, &j->options, "service-time");
    j->provider = providers[j->settings.provider];
    status_lines_init(&j->lines, stderr, (enum status_lines_mode)j->settings.progress, clock_monotonic_ns());
    j->context = (struct provider_context){
        .settings = &j->settings,
        .down = j->down,
        .path = j->settings.deployment,
        .deployment = &j->deployment,
        .lines = &j->lines,
        .interrupted = stop_flag(),
    };
    return set_down_command(j, e);
}

/* Sets the message of a second Ctrl-C; call before anything is created. `usd_per_hour` is the most that it
 * can cost. */
static void job_set_last_words(struct job *j, const char *what, double usd_per_hour)
{
    char cost[64] = "";
    if (j->provider->add_left && usd_per_hour > 0)
        snprintf(cost, sizeof cost, " and costs up to %.2f USD an hour", usd_per_hour);
    snprintf(j->last_words, sizeof j->last_words,
             "loadgen provision: ended at once; what %s is recorded%s: `%s` removes it\n", what, cost,
             j->down);
    stop_last_words(j->last_words);
}

static void job_fini(struct job *j)
{
    stop_last_words(NULL);
    status_lines_end(&j->lines);
    lock_release(&j->lock);
    deployment_fini(&j->deployment);
    deployment_resource_fini(&j->asked);
    options_fini(j->command, &j->settings, &j->options);
}

/* An option of another provider would be ignored silently. */
static int check_options(const struct job *j, struct err *e)
{
    const struct option_row *row;
    for (size_t i = 0; (row = options_row(j->command, i)) != NULL; i++) {
        const char *group = options_group(j->command, i);
        for (size_t k = 0; group && command_groups[k]; k++)
            if (strcmp(group, command_groups[k]) == 0 && options_given(j->command, &j->options, row->name) &&
                strcmp(j->provider->name, command_providers[k]) != 0)
                return err_set(e, ERR_INPUT, "--%s is for --provider %s", row->name, command_providers[k]);
    }
    return 0;
}

/* A run's copy lacks what identifies the rest, so that `down` would leave it running. */
static int refuse_copy(const struct job *j, struct err *e)
{
    const struct deployment *d = &j->deployment;
    return err_set(e, ERR_INPUT,
                   "%s is a run's copy of a deployment file, without what %s needs: name the file itself by "
                   "--deployment; if that is lost, `loadgen provision down --lost --provider %s --region %s "
                   "--run-id %s` removes what is left",
                   j->settings.deployment, j->command->name, d->provider, d->region, d->run_id);
}

/* 1 loaded, 0 no such file, -1 broken. The provider in the file overrides the option. */
static int load(struct job *j, struct err *e)
{
    const int found = deployment_load(&j->deployment, j->settings.deployment, e);
    if (found < 0)
        err_append(e, "what is on AWS can be found without this file, by its tags: `loadgen provision down "
                      "--lost --provider aws` lists it");
    if (found != 1)
        return found;
    if (j->deployment.redacted && j->command != &command_metrics)
        return refuse_copy(j, e);
    j->context.existing = true;
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
        if (strcmp(providers[i]->name, j->deployment.provider) == 0) {
            j->provider = providers[i];
            return 1;
        }
    return err_set(e, ERR_INPUT, "%s is of the provider '%s', which this program does not have",
                   j->settings.deployment, j->deployment.provider);
}

static int load_topology(struct job *j, struct err *e)
{
    char path[PATH_MAX];
    const char *given = j->options.n_positional ? j->options.positional[0] : NULL;
    const char *name = given                 ? given
                       : j->context.existing ? j->deployment.topology
                                             : COMMAND_TOPOLOGY_DEFAULT;
    if (paths_shipped("topology", "provision/topologies", name, path, sizeof path, e))
        return given || !j->context.existing
                   ? -1
                   : err_append(e, "It is the one that %s was brought up from: name its file.",
                                j->settings.deployment);
    if (topology_load(&j->topology, path, j->provider->rules, e))
        return -1;
    j->context.topology = &j->topology;
    return 0;
}

static int refuse_other(const struct job *j, struct err *e)
{
    const struct deployment *d = &j->deployment;
    const bool other_provider = options_given(j->command, &j->options, "provider") &&
                                strcmp(command_providers[j->settings.provider], d->provider) != 0;
    if (!other_provider && strcmp(d->topology, j->topology.name) == 0)
        return 0;
    return err_set(e, ERR_INPUT,
                   "%s already holds %s (%s, %s): take that down first (`%s`), or name another file by "
                   "--deployment",
                   j->settings.deployment, d->topology, d->provider, deployment_states[d->state], j->down);
}

static void add_left(const struct job *j, struct err *e)
{
    if (j->provider->add_left)
        j->provider->add_left(&j->context, clock_realtime_ns(), e);
}

/* Loads the deployment, or starts a fresh one, for what is asked. */
static int ask(struct job *j, struct err *e)
{
    const int found = load(j, e);
    if (found < 0 || load_topology(j, e) || (found && refuse_other(j, e)) || check_options(j, e))
        return -1;
    if (asked_read(&j->asked, &j->topology, j->command, &j->settings, &j->options, j->provider->name, e))
        return -1;
    j->context.asked = &j->asked;
    const struct deployment *d = &j->deployment;
    if (found)
        return (j->provider->resumes && d->state != DEPLOYMENT_REMOVING) || d->state == DEPLOYMENT_UP
                   ? asked_compare(&j->asked, d, j->settings.deployment, j->down, j->command, &j->options, e)
                   : 0;
    const char *app = j->provider->app ? j->provider->app : settings_apps[j->settings.app];
    return deployment_init(&j->deployment, &j->topology, j->provider->name, app, clock_realtime_ns(), e) ||
                   deployment_set_asked(&j->deployment, &j->asked, e)
               ? -1
               : 0;
}

static int try_up(struct job *j, struct err *e)
{
    if ((!j->settings.dry_run && lock_take(&j->lock, j->settings.deployment, e)) || ask(j, e))
        return -1;
    if (!j->settings.dry_run)
        job_set_last_words(j, "was made", topology_price_usd_per_hour(&j->topology));
    return j->provider->up(&j->context, e);
}

/* A reader that has left, or a terminal that is gone, is no error; a full disk is. */
static int print_down_command(const struct job *j, struct err *e)
{
    printf("to take it down: %s\n", j->down);
    if (fflush(stdout) == 0 || errno == EPIPE || errno == EIO)
        return 0;
    return err_errno(e, ERR_FAILED, "%s is up, but the standard output cannot be written",
                     j->deployment.topology);
}

static int up(struct job *j, struct err *e)
{
    int status = try_up(j, e);
    status_lines_end(&j->lines);
    if (status == 0 && !j->settings.dry_run)
        status = print_down_command(j, e);
    if (status)
        add_left(j, e);
    return status;
}

/* Without the file this program knows of nothing, which may run all the same. */
static int print_no_file(const struct job *j, const char *so)
{
    printf("%s: there is no ", so);
    term_name(stdout, j->settings.deployment);
    puts("\nif it is lost: `loadgen provision down --lost --provider aws` lists what is on AWS");
    return 0;
}

static int status(struct job *j, struct err *e)
{
    const int found = load(j, e);
    if (found == 0)
        return print_no_file(j, "no deployment is recorded");
    return found < 0 || check_options(j, e) ? -1 : j->provider->status(&j->context, e);
}

static int metrics(struct job *j, struct err *e)
{
    const int found = load(j, e);
    if (found == 0)
        return err_set(e, ERR_INPUT, "there is no %s: metrics are those of a deployment",
                       j->settings.deployment);
    return found < 0 || check_options(j, e) ? -1 : j->provider->metrics(&j->context, e);
}

/* Removes the deployment file and prints what is left. Returns 0. */
static int remove_file(const struct job *j)
{
    const char *cause = unlink(j->settings.deployment) < 0 && errno != ENOENT ? strerror(errno) : NULL;
    fputs(cause ? "nothing is left but " : "nothing is left", stdout);
    if (cause)
        term_name(stdout, j->settings.deployment);
    if (cause)
        printf(", which cannot be removed: %s", cause);
    putchar('\n');
    return 0;
}

static int down(struct job *j, struct err *e)
{
    if (j->settings.run_id && !j->settings.lost)
        return err_set(e, ERR_INPUT, "--run-id is for --lost: without it the run of %s would be taken down",
                       j->settings.deployment);
    if (j->settings.lost)
        return check_options(j, e) ? -1 : j->provider->down_lost(&j->context, e);
    if (access(j->settings.deployment, F_OK) < 0 && errno == ENOENT)
        return print_no_file(j, "nothing to take down");
    if (lock_take(&j->lock, j->settings.deployment, e))
        return -1;
    const int found = load(j, e);
    job_set_last_words(j, "is left", j->deployment.price_usd_per_hour);
    if (found < 0 || (found && check_options(j, e)))
        return -1;
    if (found && j->provider->down(&j->context, e)) {
        add_left(j, e);
        return -1;
    }
    status_lines_end(&j->lines);
    return remove_file(j);
}

static const struct command *const disturbances[] = { [PROVIDER_KILL] = &command_kill,
                                                      [PROVIDER_STALL] = &command_stall,
                                                      [PROVIDER_REVIVE] = &command_revive,
                                                      [PROVIDER_RELOAD] = &command_reload };

/* Changes the deployment, and so takes the lock as `up` and `down` do. */
static int disturb(struct job *j, struct err *e)
{
    const char *instance = j->options.n_positional ? j->options.positional[0] : NULL;
    enum provider_disturbance what = PROVIDER_KILL;
    while (disturbances[what] != j->command)
        what++;
    if (what != PROVIDER_RELOAD && !instance)
        return err_set(e, ERR_INPUT, "%s needs an instance: `loadgen provision status` lists them",
                       j->command->name);
    if (access(j->settings.deployment, F_OK) < 0 && errno == ENOENT)
        return err_set(e, ERR_INPUT, "nothing is up: there is no %s", j->settings.deployment);
    if (lock_take(&j->lock, j->settings.deployment, e) || load(j, e) < 0)
        return -1;
    if (!j->provider->disturb)
        return err_set(e, ERR_INPUT, "%s is for the local lab, and %s is of %s", j->command->name,
                       j->settings.deployment, j->deployment.provider);
    if (j->deployment.state != DEPLOYMENT_UP)
        return err_set(e, ERR_INPUT, "%s is not up, but %s", j->settings.deployment,
                       deployment_states[j->deployment.state]);
    return j->provider->disturb(&j->context, what, instance, e);
}

/* Runs a subcommand that takes up to `n_arguments` arguments. */
static int run(const struct command *command, size_t n_arguments, int (*act)(struct job *j, struct err *e),
               int argc, char *const argv[], struct err *e)
{
    struct job j;
    stop_catch();
    const int status = job_init(&j, command, argc, argv, n_arguments, e) ? -1 : act(&j, e);
    job_fini(&j);
    return status;
}

#define RUN(name, n_arguments, act)                                                                          \
    static int run_##name(int argc, char *const argv[], struct err *e)                                       \
    {                                                                                                        \
        return run(&command_##name, n_arguments, act, argc, argv, e);                                        \
    }

RUN(up, 1, up)
RUN(status, 0, status)
RUN(metrics, 0, metrics)
RUN(down, 0, down)
RUN(kill, 1, disturb)
RUN(stall, 1, disturb)
RUN(revive, 1, disturb)
RUN(reload, 0, disturb)

const struct subcommand commands_table[] = {
    { .name = "up", .command = &command_up, .run = run_up },
    { .name = "status", .command = &command_status, .run = run_status },
    { .name = "metrics", .command = &command_metrics, .run = run_metrics },
    { .name = "down", .command = &command_down, .run = run_down },
    { .name = "kill", .command = &command_kill, .run = run_kill },
    { .name = "stall", .command = &command_stall, .run = run_stall },
    { .name = "revive", .command = &command_revive, .run = run_revive },
    { .name = "reload", .command = &command_reload, .run = run_reload },
    { 0 },
};
