#include "curl_step.h"

#include "curl_data.h"
#include "draft_headers.h"
#include "draft_names.h"
#include "err.h"
#include "request.h"
#include "secrets.h"
#include "url_parts.h"
#include "words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { FOLLOW_MOST = 10 };

/* `Name: value`; `Name:` takes curl's own away, `Name;` sends it empty. */
static int add_header(const struct curl_command *c, struct draft_step *s, const char *line, struct err *e)
{
    struct draft *d = c->draft;
    if (*line == '@')
        return draft_note(d, e, "%s: -H %.80s: headers of a file are not read", c->place, line);
    const size_t n = strcspn(line, ":;");
    if (!line[n])
        return 0; /* curl sends no such header either */
    char *name = arena_copy(&d->arena, line, n, e);
    if (!name)
        return -1;
    const char *value = line + n + 1 + strspn(line + n + 1, " \t");
    if (line[n] == ';' && *value)
        return 0;
    if (line[n] == ':' && !*value)
        return 0;
    char *trimmed = arena_text(&d->arena, value, e);
    for (size_t end = trimmed ? strlen(trimmed) : 0; end > 0 && strchr(" \t\r\n", trimmed[end - 1]);)
        trimmed[--end] = '\0';
    return trimmed ? draft_headers_add(d, s, c->place, name, trimmed, e) : -1;
}

/* Whether a header was taken away, or given: `Accept:`. */
static bool is_named(const struct curl_command *c, const char *name)
{
    const size_t n = strlen(name);
    for (size_t i = 0; i < c->headers.n; i++)
        if (strncasecmp(c->headers.items[i], name, n) == 0 && strchr(":;", c->headers.items[i][n]) &&
            c->headers.items[i][n])
            return true;
    return false;
}

static int add_default(const struct curl_command *c, struct draft_step *s, const char *name,
                       const char *value, struct err *e)
{
    if (!value || is_named(c, name))
        return 0;
    return draft_headers_add(c->draft, s, c->place, name, value, e);
}

/* -u, or the user of the URL: a secret as a whole. */
static int add_user(const struct curl_command *c, struct draft_step *s, const char *user, struct err *e)
{
    if (!user || is_named(c, "authorization"))
        return 0;
    char about[256];
    snprintf(about, sizeof about, "USER:PASSWORD of %.64s", s->name);
    const char *name = secrets_variable(c->draft, "basic_auth", about, words_has(user) ? NULL : user, e);
    const char *value = name ? arena_format(&c->draft->arena, e, "Basic {env:%s|base64}", name) : NULL;
    return value ? draft_headers_add(c->draft, s, c->place, "Authorization", value, e) : -1;
}

static int add_headers(const struct curl_command *c, struct draft_step *s, const char *user, struct err *e)
{
    struct arena *a = &c->draft->arena;
    for (size_t i = 0; i < c->headers.n; i++)
        if (add_header(c, s, c->headers.items[i], e))
            return -1;
    const char *bearer = c->bearer ? arena_format(a, e, "Bearer %s", c->bearer) : NULL;
    const char *range = c->range ? arena_format(a, e, "bytes=%s", c->range) : NULL;
    if ((c->bearer && !bearer) || (c->range && !range))
        return -1;
    const bool has_body = (c->data || c->bytes) && !c->is_get;
    const char *type = c->is_json ? "application/json" : "application/x-www-form-urlencoded";
    if (add_user(c, s, c->user ? c->user : user, e) || add_default(c, s, "Authorization", bearer, e) ||
        add_default(c, s, "User-Agent", c->agent, e) ||
        add_default(c, s, "Accept", c->is_json ? "application/json" : "*/*", e) ||
        add_default(c, s, "Range", range, e) || add_default(c, s, "Referer", c->referer, e) ||
        add_default(c, s, "Accept-Encoding", c->is_compressed ? "gzip, deflate, br" : NULL, e) ||
        add_default(c, s, "Content-Type", has_body ? type : NULL, e))
        return -1;
    return c->cookie ? draft_headers_add(c->draft, s, c->place, "Cookie", c->cookie, e) : 0;
}

/* --url-query, and -d with -G. */
static int add_queries(const struct curl_command *c, const char **path, struct err *e)
{
    struct curl_command copy = *c;
    for (size_t i = 0; i <= c->queries.n; i++) {
        const char *text = i < c->queries.n ? c->queries.items[i] : c->is_get ? c->data : NULL;
        const char *piece = !text               ? NULL
                            : i == c->queries.n ? text
                            : *text == '+'      ? text + 1
                                                : curl_data_encoded(&copy, text, e);
        if (i < c->queries.n && !piece)
            return -1;
        if (piece && !(*path = arena_format(&c->draft->arena, e, "%s%c%s", *path,
                                            strchr(*path, '?') ? '&' : '?', piece)))
            return -1;
    }
    return 0;
}

static int add_body(const struct curl_command *c, struct draft_step *s, struct err *e)
{
    if (c->is_get)
        return 0;
    if (c->bytes)
        return draft_set_body(c->draft, s, c->bytes, c->n_bytes, e);
    return c->data ? draft_set_body_words(c->draft, s, c->data, e) : 0;
}

static const char *method_of(const struct curl_command *c)
{
    if (c->method)
        return c->method;
    if (c->is_head)
        return "HEAD";
    return (c->data || c->bytes) && !c->is_get ? "POST" : "GET";
}

/* A stream speaks one version: the first that a command asks for. Over TLS curl finds HTTP/2 by ALPN even
 * with prior knowledge; without TLS --http2 begins with an upgrade. */
static int choose_http(const struct curl_command *c, struct draft_stream *s, struct err *e)
{
    const bool is_tls = strncmp(s->origin, "https:", 6) == 0;
    if (!c->http_option)
        return 0;
    if (c->http == PLAN_HTTP_2 && !is_tls)
        return draft_note(c->draft, e,
                          "%s: --http2: to http:// it begins with HTTP/1.1 and an upgrade; "
                          "--http2-prior-knowledge does not",
                          c->place);
    const enum plan_http http = c->http == PLAN_HTTP_1 ? PLAN_HTTP_1
                                : is_tls               ? PLAN_HTTP_2
                                                       : PLAN_HTTP_2_PRIOR;
    if (s->has_http && s->http != http)
        return draft_note(c->draft, e, "%s: --%s: all requests of a stream speak one version", c->place,
                          c->http_option);
    s->http = http;
    s->has_http = true;
    return 0;
}

static int add_step(const struct curl_command *c, const char *url, struct err *e)
{
    struct draft *d = c->draft;
    struct url_parts parts;
    char name[PLAN_NAME_BYTES];
    if (request_check_method(method_of(c), e) || url_parts_read(&parts, &d->arena, url, c->keeps_dots, e))
        return err_prefix(e, "%s", c->place);
    struct draft_stream *stream = draft_stream_of(d, parts.origin, e);
    if (stream && stream->n_steps == DRAFT_STEPS_MOST)
        return draft_note(d, e, "%s: a session has at most %d steps", c->place, DRAFT_STEPS_MOST);
    struct draft_step *s = stream ? draft_add_step(d, stream, e) : NULL;
    if (!s)
        return -1;
    s->method = method_of(c);
    s->path = c->request_target ? c->request_target : parts.path;
    s->n_follow = !c->follows ? 0 : c->redirects_most < FOLLOW_MOST ? c->redirects_most : FOLLOW_MOST;
    draft_names_of_request(s->method, s->path, name);
    stream->needs_cookies = stream->needs_cookies || c->has_jar;
    stream->timeout_ns = c->timeout_ns > stream->timeout_ns ? c->timeout_ns : stream->timeout_ns;
    if (c->connect_timeout_ns > stream->connect_timeout_ns)
        stream->connect_timeout_ns = c->connect_timeout_ns;
    if (strpbrk(parts.path, "[]") && !c->is_glob_off &&
        draft_note(d, e, "%s: curl makes several requests of [..] in a URL; this is one", c->place))
        return -1;
    return choose_http(c, stream, e) || draft_names_step(d, stream, s, name, e) ||
                   add_queries(c, &s->path, e) || add_headers(c, s, parts.user, e) || add_body(c, s, e)
               ? -1
               : 0;
}

int curl_step_add(const struct curl_command *c, struct err *e)
{
    if (c->urls.n == 0)
        return err_set(e, ERR_INPUT, "%s: the command has no URL", c->place);
    for (size_t i = 0; i < c->urls.n; i++)
        if (add_step(c, c->urls.items[i], e))
            return -1;
    return 0;
}
