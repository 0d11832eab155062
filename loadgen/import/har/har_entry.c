#include "har_entry.h"

#include "draft_headers.h"
#include "err.h"
#include "har_time.h"
#include "json_member.h"
#include "request.h"
#include "units.h"
#include "words.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* What a browser fetches because a page names it. */
static bool is_static(const char *type, const char *mime)
{
    static const char *const types[] = { "image", "font",     "stylesheet", "script",
                                         "media", "manifest", "ping",       "texttrack" };
    static const char *const mimes[] = { "image/",
                                         "font/",
                                         "video/",
                                         "audio/",
                                         "text/css",
                                         "text/javascript",
                                         "application/javascript",
                                         "application/x-javascript",
                                         "application/font",
                                         "application/wasm",
                                         "application/x-font" };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof mimes / sizeof *mimes; i++)
        if (strncasecmp(mime, mimes[i], strlen(mimes[i])) == 0)
            return true;
    return false;
}

static enum har_kind kind_of(const struct har_entry *x, const json_t *entry)
{
    const json_t *request = json_object_get(entry, "request");
    const json_t *content = json_object_get(json_object_get(entry, "response"), "content");
    const char *url = json_member_text(request, "url");
    const char *type = json_member_text(entry, "_resourceType");
    if (strncasecmp(url, "http", 4) != 0 || x->status == 101 || strcmp(type, "websocket") == 0)
        return HAR_SOCKET;
    if (strcmp(type, "preflight") == 0)
        return HAR_PREFLIGHT;
    if (x->status == 0)
        return HAR_UNSENT;
    const bool is_get = strcmp(json_member_text(request, "method"), "GET") == 0;
    return is_get && is_static(type, json_member_text(content, "mimeType")) ? HAR_STATIC : HAR_PAGE;
}

/* Conditions of a browser's cache would make the answer depend on it. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = { "cookie",        "host",  "if-none-match", "if-modified-since",
                                         "cache-control", "pragma" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static int read_headers(struct har_entry *x, struct draft *d, const char *place, const json_t *request,
                        struct err *e)
{
    size_t i;
    const json_t *header;
    json_array_foreach(json_object_get(request, "headers"), i, header)
    {
        const char *name = json_member_text(header, "name");
        const char *value = json_member_text(header, "value");
        const char *words = words_literal(&d->arena, value, strlen(value), e);
        if (!words)
            return -1;
        if (strcasecmp(name, "cookie") == 0 && !(x->cookies = arena_text(&d->arena, value, e)))
            return -1;
        if (!is_left_out(name) && draft_headers_add(d, &x->step, place, name, words, e))
            return -1;
    }
    return 0;
}

/* Bytes that a browser could not write as text are in Base64, or a character each. */
static int read_body(struct har_entry *x, struct draft *d, const json_t *request, struct err *e)
{
    const json_t *post = json_object_get(request, "postData");
    const json_t *text = json_object_get(post, "text");
    const json_t *params = json_object_get(post, "params");
    if (json_is_string(text) && json_string_length(text) > 0)
        return draft_set_body(d, &x->step, json_string_value(text), json_string_length(text), e);
    x->lacks_body = json_is_null(text) || json_array_size(params) > 0;
    if (json_array_size(params) == 0 || strstr(json_member_text(post, "mimeType"), "multipart"))
        return 0;
    size_t i;
    const json_t *param;
    json_array_foreach(params, i, param)
    {
        const char *name = json_member_text(param, "name");
        const char *value = json_member_text(param, "value");
        const char *name_words = words_literal(&d->arena, name, strlen(name), e);
        const char *words = words_literal(&d->arena, value, strlen(value), e);
        if (!name_words || !words || draft_add_field(d, &x->step.form, name_words, words, e))
            return -1;
    }
    x->lacks_body = false;
    x->step.body = DRAFT_FORM;
    return draft_settle_form(d, &x->step, e);
}

static int read_answer(struct har_entry *x, struct draft *d, const json_t *response, struct err *e)
{
    size_t i;
    const json_t *header;
    const char *location = json_member_text(response, "redirectURL");
    json_array_foreach(json_object_get(response, "headers"), i, header)
    {
        const char *name = json_member_text(header, "name");
        const char *value = json_member_text(header, "value");
        if (strcasecmp(name, "location") == 0 && !*location)
            location = value;
        if (strcasecmp(name, "set-cookie") != 0)
            continue;
        /* Some browsers put all of them into one, with line ends between. */
        for (; *value; value += strcspn(value, "\n"), value += *value == '\n') {
            const char *cookie = arena_copy(&d->arena, value, strcspn(value, "=;\n"), e);
            if (!cookie || draft_add_text(d, &x->set_cookies, &x->n_set_cookies, cookie, e))
                return -1;
        }
    }
    if (x->status < 300 || x->status >= 400 || !*location)
        return 0;
    x->location = *location == '/' ? arena_format(&d->arena, e, "%s%s", x->url.origin, location)
                                   : arena_text(&d->arena, location, e);
    return x->location ? 0 : -1;
}

/* "HTTP/1.1", "HTTP/2", "http/2.0", "h2", "h3"; some files leave it empty. */
static unsigned version_of(const json_t *request)
{
    const char *text = json_member_text(request, "httpVersion");
    const char *digit = strncasecmp(text, "HTTP/", 5) == 0 ? text + 5 : *text == 'h' ? text + 1 : "1";
    return *digit == '2' || *digit == '3' ? (unsigned)(*digit - '0') : 1;
}

static void read_times(struct har_entry *x, const json_t *entry)
{
    const double ms = json_member_real(entry, "time");
    x->start_ns = har_time_ns(json_member_text(entry, "startedDateTime"));
    x->end_ns = x->start_ns;
    if (isfinite(ms) && ms > 0 && ms < 86400e3)
        x->end_ns += (uint64_t)(ms * (double)NS_PER_MS);
}

int har_entry_read(struct har_entry *out, struct draft *d, const char *place, const json_t *entry,
                   struct err *e)
{
    const json_t *request = json_object_get(entry, "request");
    const json_t *response = json_object_get(entry, "response");
    const char *url = json_member_text(request, "url");
    const char *method = json_member_text(request, "method");
    out->status = (unsigned)json_member_count(response, "status");
    out->http = version_of(request);
    out->kind = kind_of(out, entry);
    read_times(out, entry);
    if (out->kind == HAR_SOCKET)
        return 0;
    const char *words = words_literal(&d->arena, url, strlen(url), e);
    if (!words || !(out->step.method = arena_text(&d->arena, *method ? method : "GET", e)))
        return -1;
    if (request_check_method(out->step.method, e) || url_parts_read(&out->url, &d->arena, words, true, e)) {
        out->kind = HAR_SOCKET;
        return e->kind == ERR_INPUT ? 0 : -1;
    }
    out->step.path = out->url.path;
    if (out->kind != HAR_PAGE) /* of the others, only the cookies that they set count */
        return read_answer(out, d, response, e);
    return read_headers(out, d, place, request, e) || read_body(out, d, request, e) ||
                   read_answer(out, d, response, e)
               ? -1
               : 0;
}
