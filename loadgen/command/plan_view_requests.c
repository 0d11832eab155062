/* The requests of a plan as they will be sent, each once, with the streams that send it. */
#include "expect.h"
#include "plan_view.h"
#include "plan_view_message.h"
#include "recording.h"
#include "request.h"
#include "session.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { REQUESTS_SHOWN_MOST = 3, INDENT = PLAN_VIEW_INDENT };

static bool same_expect(const struct plan_stream *a, const struct plan_stream *b)
{
    const struct plan_expect *x = &a->expect;
    const struct plan_expect *y = &b->expect;
    return a->timeout_ns == b->timeout_ns && memcmp(x->status_ok, y->status_ok, sizeof x->status_ok) == 0 &&
           x->checks_body == y->checks_body && x->has_instance == y->has_instance && x->n_headers == 0 &&
           y->n_headers == 0 &&
           (!x->checks_body ||
            (strcmp(x->body_before, y->body_before) == 0 && strcmp(x->body_after, y->body_after) == 0));
}

static bool same_target(const struct plan_stream *a, const struct plan_stream *b)
{
    return a->target && b->target
               ? strcmp(a->target->url, b->target->url) == 0 && a->target->http == b->target->http
               : a->target == b->target;
}

/* Whether both streams send one request of the same bytes to the same target, and expect the same. */
static bool same_request(const struct plan_stream *a, const struct plan_stream *b)
{
    if (a->n_requests != 1 || b->n_requests != 1)
        return false;
    const struct plan_piece *p = &a->requests[0].pieces[0];
    const struct plan_piece *q = &b->requests[0].pieces[0];
    return a->requests[0].n_pieces == 1 && b->requests[0].n_pieces == 1 &&
           p->length_bytes == q->length_bytes && p->kind == q->kind && p->kind == PLAN_PIECE_LITERAL &&
           memcmp(p->text, q->text, p->length_bytes) == 0 && same_target(a, b) && same_expect(a, b);
}

static bool is_shown_before(const struct plan *plan, size_t stream)
{
    for (size_t i = 0; i < stream; i++)
        if (same_request(&plan->streams[i], &plan->streams[stream]))
            return true;
    return false;
}

static void print_names(const struct plan *plan, size_t stream, FILE *out)
{
    fprintf(out, "   %s", plan->streams[stream].name);
    for (size_t i = stream + 1; i < plan->n_streams; i++)
        if (same_request(&plan->streams[stream], &plan->streams[i]))
            fprintf(out, ", %s", plan->streams[i].name);
    if (plan->streams[stream].target)
        fprintf(out, "   to %s", plan->streams[stream].target->url);
    putc('\n', out);
}

static void print_request(const struct plan *plan, size_t stream, size_t request, FILE *out)
{
    const struct plan_stream *s = &plan->streams[stream];
    const struct plan_request *r = &s->requests[request];
    const bool is_http2 = plan_is_http2(plan, s);
    size_t length;
    char *message = plan_view_message_text(s, r, &length);
    if (!message)
        return;
    fputs("\n  request     ", out);
    plan_view_start_line(message, is_http2, out);
    if (s->mix == PLAN_MIX_WEIGHTED)
        fprintf(out, "   weight %u", r->weight);
    print_names(plan, stream, out);
    plan_view_message(message, length, is_http2, out);
    free(message);
}

/* Header lines, as those of a message. */
static void print_head(const char *head, bool is_http2, FILE *out)
{
    struct text_out message;
    if (text_out_begin(&message))
        fprintf(message.file, "GET / HTTP/1.1\r\n%s\r\n", head);
    char *text = text_out_end(&message);
    if (text)
        plan_view_message(text, message.length_bytes, is_http2, out);
    free(text);
}

/* What is added to each recorded request, and the rows that they are counted in. */
static void print_recorded(const struct plan *plan, const struct plan_stream *s, FILE *out)
{
    const struct recording *r = s->recording;
    fprintf(out, "\n  requests    as recorded%s   %s%s%s\n", plan_is_http2(plan, s) ? " HTTP/2" : "", s->name,
            s->target ? "   to " : "", s->target ? s->target->url : "");
    print_head(r->shown_head, plan_is_http2(plan, s), out);
    if (r->names.n == 0)
        return;
    fprintf(out, "%*srows", PLAN_VIEW_INDENT, "");
    for (uint32_t i = 0; i < r->names.n; i++)
        fprintf(out, "%s %s", i ? "," : "", r->names.list[i]);
    putc('\n', out);
}

void plan_view_requests(const struct plan *plan, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        if (s->session || is_shown_before(plan, i))
            continue;
        for (size_t k = 0; k < s->n_requests && k < REQUESTS_SHOWN_MOST; k++)
            print_request(plan, i, k, out);
        if (s->n_requests > REQUESTS_SHOWN_MOST)
            fprintf(out, "\n%*sand %zu more requests of %s\n", INDENT, "",
                    s->n_requests - REQUESTS_SHOWN_MOST, s->name);
        if (s->recording)
            print_recorded(plan, s, out);
        struct text_out expected;
        if (text_out_begin(&expected)) {
            plan_view_expect(&s->expect, expected.file);
            fprintf(expected.file, " within %s", units_duration_text(s->timeout_ns, text));
        }
        plan_view_prose(out, "", &expected);
    }
}
