/* Where requests go: the scenario's target, and those of single streams. They differ in the keys of `target`
 * alone; every other key counts for all of them. */
#include "deployed.h"
#include "err.h"
#include "input_files.h"
#include "scenario_fields.h"
#include "scenario_parts.h"
#include "target.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

#define H2_WINDOW_LEAST_BYTES UINT64_C(65535) /* the connection's cannot be less (RFC 9113 section 6.9.2) */
#define H2_WINDOW_MOST_BYTES  UINT64_C(2147483647)

/* A text that target.c checks and stores; its sentence is given the place. */
struct setting {
    const struct scenario_reader *reader;
    struct plan_target *target;
    int (*apply)(struct plan_target *t, const char *text, struct err *e);
};

static int apply_item(void *payload, const struct yaml_node *item, struct err *e)
{
    const struct setting *s = payload;
    const char *text = fields_text(&s->reader->file, item, "a text", e);
    if (!text)
        return -1;
    return s->apply(s->target, text, e) ? yaml_place(&s->reader->file, item, e) : 0;
}

static int apply_settings(const struct scenario_reader *r, struct plan_target *t, struct err *e)
{
    const struct scenario_target *raw = &r->raw_target;
    const struct {
        const struct yaml_node *node;
        struct setting setting;
    } all[] = {
        { raw->connect_to, { r, t, target_add_connect_to } },
        { raw->resolve, { r, t, target_add_resolve } },
        { raw->bind, { r, t, target_add_bind } },
        { raw->unix_socket, { r, t, target_set_unix_socket } },
        { raw->host, { r, t, target_set_host } },
        { raw->name_server, { r, t, target_set_name_server } },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct setting setting = all[i].setting;
        if (all[i].node && fields_each(all[i].node, apply_item, &setting, e))
            return -1;
    }
    return 0;
}

struct raw_tls {
    bool verify, resume;
    const char *ca, *cert, *key, *server_name, *alpn;
    const struct yaml_node *min_version;
};

const struct field scenario_tls_fields[] = {
    { FIELD("verify", FIELD_FLAG, struct raw_tls, verify) },
    { FIELD("resume", FIELD_FLAG, struct raw_tls, resume) },
    { FIELD("ca", FIELD_TEXT, struct raw_tls, ca) },
    { FIELD("cert", FIELD_TEXT, struct raw_tls, cert) },
    { FIELD("key", FIELD_TEXT, struct raw_tls, key) },
    { FIELD("server_name", FIELD_TEXT, struct raw_tls, server_name) },
    { FIELD("alpn", FIELD_TEXT, struct raw_tls, alpn) },
    { FIELD("min_version", FIELD_NODE, struct raw_tls, min_version) },
    { 0 },
};

static int set_file(const struct scenario_reader *r, const char *name, char **field, struct err *e)
{
    if (!name)
        return 0;
    free(*field); /* a deployment's */
    *field = scenario_file_path(r, name);
    return *field ? 0 : plan_out_of_memory(e);
}

static int read_tls(const struct scenario_reader *r, struct plan_target *t, const struct yaml_node *node,
                    struct err *e)
{
    struct plan_tls *tls = &t->tls_options;
    struct raw_tls raw = { .verify = true, .resume = true };
    struct setting version = { r, t, target_set_tls_version };
    if (fields_read(&r->file, node, "'tls'", scenario_tls_fields, &raw, e))
        return -1;
    tls->verify = raw.verify;
    tls->resume = raw.resume;
    if (set_file(r, raw.ca, &tls->ca_file, e) || set_file(r, raw.cert, &tls->cert_file, e) ||
        set_file(r, raw.key, &tls->key_file, e))
        return -1;
    if ((raw.server_name && target_set_text(&tls->server_name, raw.server_name, e)) ||
        (raw.alpn && target_set_text(&tls->alpn, raw.alpn, e)))
        return -1;
    return raw.min_version ? apply_item(&version, raw.min_version, e) : 0;
}

/* A stand-in, so that a scenario can be checked and shown before anything is deployed. */
static int pretend_deployment(struct plan_target *t, struct err *e)
{
    return target_parse_url(t, t->http == PLAN_HTTP_2 ? "https://deployment" : "http://deployment", e) ||
                   target_set_text(&t->url, "a deployment, not there yet", e)
               ? -1
               : 0;
}

static int use_deployment(struct scenario_reader *r, const char *path, struct err *e)
{
    if (r->overrides->may_lack_deployment && !input_files_has(r->overrides->inputs, path))
        return pretend_deployment(&r->plan->target, e);
    return deployed_load(r->plan, r->overrides->inputs, path, e);
}

static int read_url(const struct scenario_reader *r, struct plan_target *t, const struct yaml_node *node,
                    const char *form, struct err *e)
{
    const char *text = fields_text(&r->file, node, form, e);
    if (!text)
        return -1;
    if (!strstr(text, "://"))
        return fields_wrong(&r->file, node, form, e);
    return target_parse_url(t, text, e) ? yaml_place(&r->file, node, e) : 0;
}

struct raw_target {
    int http;
    const struct yaml_node *url, *http_node, *h2_window;
};

static const char *const http_names[] = {
    [PLAN_HTTP_1] = "1.1", [PLAN_HTTP_2] = "2", [PLAN_HTTP_2_PRIOR] = "2-prior-knowledge", NULL
};

const struct field scenario_target_fields[] = {
    { FIELD("url", FIELD_NODE, struct raw_target, url) },
    { FIELD("http", FIELD_CHOICE, struct raw_target, http), .choices = http_names },
    { FIELD("h2_window", FIELD_NODE, struct raw_target, h2_window) },
    { 0 },
};

static int read_window(const struct scenario_reader *r, struct plan_target *t, const struct yaml_node *node,
                       struct err *e)
{
    static const char form[] = "a size from 65535 to 2147483647 bytes, such as 64KiB or 1MiB";
    uint64_t bytes;
    const char *text = fields_text(&r->file, node, form, e);
    if (!text)
        return -1;
    if (units_parse_size_bytes(text, &bytes) || bytes < H2_WINDOW_LEAST_BYTES || bytes > H2_WINDOW_MOST_BYTES)
        return fields_wrong(&r->file, node, form, e);
    t->h2_window_bytes = (uint32_t)bytes;
    return 0;
}

/* A target is a URL or a map; the version of HTTP and the window go into `t`. */
static int read_keys(const struct scenario_reader *r, struct plan_target *t, const struct yaml_node *node,
                     struct raw_target *raw, struct err *e)
{
    *raw = (struct raw_target){ .http = (int)t->http, .url = node };
    if (!node || node->kind != YAML_MAP)
        return 0;
    raw->url = NULL;
    if (fields_read(&r->file, node, "a target", scenario_target_fields, raw, e) ||
        (raw->h2_window && read_window(r, t, raw->h2_window, e)))
        return -1;
    raw->http_node = yaml_find(node, "http");
    t->http = (enum plan_http)raw->http;
    return 0;
}

/* The command line's target, else the file's: a URL or the word deployment. Without one, each stream must
 * have its own. */
static int choose_target(struct scenario_reader *r, const struct yaml_node *node, struct err *e)
{
    const struct scenario_overrides *o = r->overrides;
    if (o->target_url)
        return target_parse_url(&r->plan->target, o->target_url, e);
    if (o->deployment_file)
        return use_deployment(r, o->deployment_file, e);
    if (!node)
        return 0;
    if (node->kind == YAML_SCALAR && strcmp(node->text, "deployment") == 0)
        return use_deployment(r, DEPLOYED_DEFAULT_FILE, e);
    return read_url(r, &r->plan->target, node, "'deployment' or a URL that begins with http:// or https://",
                    e);
}

/* Whether the target can have its version. The mistake stands at the version, or at what excludes it, unless
 * the version was given on the command line. */
static int check_http(const struct scenario_reader *r, const struct plan_target *t,
                      const struct yaml_node *http, struct err *e)
{
    if (!target_check_http(t, e))
        return 0;
    const struct yaml_node *alpn = r->raw_target.tls ? yaml_find(r->raw_target.tls, "alpn") : NULL;
    const struct yaml_node *at = alpn ? alpn->key : http;
    return at ? yaml_place(&r->file, at, e) : -1;
}

/* Applies all but what is under `target`: the file's keys, then the command line's options. */
static int apply_rest(const struct scenario_reader *r, struct plan_target *t, struct err *e)
{
    static const int families[] = { 0, 4, 6 };
    const struct scenario_target *raw = &r->raw_target;
    if (apply_settings(r, t, e) || (raw->tls && read_tls(r, t, raw->tls, e)))
        return -1;
    const struct yaml_node *at = raw->tls ? raw->tls : raw->unix_socket;
    if (at && target_check(t, e))
        return yaml_place(&r->file, at->key, e);
    t->family = families[raw->family];
    return target_apply(t, &r->overrides->target, e) || target_check(t, e) ? -1 : 0;
}

int scenario_read_target(struct scenario_reader *r, struct err *e)
{
    struct plan_target *t = &r->plan->target;
    struct raw_target raw;
    const struct target_options *o = &r->overrides->target;
    if (read_keys(r, t, r->raw_target.target, &raw, e) || target_apply_http(t, o, e) ||
        choose_target(r, raw.url, e))
        return -1;
    const bool is_given = o->http1 || o->http2 || o->http2_prior;
    return t->url && (apply_rest(r, t, e) || check_http(r, t, is_given ? NULL : raw.http_node, e)) ? -1 : 0;
}

/* What the stream's target does not say is the scenario's. */
static int read_own_target(struct scenario_reader *r, struct plan_target *t, const struct yaml_node *node,
                           struct err *e)
{
    const struct plan_target *from = &r->plan->target;
    struct raw_target raw;
    t->http = from->http;
    t->h2_window_bytes = from->h2_window_bytes;
    if (read_keys(r, t, node, &raw, e))
        return -1;
    if (!raw.url && !from->url)
        return yaml_mistake(&r->file, node, e,
                            "'target' has no 'url', and the scenario's own has none, either");
    r->n_own_url += raw.url != NULL;
    r->n_own_http += raw.http_node != NULL;
    return (raw.url ? read_url(r, t, raw.url, "a URL that begins with http:// or https://", e)
                    : target_copy_place(t, from, e)) ||
                   apply_rest(r, t, e) || check_http(r, t, raw.http_node, e)
               ? -1
               : 0;
}

int scenario_read_stream_target(struct scenario_reader *r, struct plan_stream *s,
                                const struct yaml_node *node, struct err *e)
{
    const struct yaml_node *whole = r->raw_target.target;
    if (!node && !r->plan->target.url)
        return yaml_mistake(&r->file, whole ? whole->key : r->file.root, e,
                            "%s for stream '%s': give 'deployment' or a URL here, or --target URL",
                            whole ? "'target' has no 'url'" : "the scenario has no 'target'", s->name);
    if (!node)
        return 0;
    s->target = malloc(sizeof *s->target);
    if (!s->target)
        return plan_out_of_memory(e);
    target_init(s->target);
    return read_own_target(r, s->target, node, e);
}

/* Options that no stream follows. */
static int check_options(const struct scenario_reader *r, struct err *e)
{
    const struct scenario_overrides *o = r->overrides;
    const struct target_options *t = &o->target;
    const size_t n = r->plan->n_streams;
    if ((o->target_url || o->deployment_file) && r->n_own_url == n)
        return err_set(
            e, ERR_INPUT,
            "--%s has no effect: every stream of the scenario has its own 'target', which it keeps",
            o->target_url ? "target" : "deployment");
    if ((t->http1 || t->http2 || t->http2_prior) && r->n_own_http == n)
        return err_set(e, ERR_INPUT,
                       "--%s has no effect: every stream of the scenario has its own 'http', which it keeps",
                       t->http1   ? "http1.1"
                       : t->http2 ? "http2"
                                  : "http2-prior-knowledge");
    return 0;
}

int scenario_check_targets(const struct scenario_reader *r, struct err *e)
{
    const struct yaml_node *tls = r->raw_target.tls;
    if (check_options(r, e))
        return -1;
    if (!target_check_tls(r->plan, e))
        return 0;
    return tls ? yaml_place(&r->file, tls->key, e) : -1;
}
