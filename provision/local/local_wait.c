#include "local_wait.h"

#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "haproxy.h"
#include "http_fetch.h"
#include "local_state.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "topology.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POLL_NS         (20 * NS_PER_MS)
#define TIMEOUT_DEFAULT (30 * NS_PER_S)

enum { LOG_LINES_SHOWN = 4 };

static uint64_t deadline_of(const struct provider_context *c)
{
    return c->lines->started_ns + (c->settings->timeout_ns ? c->settings->timeout_ns : TIMEOUT_DEFAULT);
}

/* Sleeps a little; -1 when interrupted or at the deadline. */
static int pause_or_give_up(const struct provider_context *c, struct err *e)
{
    const struct timespec little = { .tv_nsec = POLL_NS };
    char text[UNITS_TEXT_BYTES];
    if (*c->interrupted)
        return err_set(e, ERR_FAILED, "interrupted");
    if (clock_monotonic_ns() > deadline_of(c))
        return err_set(e, ERR_FAILED, "not everything was ready within %s",
                       units_duration_text(deadline_of(c) - c->lines->started_ns, text));
    nanosleep(&little, NULL);
    return 0;
}

/* The last lines that a process wrote, joined by " | "; empty when it wrote none. */
static void last_words(const struct deployment *d, const char *log, char *out, size_t out_bytes)
{
    char path[LOCAL_PATH_BYTES];
    char lines[LOG_LINES_SHOWN][200];
    size_t n = 0;
    size_t used = 0;
    FILE *f = fopen(local_path(d, log, path), "re");
    out[0] = '\0';
    while (f && fgets(lines[n % LOG_LINES_SHOWN], sizeof lines[0], f))
        n++;
    if (f)
        fclose(f);
    for (size_t i = n > LOG_LINES_SHOWN ? n - LOG_LINES_SHOWN : 0; i < n && used < out_bytes; i++) {
        const char *line = lines[i % LOG_LINES_SHOWN];
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%.*s", used ? " | " : "",
                                 (int)strcspn(line, "\r\n"), line);
    }
}

static int fail_ended(const struct deployment *d, const char *who, const char *log, struct err *e)
{
    char words[600];
    last_words(d, log, words, sizeof words);
    return err_set(e, ERR_FAILED, "%s ended at once%s%s", who, words[0] ? "; its last words: " : "", words);
}

static int check_alive(const struct deployment *d, struct err *e)
{
    char log[DEPLOYMENT_WORD_BYTES + 8];
    for (size_t i = 0; i < d->n_instances; i++)
        if (!local_is_alive(d, "instance", d->instances[i].id)) {
            snprintf(log, sizeof log, "%s.err", d->instances[i].id);
            return fail_ended(d, d->instances[i].id, log, e);
        }
    if (deployment_find_resource(d, "process", "balancer") && !local_is_alive(d, "balancer", NULL))
        return fail_ended(d, "HAProxy", LOCAL_EVENT_LOG, e);
    return 0;
}

/* The first line of an instance's output is its port. */
static bool read_port(const struct deployment *d, struct deployment_instance *n)
{
    char name[DEPLOYMENT_WORD_BYTES + 8];
    char path[LOCAL_PATH_BYTES];
    char line[32];
    snprintf(name, sizeof name, "%s.out", n->id);
    FILE *f = fopen(local_path(d, name, path), "re");
    const bool whole = f && fgets(line, sizeof line, f) && strchr(line, '\n');
    if (f)
        fclose(f);
    return whole && sscanf(line, "%u", &n->port) == 1;
}

int local_wait_ports(struct provider_context *c, struct err *e)
{
    struct deployment *d = c->deployment;
    char what[STATUS_LINES_TEXT_BYTES];
    local_describe(c->topology, what, sizeof what);
    for (;;) {
        unsigned n_known = 0;
        for (size_t i = 0; i < d->n_instances; i++)
            n_known += d->instances[i].port > 0 || read_port(d, &d->instances[i]);
        status_lines_set(c->lines, "instances", n_known, (unsigned)d->n_instances, "running",
                         clock_monotonic_ns(), "%s", what);
        if (n_known == d->n_instances)
            return 0;
        if (check_alive(d, e) || pause_or_give_up(c, e))
            return -1;
    }
}

static unsigned count_healthy(const struct deployment *d, const struct haproxy_target *targets, char *waiting,
                              size_t waiting_bytes)
{
    unsigned n = 0;
    size_t used = 0;
    waiting[0] = '\0';
    for (size_t i = 0; i < d->n_instances; i++) {
        n += targets[i].healthy;
        if (!targets[i].healthy && used < waiting_bytes)
            used += (size_t)snprintf(waiting + used, waiting_bytes - used, "%s%s (%s)",
                                     used ? ", " : "waiting for ", d->instances[i].id, targets[i].reason);
    }
    return n;
}

static int wait_targets(struct provider_context *c, struct haproxy_target *targets, struct err *e)
{
    struct deployment *d = c->deployment;
    char path[LOCAL_PATH_BYTES];
    char waiting[STATUS_LINES_TEXT_BYTES];
    for (;;) {
        struct err not_yet = { ERR_NONE, "" };
        unsigned n = 0;
        if (haproxy_look(d, local_path(d, LOCAL_BALANCER_SOCKET, path), targets, &not_yet) == 0)
            n = count_healthy(d, targets, waiting, sizeof waiting);
        else
            snprintf(waiting, sizeof waiting, "waiting for the load balancer");
        status_lines_set(c->lines, "targets", n, (unsigned)d->n_instances, "healthy", clock_monotonic_ns(),
                         "%s", waiting);
        if (n == d->n_instances)
            return 0;
        if (check_alive(d, e))
            return -1;
        if (pause_or_give_up(c, e))
            return err_prefix(e, "%s", waiting);
    }
}

/* Each cluster must answer with one of its own instances through the load balancer's URL. */
static int check_cluster(const struct deployment *d, const struct deployment_cluster *cluster, struct err *e)
{
    char url[DEPLOYMENT_URL_BYTES + TOPOLOGY_PATH_BYTES];
    char body[512];
    long status;
    snprintf(url, sizeof url, "%s%s", d->url, cluster->is.path);
    if (http_fetch(&(struct http_request){ .url = url, .ca_bundle = d->ca_file }, body, sizeof body, &status,
                   e))
        return -1;
    for (size_t i = 0; i < d->n_instances; i++)
        if (status == 200 && strcmp(d->instances[i].cluster, cluster->is.name) == 0 &&
            strstr(body, d->instances[i].id))
            return 0;
    return err_set(e, ERR_FAILED, "%s answered with status %ld and not with an instance of %s: %.100s", url,
                   status, cluster->is.name, body);
}

int local_wait_healthy(struct provider_context *c, struct err *e)
{
    struct deployment *d = c->deployment;
    struct haproxy_target *targets = calloc(d->n_instances, sizeof *targets);
    char path[LOCAL_PATH_BYTES];
    int status = targets ? wait_targets(c, targets, e) : err_set(e, ERR_FAILED, "out of memory");
    free(targets);
    haproxy_version(local_path(d, LOCAL_BALANCER_SOCKET, path), d->balancer.version,
                    sizeof d->balancer.version);
    for (size_t i = 0; i < d->n_clusters && status == 0; i++)
        status = check_cluster(d, &d->clusters[i], e);
    return status;
}

int local_wait_instance(struct provider_context *c, const struct deployment_instance *n, struct err *e)
{
    const struct deployment *d = c->deployment;
    char url[DEPLOYMENT_URL_BYTES + TOPOLOGY_PATH_BYTES];
    char log[DEPLOYMENT_WORD_BYTES + 8];
    char body[512];
    snprintf(url, sizeof url, "http://%s:%u%s", n->address, n->port, d->health_check.path);
    snprintf(log, sizeof log, "%s.err", n->id);
    for (;;) {
        struct err not_yet;
        long status = 0;
        if (http_fetch(&(struct http_request){ .url = url }, body, sizeof body, &status, &not_yet) == 0 &&
            status == (long)d->health_check.expect_status)
            return 0;
        if (!local_is_alive(d, "instance", n->id))
            return fail_ended(d, n->id, log, e);
        if (pause_or_give_up(c, e))
            return err_prefix(e, "%s does not answer its health check", n->id);
    }
}

int local_wait_worker(struct provider_context *c, long old, struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    char words[600];
    local_path(c->deployment, LOCAL_BALANCER_SOCKET, path);
    for (;;) {
        const long worker = haproxy_worker(path);
        if (worker > 0 && worker != old)
            return 0;
        if (!local_is_alive(c->deployment, "balancer", NULL))
            return fail_ended(c->deployment, "HAProxy", LOCAL_EVENT_LOG, e);
        if (pause_or_give_up(c, e)) {
            last_words(c->deployment, LOCAL_EVENT_LOG, words, sizeof words);
            return err_prefix(e, "HAProxy goes on with its old worker, whose last words are: %s", words);
        }
    }
}
