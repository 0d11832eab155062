#include "plan_view_message.h"

#include "expect.h"
#include "secret_fields.h"
#include "secret_name.h"
#include "session.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_SHOWN_BYTES = 60, BODY_READ_BYTES = 4096, INDENT = PLAN_VIEW_INDENT };

static void write_feed_word(const struct plan_feed *feed, const char *column, FILE *out)
{
    if (feed->name[0])
        fprintf(out, "{%s.%s}", feed->name, column);
    else
        fprintf(out, "{csv:%s}", column);
}

void plan_view_piece(const struct plan_stream *s, const struct plan_piece *piece, FILE *out)
{
    static const char *const names[] = {
        [PLAN_PIECE_SECRET] = "(given)",      [PLAN_PIECE_COUNTER] = "{counter}",
        [PLAN_PIECE_USER] = "{user}",         [PLAN_PIECE_RANDOM] = "{random}",
        [PLAN_PIECE_UUID] = "{uuid}",         [PLAN_PIECE_NOW] = "{now}",
        [PLAN_PIECE_INSTANCE] = "{instance}", [PLAN_PIECE_BASE64] = ""
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

char *plan_view_message_text(const struct plan_stream *s, const struct plan_request *r, size_t *length)
{
    struct text_out out;
    const bool has_memory = text_out_begin(&out);
    if (has_memory && r->shown)
        fputs(r->shown, out.file);
    for (size_t i = 0; has_memory && !r->shown && i < r->n_pieces; i++) {
        if (i == r->length_at_piece)
            fputs("(computed)", out.file);
        plan_view_piece(s, &r->pieces[i], out.file);
    }
    char *text = text_out_end(&out);
    *length = out.length_bytes;
    return text;
}

/* Writes the text with (given) for values of secret fields, unless words stand for them. */
static void write_masked(const char *text, size_t n, FILE *out)
{
    const char *from = text;
    struct secret_field f;
    while (secret_fields_next(text, n, from, &f)) {
        const bool is_word = *f.value == '{';
        fwrite(from, 1, (size_t)(f.value - from) + (is_word ? f.n_bytes : 0), out);
        fputs(is_word ? "" : "(given)", out);
        from = f.value + f.n_bytes;
    }
    fwrite(from, 1, (size_t)(text + n - from), out);
}

static void print_line(const char *line, size_t length, FILE *out)
{
    const char *colon = memchr(line, ':', length);
    const size_t n_name = colon ? (size_t)(colon - line) : 0;
    if (secret_name_matches(line, n_name))
        fprintf(out, "%*s%.*s: (given)\n", INDENT, "", (int)n_name, line);
    else {
        fprintf(out, "%*s", INDENT, "");
        write_masked(line, length, out);
        putc('\n', out);
    }
}

void plan_view_start_line(const char *message, FILE *out)
{
    write_masked(message, strcspn(message, "\r"), out);
}

static char *masked_text(const char *text, size_t n, size_t *length)
{
    struct text_out out;
    if (text_out_begin(&out))
        write_masked(text, n, out.file);
    char *masked = text_out_end(&out);
    *length = out.length_bytes;
    return masked;
}

static void print_body(const char *body, size_t length, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    size_t n;
    char *masked =
        length > 0 ? masked_text(body, length < BODY_READ_BYTES ? length : BODY_READ_BYTES, &n) : NULL;
    if (!masked)
        return;
    const size_t shown = n < BODY_SHOWN_BYTES ? n : BODY_SHOWN_BYTES;
    fprintf(out, "%*s", INDENT, "");
    for (size_t i = 0; i < shown; i++)
        putc((unsigned char)masked[i] >= ' ' && masked[i] != 127 ? masked[i] : ' ', out);
    free(masked);
    if (shown < n || length > BODY_READ_BYTES)
        fprintf(out, "...   (%s)", units_bytes_text(length, text));
    putc('\n', out);
}

void plan_view_message(const char *message, size_t length, FILE *out)
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

void plan_view_expect(const struct plan_expect *x, FILE *out)
{
    char text[128];
    fprintf(out, "%*sexpects %s", INDENT, "", expect_status_text(x, text, sizeof text));
    if (x->checks_body)
        fprintf(out, ", body \"%.*s%s%.*s\"", BODY_SHOWN_BYTES, x->body_before,
                x->has_instance ? "{instance}" : "", BODY_SHOWN_BYTES, x->body_after);
    for (size_t i = 0; i < x->n_headers; i++)
        fprintf(out, ", header %s%s%s", x->headers[i].name, x->headers[i].value ? ": " : "",
                x->headers[i].value ? x->headers[i].value : "");
}
