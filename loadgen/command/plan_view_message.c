#include "plan_view_message.h"

#include "expect.h"
#include "http2_message.h"
#include "secret_fields.h"
#include "secret_name.h"
#include "session.h"
#include "text_out.h"
#include "units.h"
#include "wrap.h"

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

static void print_field(const char *name, size_t n_name, const char *value, size_t n_value, FILE *out)
{
    fprintf(out, "%*s%.*s: ", INDENT, "", (int)n_name, name);
    if (secret_name_matches(name, n_name))
        fputs("(given)", out);
    else
        write_masked(value, n_value, out);
    putc('\n', out);
}

void plan_view_start_line(const char *message, bool is_http2, FILE *out)
{
    static const char version[] = "HTTP/1.1";
    const size_t n = strcspn(message, "\r");
    write_masked(message, is_http2 ? n - (sizeof version - 1) : n, out);
    fputs(is_http2 ? "HTTP/2" : "", out);
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

/* Method, scheme and path are in the first line. */
static void print_http2(char *message, size_t length, FILE *out)
{
    struct http2_message read;
    struct http2_request r;
    if (http2_message_read(&read, message, length, false, &r))
        return;
    for (size_t i = 0; i < r.n_fields; i++) {
        const struct http2_field *f = &r.fields[i];
        if (f->name[0] != ':' || f->name[1] == 'a')
            print_field(f->name, f->name_bytes, f->value, f->value_bytes, out);
    }
    print_body(r.body, r.body_bytes, out);
}

void plan_view_message(char *message, size_t length, bool is_http2, FILE *out)
{
    const char *line = message + strcspn(message, "\r") + 2; /* the first is printed by the caller */
    const char *end = message + length;
    if (is_http2) {
        print_http2(message, length, out);
        return;
    }
    while (line < end && *line != '\r') {
        const size_t n = strcspn(line, "\r");
        const size_t n_name = strcspn(line, ":");
        print_field(line, n_name, line + n_name + 2, n - n_name - 2, out);
        line += n + 2;
    }
    if (line + 2 <= end)
        print_body(line + 2, (size_t)(end - line) - 2, out);
}

void plan_view_expect(const struct plan_expect *x, FILE *out)
{
    char text[128];
    fprintf(out, "expects %s", expect_status_text(x, text, sizeof text));
    if (x->checks_body)
        fprintf(out, ", body \"%.*s%s%.*s\"", BODY_SHOWN_BYTES, x->body_before,
                x->has_instance ? "{instance}" : "", BODY_SHOWN_BYTES, x->body_after);
    for (size_t i = 0; i < x->n_headers; i++)
        fprintf(out, ", header %s%s%s", x->headers[i].name, x->headers[i].value ? ": " : "",
                x->headers[i].value ? x->headers[i].value : "");
}

/* What fits is printed as it is: prose loses doubled blanks, which a body that is expected may have. */
void plan_view_prose(FILE *out, const char *heading, struct text_out *text)
{
    char *said = text_out_end(text);
    if (said && *said) {
        fprintf(out, "  %-*s", INDENT - 2, heading);
        if (INDENT + text->length_bytes <= WRAP_COLUMNS)
            fprintf(out, "%s\n", said);
        else
            wrap_print(out, said, INDENT, INDENT);
    }
    free(said);
}
