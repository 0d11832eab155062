#include "local.h"

#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "files.h"
#include "local_needs.h"
#include "local_start.h"
#include "local_state.h"
#include "local_tls.h"
#include "local_wait.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "term.h"
#include "topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_plan(const struct provider_context *c)
{
    const struct topology *t = c->topology;
    printf("%s on this machine:\n", t->name);
    for (size_t i = 0; i < t->n_clusters; i++)
        printf("  %-12s %u x %-12s %s  %s and below\n", t->clusters[i].name, t->clusters[i].count,
               t->clusters[i].instance_type, t->clusters[i].zone, t->clusters[i].path);
    const bool is_tls = c->settings->tls || t->listener.protocol == TOPOLOGY_HTTPS;
    printf("  %u processes of the %s and HAProxy, %s%s; nothing is created, since this is a dry run\n",
           topology_n_instances(t), c->settings->app == SETTINGS_FLASK ? "Flask app" : "emulator",
           topology_algorithms[t->algorithm], is_tls ? ", HTTPS" : "");
}

/* Ids like EC2's: "i-" and 17 hexadecimal digits. */
static int draw_instances(struct provider_context *c, struct err *e)
{
    for (size_t k = 0; k < c->topology->n_clusters; k++) {
        const struct topology_cluster *cluster = &c->topology->clusters[k];
        for (unsigned i = 0; i < cluster->count; i++) {
            struct deployment_instance n = { .address = "127.0.0.1" };
            uint64_t random[2];
            if (TEMP_FAILURE_RETRY(getrandom(random, sizeof random, 0)) != (ssize_t)sizeof random)
                return err_errno(e, ERR_FAILED, "cannot draw instance ids");
            snprintf(n.id, sizeof n.id, "i-%016llx%llx", (unsigned long long)random[0],
                     (unsigned long long)(random[1] & 15));
            memcpy(n.cluster, cluster->name, sizeof n.cluster);
            memcpy(n.instance_type, cluster->instance_type, sizeof n.instance_type);
            memcpy(n.zone, cluster->zone, sizeof n.zone);
            if (deployment_add_instance(c->deployment, &n, e))
                return -1;
        }
    }
    return 0;
}

static int record(struct provider_context *c, const char *kind, const char *role, const char *id,
                  struct err *e)
{
    return deployment_add_resource(c->deployment, kind, role, id, e) &&
                   deployment_save(c->deployment, c->path, e) == 0
               ? 0
               : -1;
}

static int make_work_folder(struct provider_context *c, struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    char log[LOCAL_PATH_BYTES];
    const char *chosen = getenv("TMPDIR");
    char *parent = realpath(chosen && *chosen ? chosen : "/tmp", NULL);
    if (!parent)
        return err_errno(e, ERR_FAILED, "cannot use the folder for temporary files %s",
                         chosen && *chosen ? chosen : "/tmp");
    snprintf(path, sizeof path, "%s/loadgen-%s", parent, c->deployment->run_id);
    free(parent);
    if (strlen(path) > 70) /* a Unix socket's path has at most 107 characters */
        return err_set(e, ERR_FAILED,
                       "the path %s is too long for the sockets in it; set TMPDIR to a shorter one", path);
    if (record(c, "folder", "work", path, e) ||
        record(c, "log", "access", local_path(c->deployment, LOCAL_ACCESS_LOG, log), e))
        return -1;
    return mkdir(path, 0700) < 0 ? err_errno(e, ERR_FAILED, "cannot make the folder %s", path) : 0;
}

/* For HTTPS: HAProxy's certificate, and the authority that runs trust. */
static int make_certificates(struct deployment *d, struct err *e)
{
    char certificate[LOCAL_PATH_BYTES];
    if (d->listener.protocol != TOPOLOGY_HTTPS)
        return 0;
    local_path(d, LOCAL_CA, d->ca_file);
    return local_tls_write(d->ca_file, local_path(d, LOCAL_CERTIFICATE, certificate), clock_realtime_ns(), e);
}

static void print_up(const struct deployment *d, const char *how)
{
    printf("%s  %s  %s: %zu instances in %zu clusters%s\n", d->topology, how, d->url, d->n_instances,
           d->n_clusters, d->emulated ? " (emulated)" : "");
    if (!d->ca_file[0])
        return;
    fputs("runs on it trust its certificate; for other programs: curl --cacert ", stdout);
    term_word(stdout, d->ca_file);
    printf(" %s%s\n", d->url, d->clusters[0].is.path);
}

/* A second `up`: 1 nothing to do, 0 start anew, -1 the user must decide. */
static int look_at_existing(struct provider_context *c, struct err *e)
{
    unsigned n;
    unsigned n_alive;
    local_count(c->deployment, &n, &n_alive);
    if (c->deployment->state != DEPLOYMENT_UP) {
        status_lines_print(c->lines, "an earlier one was left %s: it is removed first",
                           deployment_states[c->deployment->state]);
        if (local_remove(c, e))
            return -1;
        unlink(c->path);
        return 0;
    }
    if (n_alive < n)
        return err_set(e, ERR_FAILED,
                       "%s is up, but %u of its %u processes have ended: `loadgen provision status` shows "
                       "them, `loadgen provision revive` starts an instance again, or `loadgen provision "
                       "down` clears up, then `up` starts anew",
                       c->deployment->topology, n - n_alive, n);
    print_up(c->deployment, "is already up");
    return 1;
}

static int start_anew(struct provider_context *c, struct err *e)
{
    deployment_fini(c->deployment);
    return deployment_init(c->deployment, c->topology, "local", settings_apps[c->settings->app],
                           clock_realtime_ns(), e) ||
                   deployment_set_asked(c->deployment, c->asked, e)
               ? -1
               : 0;
}

/* What --port and --tls stand for, where they were left out. */
static int record_asked(struct deployment *d, struct err *e)
{
    char port[16];
    snprintf(port, sizeof port, "%u", d->balancer.port);
    if (deployment_resource_set(&d->asked, "--port", port, e))
        return -1;
    return d->listener.protocol == TOPOLOGY_HTTPS ? deployment_resource_set(&d->asked, "--tls", "true", e)
                                                  : 0;
}

static int bring_up(struct provider_context *c, int listen_fd, struct err *e)
{
    c->deployment->emulated = c->settings->app == SETTINGS_EMULATOR;
    if (record_asked(c->deployment, e) || draw_instances(c, e) ||
        deployment_save(c->deployment, c->path, e) || make_work_folder(c, e) ||
        make_certificates(c->deployment, e))
        return -1;
    if (local_start_instances(c, e) || local_wait_ports(c, e) || deployment_save(c->deployment, c->path, e))
        return -1;
    if (local_start_balancer(c, listen_fd, e) || local_wait_healthy(c, e))
        return -1;
    c->deployment->state = DEPLOYMENT_UP;
    return deployment_save(c->deployment, c->path, e);
}

/* Removes what was started; `e` keeps the first error. */
static void take_back(struct provider_context *c, struct err *e)
{
    struct err second = { ERR_NONE, "" };
    char first[ERR_TEXT_BYTES];
    c->deployment->state = DEPLOYMENT_FAILED;
    memcpy(first, e->text, sizeof first);
    if (local_remove(c, &second) == 0) {
        unlink(c->path);
        err_set(e, e->kind, "%s; everything was taken back", first);
    } else {
        err_set(e, e->kind, "%s; and %s; `loadgen provision down` tries again", first, second.text);
    }
}

/* A certificate that the topology names is AWS's: the lab makes its own. */
static void choose_protocol(struct provider_context *c)
{
    struct topology_listener *l = &c->deployment->listener;
    if (c->settings->tls)
        l->protocol = TOPOLOGY_HTTPS;
    l->certificate[0] = l->server_name[0] = '\0';
}

int local_up(struct provider_context *c, struct err *e)
{
    if (c->settings->dry_run) {
        print_plan(c);
        return 0;
    }
    if (c->existing) {
        const int done = look_at_existing(c, e);
        if (done != 0)
            return done < 0 ? -1 : 0;
        if (start_anew(c, e))
            return -1;
    }
    if (local_check_needs((enum settings_app)c->settings->app, e))
        return -1;
    choose_protocol(c);
    const int listen_fd = local_listen(c, e);
    if (listen_fd < 0)
        return -1;
    const int status = bring_up(c, listen_fd, e);
    close(listen_fd);
    if (status) {
        take_back(c, e);
        return -1;
    }
    print_up(c->deployment, "is up");
    return 0;
}
