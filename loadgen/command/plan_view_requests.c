/* The requests of a plan as they will be sent, each once, with the streams that send it. */
#include "expect.h"
#include "plan_view.h"
#include "request.h"
#include "session.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { REQUESTS_SHOWN_MOST = 3, BODY_SHOWN_BYTES = 60, INDENT = 14 };

static void write_feed_word(const struct plan_feed *feed, const char *column, FILE *out)
{
    if (feed->name[0])
        fprintf(out, "{%s.%s}", feed->name, column);
    else
        fprintf(out, "{csv:%s}", column);
}

static void write_piece(const struct plan_stream *s, const struct plan_piece *piece, FILE *out)
{
    static const char *const names[] = {
        [PLAN_PIECE_SECRET] = "(given)",     [PLAN_PIECE_COUNTER] = "{counter}", [PLAN_PIECE_USER] = "{user}",
        [PLAN_PIECE_RANDOM] = "{random}",    [PLAN_PIECE_UUID] = "{uuid}",       [PLAN_PIECE_NOW] = "{now}",
        [PLAN_PIECE_INSTANCE] = "{instance}"
    };
    if (piece->kind == PLAN_PIECE_FEED)
        write_feed_word(s->feeds[piece->feed], s->feeds[piece->feed]->columns[piece->index], out);
    else if (piece->kind == PLAN_PIECE_VARIABLE)
        fprintf(out, "{%s}", s->session->variables[piece->index]);
    else if (piece->kind == PLAN_PIECE_LITERAL)
        fwrite(piece->text ? piece->text : "", 1, piece->length_bytes, out);
    else
        fputs(names[piece->kind], out);
}

/* The message with {words} for what is generated per request. Owned; NULL when memory is short. */
static char *message_text(const struct plan_stream *s, const struct plan_request *r, size_t *length)
{
    struct text_out out;
    const bool has_memory = text_out_begin(&out);
    if (has_memory && r->shown)
        fputs(r->shown, out.file);
    for (size_t i = 0; has_memory && !r->shown && i < r->n_pieces; i++) {
        if (i == r->length_at_piece)
            fputs("(computed)", out.file);
        write_piece(s, &r->pieces[i], out.file);
    }
    char *text = text_out_end(&out);
    *length = out.length_bytes;
    return text;
}

static void print_line(const char *line, size_t length, FILE *out)
{
    char name[64];
    const size_t name_length = strcspn(line, ":");
    snprintf(name, sizeof name, "%.*s", (int)(name_length < length ? name_length : 0), line);
    if (request_header_is_secret(name))
        fprintf(out, "%*s%s: (given)\n", INDENT, "", name);
    else
        fprintf(out, "%*s%.*s\n", INDENT, "", (int)length, line);
}

static void print_body(const char *body, size_t length, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    const size_t shown = length < BODY_SHOWN_BYTES ? length : BODY_SHOWN_BYTES;
    if (length == 0)
        return;
    fprintf(out, "%*s", INDENT, "");
    for (size_t i = 0; i < shown; i++)
        putc((unsigned char)body[i] >= ' ' && body[i] != 127 ? body[i] : ' ', out);
    if (shown < length)
        fprintf(out, "...   (%s)", units_bytes_text(length, text));
    putc('\n', out);
}

static void print_message(const char *message, size_t length, FILE *out)
{
    const char *line = message + strcspn(message, "\r") + 2; /* the first is printed by the caller */
    const char *end = message + length;
    while (line < end && *line != '\r') {
        const size_t n = strcspn(line, "\r");
        print_line(line, n, out);
        line += n + 2;
    }
    if (line + 2 <= end)
        print_body(line + 2, (size_t)(end - line) - 2, out);
}

static void print_expect(const struct plan_stream *s, FILE *out)
{
    const struct plan_expect *x = &s->expect;
    char text[128];
    fprintf(out, "%*sexpects %s", INDENT, "", expect_status_text(x, text, sizeof text));
    if (x->checks_body)
        fprintf(out, ", body \"%.*s%s%.*s\"", BODY_SHOWN_BYTES, x->body_before,
                x->has_instance ? "{instance}" : "", BODY_SHOWN_BYTES, x->body_after);
    for (size_t i = 0; i < x->n_headers; i++)
        fprintf(out, ", header %s%s%s", x->headers[i].name, x->headers[i].value ? ": " : "",
                x->headers[i].value ? x->headers[i].value : "");
    fprintf(out, " within %s\n", units_duration_text(s->timeout_ns, text));
}

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
    return a->target && b->target ? strcmp(a->target->url, b->target->url) == 0 : a->target == b->target;
}

/* Whether both streams send one request of the same bytes to the same target, and expect the same. */
static bool same_request(const struct plan_stream *a, const struct plan_stream *b)
{
    if (a->session || b->session)
        return false;
    const struct plan_piece *p = &a->requests[0].pieces[0];
    const struct plan_piece *q = &b->requests[0].pieces[0];
    return a->n_requests == 1 && b->n_requests == 1 && a->requests[0].n_pieces == 1 &&
           b->requests[0].n_pieces == 1 && p->length_bytes == q->length_bytes && p->kind == q->kind &&
           p->kind == PLAN_PIECE_LITERAL && memcmp(p->text, q->text, p->length_bytes) == 0 &&
           same_target(a, b) && same_expect(a, b);
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
    size_t length;
    char *message = message_text(s, r, &length);
    if (!message)
        return;
    fprintf(out, "\n  request     %.*s", (int)strcspn(message, "\r"), message);
    if (s->mix == PLAN_MIX_WEIGHTED)
        fprintf(out, "   weight %u", r->weight);
    print_names(plan, stream, out);
    print_message(message, length, out);
    free(message);
}

void plan_view_requests(const struct plan *plan, FILE *out)
{
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        if (s->session || is_shown_before(plan, i))
            continue;
        for (size_t k = 0; k < s->n_requests && k < REQUESTS_SHOWN_MOST; k++)
            print_request(plan, i, k, out);
        if (s->n_requests > REQUESTS_SHOWN_MOST)
            fprintf(out, "\n%*sand %zu more requests of %s\n", INDENT, "",
                    s->n_requests - REQUESTS_SHOWN_MOST, s->name);
        print_expect(s, out);
    }
}
