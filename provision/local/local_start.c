#include "local_start.h"

#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "files.h"
#include "haproxy.h"
#include "local_needs.h"
#include "local_state.h"
#include "paths.h"
#include "process.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "text_out.h"
#include "topology.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ARGUMENTS_MOST = 40, ARGUMENT_BYTES_MOST = 65536, CONNECTIONS_MOST = 20000 };

int local_listen(struct provider_context *c, struct err *e)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)c->settings->port) };
    socklen_t length = sizeof address;
    const int yes = 1;
    struct deployment *d = c->deployment;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_errno(e, ERR_FAILED, "cannot make a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 || listen(fd, SOMAXCONN) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
        if (errno == EADDRINUSE)
            err_set(e, ERR_FAILED,
                    "port %" PRIu64
                    " of 127.0.0.1 is taken by another program: name a free one by --port, or "
                    "none for any free one",
                    c->settings->port);
        else
            err_errno(e, ERR_FAILED, "cannot listen on port %" PRIu64 " of 127.0.0.1", c->settings->port);
        close(fd);
        return -1;
    }
    d->balancer.port = ntohs(address.sin_port);
    d->listener.port = d->balancer.port;
    snprintf(d->balancer.kind, sizeof d->balancer.kind, "haproxy");
    snprintf(d->balancer.address, sizeof d->balancer.address, "127.0.0.1");
    snprintf(d->url, sizeof d->url, "%s://127.0.0.1:%u",
             d->listener.protocol == TOPOLOGY_HTTPS ? "https" : "http", d->balancer.port);
    return fd;
}

/* Prepares the process, records and saves it, and only then releases it. */
static int start(struct provider_context *c, const struct process_plan *plan, const char *role,
                 const char *name, struct err *e)
{
    struct process_start s;
    char pid[24];
    char ticks[24];
    if (process_prepare(plan, &s, e))
        return -1;
    snprintf(pid, sizeof pid, "%ld", (long)s.process.pid);
    snprintf(ticks, sizeof ticks, "%" PRIu64, s.process.started_ticks);
    struct deployment_resource *r = deployment_add_resource(c->deployment, "process", role, pid, e);
    if (!r || deployment_resource_set(r, "name", name, e) ||
        deployment_resource_set(r, "started_ticks", ticks, e) || deployment_save(c->deployment, c->path, e)) {
        process_cancel(&s);
        return -1;
    }
    return process_release(&s, e);
}

/* The file with an instance's arguments, NUL-terminated each, for `revive`. */
static const char *arguments_path(const struct deployment *d, const char *id, char *out)
{
    char name[DEPLOYMENT_WORD_BYTES + 8];
    snprintf(name, sizeof name, "%s.argv", id);
    return local_path(d, name, out);
}

static int save_arguments(const struct deployment *d, const char *id, const char *const *argv, struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    struct text_out text;
    if (text_out_begin(&text))
        for (size_t i = 0; argv[i]; i++)
            fwrite(argv[i], 1, strlen(argv[i]) + 1, text.file);
    char *bytes = text_out_end(&text);
    const int status = bytes ? files_write(arguments_path(d, id, path), bytes, text.length_bytes, 0600, e)
                             : err_set(e, ERR_FAILED, "out of memory");
    free(bytes);
    return status;
}

/* An argument list, with room for numbers as text. */
struct arguments {
    const char *argv[ARGUMENTS_MOST];
    size_t n;
    char numbers[16][32];
    size_t n_numbers;
};

static void add(struct arguments *a, const char *name, const char *value)
{
    a->argv[a->n++] = name;
    if (value)
        a->argv[a->n++] = value;
}

static void add_real(struct arguments *a, const char *name, double value)
{
    char *text = a->numbers[a->n_numbers++];
    snprintf(text, sizeof a->numbers[0], "%.17g", value);
    add(a, name, text);
}

static void add_duration(struct arguments *a, const char *name, uint64_t ns)
{
    char *text = a->numbers[a->n_numbers++];
    snprintf(text, sizeof a->numbers[0], "%" PRIu64 "ns", ns);
    add(a, name, text);
}

/* `index` is the instance's number in the deployment and the seed of its variation. */
static void emulator_arguments(const struct provider_context *c, size_t index, const char *control,
                               struct arguments *a)
{
    const struct settings *s = c->settings;
    const struct deployment_instance *n = &c->deployment->instances[index];
    const struct topology_cluster *cluster = &deployment_find_cluster(c->deployment, n->cluster)->is;
    const struct topology_type *type = &c->topology->types[cluster->type];
    add(a, "--id", n->id);
    add(a, "--path", cluster->path);
    add(a, "--control", control);
    add_real(a, "--vcpus", type->vcpus);
    add_real(a, "--seed", (double)index + 1);
    if (s->service_time_given) {
        add_duration(a, "--service-time", s->service_time_ns);
    } else {
        add_duration(a, "--service-time", type->emulation.service_time_ns);
        add_real(a, "--variation", type->emulation.variation);
    }
    if (!type->credits.limited || c->topology->credit_mode == TOPOLOGY_CREDITS_UNLIMITED)
        return;
    add_real(a, "--credits-per-hour", type->credits.earned_per_hour);
    add_real(a, "--credits-most", type->credits.most);
    add_real(a, "--baseline", type->credits.baseline_pct / 100);
    add_real(a, "--credits", s->drained ? 0 : type->credits.launch);
    add_real(a, "--credit-speed", s->credit_speed);
}

static void flask_arguments(const struct provider_context *c, size_t index, const char *app,
                            struct arguments *a)
{
    const struct deployment_instance *n = &c->deployment->instances[index];
    add(a, "-B", app);
    add(a, "--host", "127.0.0.1");
    add(a, "--port", "0");
    add(a, "--processes", "1"); /* an instance of the lab is one process, which `stall` and `kill` reach */
    add(a, "--instance", n->id);
    add(a, "--path", deployment_find_cluster(c->deployment, n->cluster)->is.path);
}

/* Appends to the instance's output files. */
static int start_recorded(struct provider_context *c, const char *id, const char *const *argv, struct err *e)
{
    char name[DEPLOYMENT_WORD_BYTES + 8];
    char out[LOCAL_PATH_BYTES];
    char err[LOCAL_PATH_BYTES];
    snprintf(name, sizeof name, "%s.out", id);
    local_path(c->deployment, name, out);
    snprintf(name, sizeof name, "%s.err", id);
    local_path(c->deployment, name, err);
    const struct process_plan plan = {
        .argv = argv, .stdout_path = out, .stderr_path = err, .inherited_fd = -1
    };
    return start(c, &plan, "instance", id, e);
}

static int start_instance(struct provider_context *c, size_t index, const char *program, const char *app,
                          struct err *e)
{
    const char *id = c->deployment->instances[index].id;
    char control[LOCAL_PATH_BYTES];
    struct arguments a = { .argv = { program }, .n = 1 };

    if (c->settings->app == SETTINGS_FLASK)
        flask_arguments(c, index, app, &a);
    else
        emulator_arguments(c, index, local_control_path(c->deployment, id, control), &a);
    return save_arguments(c->deployment, id, a.argv, e) || start_recorded(c, id, a.argv, e) ? -1 : 0;
}

int local_restart_instance(struct provider_context *c, const struct deployment_instance *n, struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    char *bytes;
    size_t length;
    struct arguments a = { .n = 0 };
    struct process p;
    if (files_read(arguments_path(c->deployment, n->id, path), ARGUMENT_BYTES_MOST, &bytes, &length, e))
        return -1;
    for (size_t at = 0; at < length && a.n < ARGUMENTS_MOST - 3; at += strlen(bytes + at) + 1)
        add(&a, bytes + at, NULL);
    char *port = a.numbers[a.n_numbers++];
    snprintf(port, sizeof a.numbers[0], "%u", n->port);
    add(&a, "--port", port); /* overrides an earlier --port */
    struct deployment_resource *old = local_find_process(c->deployment, "instance", n->id, &p);
    if (old)
        deployment_remove_resource(c->deployment, old);
    unlink(local_control_path(c->deployment, n->id, path)); /* left by a killed one */
    const int status = start_recorded(c, n->id, a.argv, e);
    free(bytes);
    return status;
}

int local_start_instances(struct provider_context *c, struct err *e)
{
    char program[LOCAL_PATH_BYTES];
    char app[LOCAL_PATH_BYTES] = "";
    char what[STATUS_LINES_TEXT_BYTES];
    const unsigned n = (unsigned)c->deployment->n_instances;

    snprintf(program, sizeof program, "%s", local_python());
    if (c->settings->app == SETTINGS_EMULATOR)
        paths_program("loadgen-emulator", program, sizeof program);
    else if (paths_data("provision/app/app.py", app, sizeof app))
        return err_set(e, ERR_FAILED, "cannot find provision/app/app.py, which belongs to this program");
    local_describe(c->topology, what, sizeof what);
    for (unsigned i = 0; i < n; i++) {
        if (*c->interrupted)
            return err_set(e, ERR_FAILED, "interrupted");
        if (start_instance(c, i, program, app, e))
            return -1;
        status_lines_set(c->lines, "instances", i + 1, n, "started", clock_monotonic_ns(), "%s", what);
    }
    return 0;
}

/* Two descriptors for each connection, and some for the rest. */
static unsigned most_connections(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max > 2 * CONNECTIONS_MOST + 200)
        return CONNECTIONS_MOST;
    return limit.rlim_max > 400 ? (unsigned)(limit.rlim_max - 200) / 2 : 100;
}

static int write_config(const struct provider_context *c, int listen_fd, const char *path, struct err *e)
{
    char socket_path[LOCAL_PATH_BYTES];
    char states_path[LOCAL_PATH_BYTES];
    char certificate_path[LOCAL_PATH_BYTES];
    const bool is_tls = c->deployment->listener.protocol == TOPOLOGY_HTTPS;
    const struct haproxy_plan plan = {
        .deployment = c->deployment,
        .listen_fd = listen_fd,
        .most_connections = most_connections(),
        .socket_path = local_path(c->deployment, LOCAL_BALANCER_SOCKET, socket_path),
        .states_path = local_path(c->deployment, LOCAL_SERVER_STATES, states_path),
        .certificate_path = is_tls ? local_path(c->deployment, LOCAL_CERTIFICATE, certificate_path) : NULL
    };
    FILE *out = fopen(path, "we");
    if (!out)
        return err_errno(e, ERR_FAILED, "cannot create %s", path);
    if (files_write(states_path, HAPROXY_NO_STATES, sizeof HAPROXY_NO_STATES - 1, 0600, e)) {
        fclose(out);
        return -1;
    }
    haproxy_write_config(&plan, out);
    return files_close(out, path, e);
}

/* In master-worker mode, so that `reload` can replace the worker. */
int local_start_balancer(struct provider_context *c, int listen_fd, struct err *e)
{
    char config[LOCAL_PATH_BYTES];
    char log[LOCAL_PATH_BYTES];
    char events[LOCAL_PATH_BYTES];
    const char *argv[] = { "haproxy", "-W", "-db", "-f", local_path(c->deployment, "haproxy.cfg", config),
                           NULL };
    const struct process_plan plan = { .argv = argv,
                                       .stdout_path = local_path(c->deployment, LOCAL_ACCESS_LOG, log),
                                       .stderr_path = local_path(c->deployment, LOCAL_EVENT_LOG, events),
                                       .inherited_fd = listen_fd };
    if (write_config(c, listen_fd, config, e) ||
        files_write(log, HAPROXY_LOG_HEADER "\n", sizeof HAPROXY_LOG_HEADER, 0600, e))
        return -1;
    if (start(c, &plan, "balancer", "haproxy", e))
        return -1;
    status_lines_set(c->lines, "load balancer", 0, 0, "started", clock_monotonic_ns(), "%s",
                     c->deployment->url);
    return 0;
}
