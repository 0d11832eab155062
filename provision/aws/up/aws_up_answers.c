/* The app answers at the load balancer's name, over HTTPS with the certificate that runs verify. */
#include "aws_up.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "http_fetch.h"
#include "provider.h"
#include "status_lines.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For tests: HOST:PORT of a server in the load balancer's place. */
#define CONNECT_TO_VARIABLE "LOADGEN_AWS_CONNECT_TO"

/* The URL by the name that the certificate is for, and in `connect_to` where to connect instead. */
static void name_url(const struct deployment *d, const char *path, char *url, size_t url_bytes,
                     char *connect_to, size_t connect_to_bytes)
{
    const char *elsewhere = getenv(CONNECT_TO_VARIABLE);
    connect_to[0] = '\0';
    snprintf(url, url_bytes, "%s%s", d->url, path);
    if (*d->listener.server_name) {
        snprintf(url, url_bytes, "https://%s:%u%s", d->listener.server_name, d->listener.port, path);
        snprintf(connect_to, connect_to_bytes, "%s:%u", d->balancer.address, d->listener.port);
    }
    if (elsewhere && *elsewhere)
        snprintf(connect_to, connect_to_bytes, "%s", elsewhere);
}

/* 0 when GET `path` returns 200 and a body that begins with `begins`. */
static int ask(const struct aws_session *s, bool any_certificate, const char *path, const char *begins,
               struct err *e)
{
    char url[600];
    char connect_to[DEPLOYMENT_URL_BYTES + 16];
    char body[256];
    long status;
    name_url(s->deployment, path, url, sizeof url, connect_to, sizeof connect_to);
    const struct http_request request = { .url = url,
                                          .connect_to = *connect_to ? connect_to : NULL,
                                          .ca_bundle = s->config.ca_bundle,
                                          .any_certificate = any_certificate };
    if (http_fetch(&request, body, sizeof body, &status, e) < 0)
        return -1;
    if (status == 200 && strncmp(body, begins, strlen(begins)) == 0)
        return 0;
    return err_set(e, ERR_FAILED, "GET %s answers with status %ld and '%.40s' instead of '%s...'", url,
                   status, body, begins);
}

static int ask_all(const struct aws_session *s, bool any_certificate, struct err *e)
{
    const struct deployment *d = s->deployment;
    if (ask(s, any_certificate, "/", "Healthy!", e) < 0)
        return -1;
    for (size_t i = 0; i < d->n_clusters; i++)
        if (ask(s, any_certificate, d->clusters[i].is.path, "Instance ", e) < 0)
            return -1;
    return 0;
}

/* Whether the app answers with a certificate that is not trusted here; prints what runs need. */
static bool answers_untrusted(struct aws_session *s, const struct err *untrusted)
{
    struct err ignored;
    if (s->deployment->listener.protocol != TOPOLOGY_HTTPS || ask_all(s, true, &ignored) < 0 ||
        ask_all(s, false, &ignored) == 0) /* it was not the certificate */
        return false;
    status_lines_print(
        s->lines,
        "note: this machine does not accept the load balancer's certificate (%s): runs need "
        "`--cacert FILE` with its issuer, `--sni NAME` with a name in it (or `server_name` in the "
        "topology), or `-k`",
        untrusted->text);
    return true;
}

/* Whether the load balancer lets this machine in: an internal one, or one that is open to other blocks of
 * addresses, may well not. */
static bool is_open_here(const struct topology *t)
{
    for (size_t i = 0; i < t->n_ingress; i++)
        if (t->ingress[i].port == t->listener.port && t->ingress[i].source != TOPOLOGY_FROM_CIDR)
            return t->scheme == TOPOLOGY_INTERNET_FACING;
    return false;
}

static int answers_elsewhere(struct aws_session *s, const struct err *unanswered)
{
    status_lines_print(
        s->lines,
        "note: the load balancer is internal, or open to other addresses, and does not answer here (%s): run "
        "loadgen where it does, on a generator for instance",
        unanswered->text);
    status_lines_set(s->lines, "app", 0, 0, "not asked", clock_monotonic_ns(), "%s", s->deployment->url);
    return 0;
}

int aws_up_answers(struct aws_up *up, struct err *e)
{
    /* The name may resolve a minute or more after the load balancer is active. */
    struct aws_session *s = &up->session;
    const bool is_open = is_open_here(s->context->topology);
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = is_open ? 60 : 6 };
    while (ask_all(s, false, e) < 0) {
        if (answers_untrusted(s, e))
            break;
        status_lines_set(s->lines, "app", 0, 0, "waiting", clock_monotonic_ns(), "%s", e->text);
        if (aws_session_wait_after(s, &wait, "the app's first answer", e) < 0)
            return !is_open && wait.n >= wait.n_most ? answers_elsewhere(s, e) : -1;
    }
    status_lines_set(s->lines, "app", 0, 0, "answers", clock_monotonic_ns(), "%s", s->deployment->url);
    return 0;
}
