/* Where requests go: the scenario's target, and those of single streams. They differ in their URL alone;
 * every other key counts for all of them. */
#include "deployed.h"
#include "err.h"
#include "input_files.h"
#include "scenario_fields.h"
#include "scenario_parts.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

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
    return target_parse_url(t, "http://deployment", e) ||
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

/* Applies all but the URL: the file's keys, then the command line's options. */
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
    return choose_target(r, r->raw_target.target, e) || (t->url && apply_rest(r, t, e)) ? -1 : 0;
}

int scenario_read_stream_target(const struct scenario_reader *r, struct plan_stream *s,
                                const struct yaml_node *node, struct err *e)
{
    if (!node && !r->plan->target.url)
        return yaml_mistake(
            &r->file, r->file.root, e,
            "the scenario has no 'target' for stream '%s': give 'deployment' or a URL here, or "
            "--target URL",
            s->name);
    if (!node)
        return 0;
    s->target = malloc(sizeof *s->target);
    if (!s->target)
        return plan_out_of_memory(e);
    target_init(s->target);
    return read_url(r, s->target, node, "a URL that begins with http:// or https://", e) ||
                   apply_rest(r, s->target, e)
               ? -1
               : 0;
}

int scenario_check_targets(const struct scenario_reader *r, struct err *e)
{
    const struct scenario_overrides *o = r->overrides;
    const struct yaml_node *tls = r->raw_target.tls;
    if ((o->target_url || o->deployment_file) && plan_main_target(r->plan) != &r->plan->target)
        return err_set(
            e, ERR_INPUT,
            "--%s has no effect: every stream of the scenario has its own 'target', which it keeps",
            o->target_url ? "target" : "deployment");
    if (!target_check_tls(r->plan, e))
        return 0;
    return tls ? yaml_place(&r->file, tls->key, e) : -1;
}
