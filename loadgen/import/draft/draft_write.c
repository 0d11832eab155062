#include "draft_write.h"

#include "draft_names.h"
#include "draft_step_write.h"
#include "err.h"
#include "files.h"
#include "plan.h"
#include "secret_hide.h"
#include "units.h"
#include "yaml_out.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* NULL when memory was short, which draft_write reports. */
static void comment(struct yaml_out *y, const char *text)
{
    if (text)
        yaml_out_comment(y, text);
}

/* A session keeps cookies, or its steps have their own. */
static int drop_cookies(struct draft *d, struct draft_stream *s, struct err *e)
{
    for (size_t i = 0; i < s->n_steps && s->needs_cookies; i++) {
        struct draft_step *step = &s->steps[i];
        if (!draft_header(step, "cookie"))
            continue;
        draft_remove_header(step, "cookie");
        if (draft_note(d, e, "%s: cookies that it had from the start: a session begins without", step->name))
            return -1;
    }
    return 0;
}

/* What to do before the first run, at the top of the file. */
static void put_remarks(struct draft *d, struct yaml_out *y, struct err *e)
{
    comment(y, arena_format(&d->arena, e, "Made of %s by `loadgen import %s`.", d->source, d->kind));
    if (d->n_variables > 0) {
        comment(y, "");
        comment(y, "Set these environment variables before a run; this file does not hold their values:");
    }
    for (size_t i = 0; i < d->n_variables; i++)
        comment(y, arena_format(&d->arena, e, "  %s: %s", d->variables[i].name, d->variables[i].about));
    if (d->n_notes > 0) {
        comment(y, "");
        comment(y, "Not mapped:");
    }
    for (size_t i = 0; i < d->n_notes; i++)
        comment(y, arena_format(&d->arena, e, "  %s", d->notes[i]));
}

static void put_list(struct yaml_out *y, const char *key, const char *const *items, size_t n)
{
    if (n == 0)
        return;
    yaml_out_open(y, key);
    for (size_t i = 0; i < n; i++)
        yaml_out_item_text(y, items[i]);
    yaml_out_end(y);
}

static void put_tls(const struct draft *d, struct yaml_out *y)
{
    if (!d->accepts_any_certificate && !d->ca && !d->cert && !d->key)
        return;
    yaml_out_open(y, "tls");
    if (d->accepts_any_certificate)
        yaml_out_word(y, "verify", "false");
    if (d->ca)
        yaml_out_text(y, "ca", d->ca);
    if (d->cert)
        yaml_out_text(y, "cert", d->cert);
    if (d->key)
        yaml_out_text(y, "key", d->key);
    yaml_out_end(y);
}

static void put_connecting(const struct draft *d, struct yaml_out *y)
{
    if (d->ip)
        yaml_out_count(y, "ip", d->ip);
    put_list(y, "resolve", d->resolve, d->n_resolve);
    put_list(y, "connect_to", d->connect_to, d->n_connect_to);
    put_list(y, "bind", d->bind, d->n_bind);
    if (d->unix_socket)
        yaml_out_text(y, "unix_socket", d->unix_socket);
    put_tls(d, y);
}

static void put_duration(struct yaml_out *y, const char *key, uint64_t ns)
{
    char text[UNITS_TEXT_BYTES];
    if (ns > 0)
        yaml_out_word(y, key, units_duration_exact(ns, text));
}

/* One user for a short while: the first run must not be an attack. */
static void put_load(const struct draft_stream *s, struct yaml_out *y)
{
    yaml_out_count(y, "users", 1);
    yaml_out_open(y, "phases");
    yaml_out_item_word(y, s->is_session ? "{ passes: 10, duration: 1m }" : "{ requests: 100, duration: 1m }");
    yaml_out_end(y);
}

static void put_steps(const struct draft_stream *s, struct yaml_out *y)
{
    if (!s->is_session) {
        yaml_out_open(y, "request");
        draft_step_write(&s->steps[0], false, y);
        yaml_out_end(y);
        return;
    }
    yaml_out_open(y, "session");
    if (!s->needs_cookies)
        yaml_out_word(y, "cookies", "none");
    yaml_out_open(y, "steps");
    for (size_t i = 0; i < s->n_steps; i++) {
        yaml_out_item(y);
        draft_step_write(&s->steps[i], true, y);
        yaml_out_end(y);
    }
    yaml_out_end(y);
    yaml_out_end(y);
}

static const char *http_text(enum plan_http http)
{
    return http == PLAN_HTTP_1 ? "1.1" : http == PLAN_HTTP_2 ? "2" : "2-prior-knowledge";
}

static void put_target(const struct draft *d, struct yaml_out *y)
{
    const struct draft_stream *first = &d->streams[0];
    if (first->http == PLAN_HTTP_1) {
        yaml_out_text(y, "target", first->origin);
        return;
    }
    yaml_out_open(y, "target");
    yaml_out_text(y, "url", first->origin);
    yaml_out_word(y, "http", http_text(first->http));
    yaml_out_end(y);
}

/* As far as it differs from the scenario's, which is that of the first stream. */
static void put_own_target(const struct draft *d, const struct draft_stream *s, struct yaml_out *y)
{
    const bool is_elsewhere = strcmp(s->origin, d->streams[0].origin) != 0;
    if (s->http == d->streams[0].http) {
        if (is_elsewhere)
            yaml_out_text(y, "target", s->origin);
        return;
    }
    yaml_out_open(y, "target");
    if (is_elsewhere)
        yaml_out_text(y, "url", s->origin);
    yaml_out_word(y, "http", http_text(s->http));
    yaml_out_end(y);
}

static void put_stream(const struct draft *d, const struct draft_stream *s, struct yaml_out *y)
{
    yaml_out_item(y);
    yaml_out_text(y, "name", s->name);
    put_own_target(d, s, y);
    put_duration(y, "timeout", s->timeout_ns);
    put_duration(y, "connect_timeout", s->connect_timeout_ns);
    put_steps(s, y);
    if (!s->is_session && s->steps[0].status > 0) {
        yaml_out_open(y, "expect");
        yaml_out_count(y, "status", s->steps[0].status);
        yaml_out_end(y);
    }
    put_load(s, y);
    yaml_out_end(y);
}

static int write_files(const struct draft *d, const char *output, struct err *e)
{
    const char *slash = output ? strrchr(output, '/') : NULL;
    if (d->n_files > 0 && !output)
        return err_set(e, ERR_INPUT,
                       "a body holds bytes that YAML cannot; name the scenario with -o, and a file beside it "
                       "takes the body");
    for (size_t i = 0; i < d->n_files; i++) {
        const struct draft_file *f = &d->files[i];
        char path[PATH_MAX];
        const int folder = slash ? (int)(slash + 1 - output) : 0;
        if (snprintf(path, sizeof path, "%.*s%s", folder, output, f->name) >= (int)sizeof path)
            return err_set(e, ERR_INPUT, "the path of the scenario is too long");
        if (files_write(path, f->bytes, f->length_bytes, 0600, e))
            return -1;
    }
    return 0;
}

int draft_write(struct draft *d, const char *output, FILE *out, struct err *e)
{
    struct yaml_out y;
    if (d->n_streams == 0)
        return err_set(e, ERR_INPUT, "%s: there is no request to import", d->source);
    for (size_t i = 0; i < d->n_streams; i++)
        if (drop_cookies(d, &d->streams[i], e))
            return -1;
    if (draft_names_streams(d, e) || secret_hide(d, e) || write_files(d, output, e))
        return -1;
    yaml_out_begin(&y, out);
    e->kind = ERR_NONE;
    put_remarks(d, &y, e);
    yaml_out_blank(&y);
    yaml_out_text(&y, "name", d->name);
    put_target(d, &y);
    put_connecting(d, &y);
    yaml_out_open(&y, "streams");
    for (size_t i = 0; i < d->n_streams; i++)
        put_stream(d, &d->streams[i], &y);
    yaml_out_end(&y);
    return e->kind != ERR_NONE || ferror(out) ? plan_out_of_memory(e) : 0;
}
