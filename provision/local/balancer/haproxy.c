#include "haproxy.h"

#include "control.h"
#include "err.h"
#include "files.h"
#include "http_fetch.h"
#include "units.h"
#include "utf8.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const balances[] = {
    [TOPOLOGY_ROUND_ROBIN] = "roundrobin",
    [TOPOLOGY_LEAST_OUTSTANDING] = "leastconn",
    [TOPOLOGY_WEIGHTED_RANDOM] = "random",
};

/* As one word of the configuration: whatever has a meaning there is written by its code. */
static void write_path(FILE *out, const char *path)
{
    for (; *path; path++)
        fprintf(out, isalnum((unsigned char)*path) || strchr("/._-", *path) ? "%c" : "\\x%02x",
                (unsigned char)*path);
}

/* Limits are those of an Application Load Balancer: 60 s idle, 10 s to connect, 128 HTTP/2 streams. One
 * thread, so that threads cannot race for the log and the other processors stay free. A reload keeps the
 * targets' states; the old worker finishes its connections, for at most the time an answer may take. */
static void write_global(const struct haproxy_plan *plan, FILE *out)
{
    static const struct {
        unsigned status;
        const char *reason;
    } pages[] = { { 400, "Bad Request" },      { 403, "Forbidden" },
                  { 408, "Request Time-out" }, { 500, "Internal Server Error" },
                  { 502, "Bad Gateway" },      { 503, "Service Temporarily Unavailable" },
                  { 504, "Gateway Time-out" } };
    fprintf(out,
            "global\n"
            "  maxconn %u\n"
            "  nbthread 1\n"
            "  max-spread-checks 50\n"
            "  tune.h2.max-concurrent-streams 128\n"
            "  hard-stop-after 70s\n"
            "  stats socket unix@",
            plan->most_connections);
    write_path(out, plan->socket_path);
    fputs(" mode 600 level user\n  server-state-file ", out);
    write_path(out, plan->states_path);
    fprintf(out,
            "\n"
            "defaults\n"
            "  mode http\n"
            "  load-server-state-from-file global\n"
            "  maxconn %u\n"
            "  timeout connect 10s\n"
            "  timeout client 60s\n"
            "  timeout server 60s\n"
            "  timeout http-request 60s\n"
            "  timeout http-keep-alive 60s\n"
            "  retries 0\n"
            "  http-reuse always\n"
            "  option forwardfor\n"
            "  option dontlognull\n",
            plan->most_connections);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        fprintf(out,
                "  http-error status %u content-type text/html string \"<html><body><h1>%u "
                "%s</h1></body></html>\" hdr Server \"" HAPROXY_SERVER "\"\n",
                pages[i].status, pages[i].status, pages[i].reason);
}

/* The default rule: each cluster gets the share of its weight, as in a weighted forward action. */
static void write_defaults(const struct topology_listener *l, FILE *out)
{
    unsigned left = 0;
    for (size_t i = 0; i < l->n_defaults; i++)
        left += l->defaults[i].weight;
    for (size_t i = 0; i + 1 < l->n_defaults; i++) {
        fprintf(out, "  use_backend %s if { rand(%u) lt %u }\n", l->defaults[i].cluster_name, left,
                l->defaults[i].weight);
        left -= l->defaults[i].weight;
    }
    fprintf(out, "  default_backend %s\n", l->defaults[l->n_defaults - 1].cluster_name);
}

/* Requests are logged at level err and nothing below it is logged: HAProxy's own messages at a reload must
 * not appear among the rows of the CSV. */
static void write_frontend(const struct haproxy_plan *plan, FILE *out)
{
    const struct deployment *d = plan->deployment;
    fprintf(out, "frontend balancer\n  bind fd@%d", plan->listen_fd);
    if (plan->certificate_path) {
        fputs(" ssl crt ", out);
        write_path(out, plan->certificate_path);
        fprintf(out, " ssl-min-ver TLSv1.2 alpn %s", d->listener.is_http2 ? "h2,http/1.1" : "http/1.1");
    }
    fprintf(out,
            "\n"
            "  log stdout len 8192 format raw local0 err\n"
            "  option log-separate-errors\n"
            "  http-request set-log-level err\n"
            "  http-request set-log-level silent if { req.hdr(user-agent) -m str " HTTP_FETCH_USER_AGENT
            " }\n"
            "  declare capture response len 12\n"
            "  http-response capture res.hdr(x-delay-us) id 0\n"
            "  http-request set-header X-Forwarded-Proto %s\n"
            "  http-request set-header X-Forwarded-Port %u\n"
            "  log-format "
            "\"%%[date(0,ms)],%%b,%%s,%%ST,%%ts,%%Tr,%%[capture.res.hdr(0)],%%B,%%U,%%HM,%%{+Q}HP\"\n",
            plan->certificate_path ? "https" : "http", d->listener.port);
    for (size_t i = 0; i < d->n_clusters; i++)
        fprintf(out, "  use_backend %s if { path %s } || { path_beg %s/ }\n", d->clusters[i].is.name,
                d->clusters[i].is.path, d->clusters[i].is.path);
    write_defaults(&d->listener, out);
}

/* Checks come once a second whatever the topology's interval is, to keep waits short. Their timeout is the
 * topology's, so that targets stay healthy on a busy machine. */
static void write_backend(const struct deployment *d, const struct deployment_cluster *c, FILE *out)
{
    fprintf(out,
            "backend %s\n"
            "  log stderr format iso local0\n"
            "  balance %s\n"
            "  option httpchk\n"
            "  http-check send meth GET uri %s ver HTTP/1.1 hdr Host health-check hdr Connection close\n"
            "  http-check expect status %u\n"
            "  timeout check %" PRIu64 "ms\n"
            "  default-server check inter 1s fastinter 200ms rise %u fall %u\n",
            c->is.name, balances[d->algorithm], d->health_check.path, d->health_check.expect_status,
            d->health_check.timeout_ns / NS_PER_MS, d->health_check.healthy_n, d->health_check.unhealthy_n);
    for (size_t i = 0; i < d->n_instances; i++)
        if (strcmp(d->instances[i].cluster, c->is.name) == 0)
            fprintf(out, "  server %s %s:%u\n", d->instances[i].id, d->instances[i].address,
                    d->instances[i].port);
}

void haproxy_write_config(const struct haproxy_plan *plan, FILE *out)
{
    write_global(plan, out);
    write_frontend(plan, out);
    for (size_t i = 0; i < plan->deployment->n_clusters; i++)
        write_backend(plan->deployment, &plan->deployment->clusters[i], out);
}

/* Source: HAProxy Management Guide, "show stat", field check_status. */
static const char *check_words(const char *check_status)
{
    static const struct {
        const char *status;
        const char *words;
    } table[] = {
        { "INI", "not checked yet" },
        { "SOCKERR", "no socket for the check" },
        { "L4TOUT", "the check's connection timed out" },
        { "L4CON", "connection refused or closed" },
        { "L7TOUT", "no answer to the check in time" },
        { "L7RSP", "the answer to the check is not HTTP" },
        { "L7STS", "the check was answered with another status" },
        { "L7OK", "" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].status, check_status) == 0)
            return table[i].words;
    return check_status;
}

struct columns {
    int cluster, id, status, check_status, check_code;
};

static int find_columns(const struct csv_reader *r, struct columns *c, struct err *e)
{
    c->cluster = csv_column(r, "# pxname", e);
    c->id = csv_column(r, "svname", e);
    c->status = csv_column(r, "status", e);
    c->check_status = csv_column(r, "check_status", e);
    c->check_code = csv_column(r, "check_code", e);
    return c->cluster < 0 || c->id < 0 || c->status < 0 || c->check_status < 0 || c->check_code < 0 ? -1 : 0;
}

static void read_target(const struct csv_reader *r, const struct columns *c, struct haproxy_target *t)
{
    const char *status = r->fields[c->status];
    /* "* L7OK": a check is in progress. */
    const char *check = r->fields[c->check_status] + strspn(r->fields[c->check_status], "* ");
    const char *code = r->fields[c->check_code];
    /* A server starts UP, so that a passed check is needed as well. "UP 1/3" is going down, "DOWN 1/2" is
     * coming up. */
    t->healthy = strncmp(status, "UP", 2) == 0 && strcmp(check, "L7OK") == 0;
    snprintf(t->reason, sizeof t->reason, "%s%s%s", check_words(check),
             strcmp(check, "L7STS") == 0 ? ": " : "", strcmp(check, "L7STS") == 0 ? code : "");
    if (!t->healthy && t->reason[0] == '\0')
        snprintf(t->reason, sizeof t->reason, "passed its last check, not yet enough of them");
}

int haproxy_look(const struct deployment *d, const char *socket_path, struct haproxy_target *targets,
                 struct err *e)
{
    struct csv_reader r;
    struct columns c;
    int more = -1;

    for (size_t i = 0; i < d->n_instances; i++)
        targets[i] = (struct haproxy_target){ .reason = "the load balancer does not know it" };
    if (control_ask(socket_path, "show stat -1 4 -1\n", &r, e))
        return -1;
    if (find_columns(&r, &c, e) == 0)
        while ((more = csv_next(&r, e)) == 1)
            for (size_t i = 0; i < d->n_instances; i++)
                if (strcmp(d->instances[i].id, r.fields[c.id]) == 0 &&
                    strcmp(d->instances[i].cluster, r.fields[c.cluster]) == 0)
                    read_target(&r, &c, &targets[i]);
    csv_reader_fini(&r);
    return more;
}

void haproxy_version(const char *socket_path, char *out, size_t out_bytes)
{
    char text[CONTROL_TEXT_BYTES];
    struct err not_there;
    *out = '\0';
    if (control_ask_text(socket_path, "show info\n", text, sizeof text, &not_there) < 0)
        return;
    const char *line = strstr(text, "\nVersion: ");
    if (!line)
        return;
    line += strlen("\nVersion: ");
    snprintf(out, out_bytes, "%.*s", (int)strcspn(line, "\n"), line);
    utf8_line(out);
}

long haproxy_worker(const char *socket_path)
{
    char text[CONTROL_TEXT_BYTES];
    struct err not_there;
    long pid = 0;
    if (control_ask_text(socket_path, "show info\n", text, sizeof text, &not_there) < 0)
        return 0;
    const char *line = strstr(text, "\nPid: ");
    return line && sscanf(line, " Pid: %ld", &pid) == 1 ? pid : 0;
}

int haproxy_save_states(const char *socket_path, const char *states_path, struct err *e)
{
    char text[CONTROL_TEXT_BYTES];
    const long length = control_ask_text(socket_path, "show servers state\n", text, sizeof text, e);
    return length < 0 ? -1 : files_write(states_path, text, (size_t)length, 0600, e);
}
