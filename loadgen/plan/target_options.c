/* The command line's changes to a target. */
#include "err.h"
#include "target.h"

#include <stdlib.h>

static void drop_overrides(struct plan_override **list, size_t *n)
{
    for (size_t i = 0; i < *n; i++) {
        free((*list)[i].host);
        free((*list)[i].to_host);
    }
    *n = 0;
}

typedef int add_fn(struct plan_target *t, const char *text, struct err *e);

static int add_all(struct plan_target *t, const struct option_list *list, add_fn *add, struct err *e)
{
    for (size_t i = 0; i < list->n; i++)
        if (add(t, list->items[i], e))
            return -1;
    return 0;
}

static int apply_lists(struct plan_target *t, const struct target_options *o, struct err *e)
{
    if (o->connect_to.n)
        drop_overrides(&t->connect_to, &t->n_connect_to);
    if (o->resolve.n)
        drop_overrides(&t->resolve, &t->n_resolve);
    while (o->bind.n && t->n_bind_addresses)
        free(t->bind_addresses[--t->n_bind_addresses]);
    return add_all(t, &o->connect_to, target_add_connect_to, e) ||
                   add_all(t, &o->resolve, target_add_resolve, e) || add_all(t, &o->bind, target_add_bind, e)
               ? -1
               : 0;
}

static int apply_tls(struct plan_tls *tls, const struct target_options *o, struct err *e)
{
    const struct {
        const char *text;
        char **field;
    } texts[] = {
        { o->server_name, &tls->server_name },
        { o->ca_file, &tls->ca_file },
        { o->cert_file, &tls->cert_file },
        { o->key_file, &tls->key_file },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text && target_set_text(texts[i].field, texts[i].text, e))
            return -1;
    tls->verify = tls->verify && !o->insecure;
    tls->resume = tls->resume && !o->no_resume;
    return 0;
}

int target_apply_http(struct plan_target *t, const struct target_options *o, struct err *e)
{
    const struct {
        bool is_given;
        enum plan_http http;
        const char *name;
    } all[] = { { o->http1, PLAN_HTTP_1, "http1.1" },
                { o->http2, PLAN_HTTP_2, "http2" },
                { o->http2_prior, PLAN_HTTP_2_PRIOR, "http2-prior-knowledge" } };
    const char *first = NULL;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].is_given)
            continue;
        if (first)
            return err_set(e, ERR_INPUT, "--%s and --%s exclude each other", first, all[i].name);
        first = all[i].name;
        t->http = all[i].http;
    }
    return 0;
}

int target_apply(struct plan_target *t, const struct target_options *o, struct err *e)
{
    if (o->ipv4 && o->ipv6)
        return err_set(e, ERR_INPUT,
                       "--ipv4 and --ipv6 exclude each other; leave both out to use any address");
    if (o->ipv4 || o->ipv6)
        t->family = o->ipv4 ? 4 : 6;
    if (apply_lists(t, o, e) || apply_tls(&t->tls_options, o, e))
        return -1;
    if ((o->unix_socket && target_set_unix_socket(t, o->unix_socket, e)) ||
        (o->host && target_set_host(t, o->host, e)) ||
        (o->name_server && target_set_name_server(t, o->name_server, e)))
        return -1;
    return o->tls_version ? target_set_tls_version(t, o->tls_version, e) : 0;
}
