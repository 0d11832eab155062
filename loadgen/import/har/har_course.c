#include "har_course.h"

#include "draft_names.h"
#include "har_link.h"
#include "plan.h"
#include "units.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { FOLLOW_MOST = 10 };
#define THINK_LEAST_NS (20 * NS_PER_MS)
#define THINK_MOST_NS  (600 * NS_PER_S)

static int by_start(const void *a, const void *b)
{
    const struct har_entry *x = a, *y = b;
    if (x->start_ns != y->start_ns)
        return x->start_ns < y->start_ns ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The origin of most requests: that of the first of those with as many. */
static const char *main_origin(const struct har_entry *entries, size_t n)
{
    const char *found = NULL;
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t count = 0;
        if (entries[i].kind != HAR_PAGE || (found && strcmp(entries[i].url.origin, found) == 0))
            continue;
        for (size_t k = i; k < n; k++)
            count += entries[k].kind == HAR_PAGE && strcmp(entries[k].url.origin, entries[i].url.origin) == 0;
        if (count > most) {
            most = count;
            found = entries[i].url.origin;
        }
    }
    return found;
}

struct course {
    struct draft *draft;
    struct draft_stream *stream;
    const struct har_entry *last; /* that became part of a step */
    size_t *step_of;
    const char **cookies; /* names that answers set so far */
    size_t n_cookies;
    bool sends_cookies;  /* some request had any */
    size_t n_beyond;     /* what a session has no room for */
    size_t n_by_http[4]; /* requests of each version */
};

static bool is_set(const struct course *c, const char *name, size_t length)
{
    for (size_t i = 0; i < c->n_cookies; i++)
        if (strlen(c->cookies[i]) == length && strncmp(c->cookies[i], name, length) == 0)
            return true;
    return false;
}

/* Cookies that no answer set before: the browser had them. The session keeps the others. */
static int add_cookies(struct course *c, const struct har_entry *x, struct draft_step *s, struct err *e)
{
    const char *kept = NULL;
    for (const char *at = x->cookies ? x->cookies : ""; *at;) {
        const size_t n = strcspn(at, ";"), name = strcspn(at, "=;");
        if (is_set(c, at, name))
            c->stream->needs_cookies = true;
        else {
            kept =
                arena_format(&c->draft->arena, e, "%s%s%.*s", kept ? kept : "", kept ? "; " : "", (int)n, at);
            if (!kept)
                return -1;
        }
        at += n + (at[n] == ';');
        at += strspn(at, " ");
    }
    c->sends_cookies = c->sends_cookies || x->cookies;
    const char *words = kept ? words_literal(&c->draft->arena, kept, strlen(kept), e) : NULL;
    if (kept && !words)
        return -1;
    return kept ? draft_add_field(c->draft, &s->headers, "Cookie", words, e) : 0;
}

static int note_cookies(struct course *c, const struct har_entry *x, struct err *e)
{
    for (size_t i = 0; i < x->n_set_cookies; i++)
        if (!is_set(c, x->set_cookies[i], strlen(x->set_cookies[i])) &&
            draft_add_text(c->draft, &c->cookies, &c->n_cookies, x->set_cookies[i], e))
            return -1;
    return 0;
}

/* Where the last answer led, this request is its redirect. */
static bool is_redirect(const struct course *c, const struct har_entry *x)
{
    struct draft_stream *s = c->stream;
    if (!c->last || !c->last->location || s->n_steps == 0 || s->steps[s->n_steps - 1].n_follow == FOLLOW_MOST)
        return false;
    const char *location = c->last->location;
    const size_t origin = strlen(x->url.origin);
    return strncmp(location, x->url.origin, origin) == 0 && strcmp(location + origin, x->url.path) == 0;
}

static void add_think(struct course *c, const struct har_entry *x)
{
    if (!c->last || x->start_ns < c->last->end_ns + THINK_LEAST_NS)
        return;
    uint64_t think_ns = x->start_ns - c->last->end_ns;
    think_ns = think_ns > THINK_MOST_NS ? THINK_MOST_NS : think_ns;
    c->stream->steps[c->stream->n_steps - 1].think_ns = think_ns / (10 * NS_PER_MS) * (10 * NS_PER_MS);
}

/* 304 is the answer to a condition that is not sent. */
static unsigned expected_status(unsigned status)
{
    return (status >= 200 && status < 300) || status == 304 || status > 599 || status < 100 ? 0 : status;
}

static int add_step(struct course *c, const struct har_entry *x, struct err *e)
{
    char name[PLAN_NAME_BYTES];
    struct draft_step *s = draft_add_step(c->draft, c->stream, e);
    if (!s)
        return -1;
    *s = x->step;
    s->status = expected_status(x->status);
    draft_names_of_request(s->method, s->path, name);
    if (draft_names_step(c->draft, c->stream, s, name, e) || add_cookies(c, x, s, e))
        return -1;
    return x->lacks_body
               ? draft_note(c->draft, e, "%s, entry %zu: its body is not in the file", s->name, x->number + 1)
               : 0;
}

static int add_entry(struct course *c, const struct har_entry *x, struct err *e)
{
    if (is_redirect(c, x)) {
        struct draft_step *s = &c->stream->steps[c->stream->n_steps - 1];
        s->n_follow++;
        s->status = expected_status(x->status);
    } else if (c->stream->n_steps == DRAFT_STEPS_MOST) {
        c->n_beyond++;
        return 0;
    } else {
        add_think(c, x);
        if (add_step(c, x, e))
            return -1;
    }
    c->n_by_http[x->http]++;
    c->step_of[x->number] = c->stream->n_steps - 1;
    c->last = x;
    return note_cookies(c, x, e);
}

static int note_count(struct draft *d, size_t n, const char *what, struct err *e)
{
    return n > 0 ? draft_note(d, e, "%s: %zu", what, n) : 0;
}

/* What is left out, by kind. */
static int add_notes(struct course *c, const struct har_entry *entries, size_t n, size_t n_foreign,
                     struct err *e)
{
    static const char *const kinds[] = { "", "requests for images, styles, scripts, fonts and media",
                                         "requests that are not HTTP: WebSockets, data: and the like",
                                         "requests without an answer: blocked or given up",
                                         "preflights (CORS), which only browsers send" };
    for (int kind = HAR_STATIC; kind <= HAR_PREFLIGHT; kind++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += entries[i].kind == (enum har_kind)kind;
        if (note_count(c->draft, count, kinds[kind], e))
            return -1;
    }
    if (note_count(c->draft, n_foreign, "requests to other origins", e) ||
        note_count(c->draft, c->n_beyond, "requests beyond the 32 steps that a session may have", e))
        return -1;
    return c->sends_cookies || c->n_cookies > 0
               ? 0
               : draft_note(c->draft, e,
                            "cookies: the file has none; Chrome leaves them out unless it is asked to "
                            "export sensitive data");
}

/* What most requests spoke. Over HTTP/3 it is HTTP/2, which differs less from it than HTTP/1.1 does. */
static int choose_http(struct course *c, const char *origin, struct err *e)
{
    const size_t n_later = c->n_by_http[2] + c->n_by_http[3];
    if (n_later <= c->n_by_http[1] || strncmp(origin, "https:", 6) != 0)
        return note_count(c->draft, n_later, "requests over HTTP/2 or HTTP/3, which are sent over HTTP/1.1",
                          e);
    c->stream->http = PLAN_HTTP_2;
    return note_count(c->draft, c->n_by_http[3], "requests over HTTP/3, which are sent over HTTP/2", e) ||
                   note_count(c->draft, c->n_by_http[1], "requests over HTTP/1.1, which are sent over HTTP/2",
                              e)
               ? -1
               : 0;
}

static int walk(struct course *c, struct har_entry *entries, size_t n, const char *origin, struct err *e)
{
    size_t n_foreign = 0;
    for (size_t i = 0; i < n; i++) {
        const struct har_entry *x = &entries[i];
        const bool is_ours = x->url.origin && strcmp(x->url.origin, origin) == 0;
        n_foreign += x->kind == HAR_PAGE && !is_ours;
        if (x->kind == HAR_PAGE && is_ours ? add_entry(c, x, e) : is_ours && note_cookies(c, x, e))
            return -1;
    }
    /* Where only the answers have cookies, those of requests were left out of the file. */
    c->stream->needs_cookies = c->stream->needs_cookies || (c->n_cookies > 0 && !c->sends_cookies);
    return choose_http(c, origin, e) || add_notes(c, entries, n, n_foreign, e) ? -1 : 0;
}

int har_course(struct draft *d, struct har_entry *entries, size_t n, const struct har_values *answers,
               struct err *e)
{
    if (n > 0)
        qsort(entries, n, sizeof *entries, by_start);
    const char *origin = main_origin(entries, n);
    if (!origin)
        return 0; /* draft_write has the sentence */
    struct course c = { .draft = d, .stream = draft_stream_of(d, origin, e) };
    c.step_of = arena_take(&d->arena, n * sizeof *c.step_of, e);
    if (!c.stream || !c.step_of)
        return -1;
    for (size_t i = 0; i < n; i++)
        c.step_of[i] = SIZE_MAX;
    c.stream->is_session = true;
    return walk(&c, entries, n, origin, e) || har_link(d, c.stream, answers, c.step_of, e) ? -1 : 0;
}
