#include "check_view.h"

#include "expect.h"
#include "session.h"
#include "text_out.h"
#include "units.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    BODY_SHOWN_BYTES = 2048,
    BODY_READ_BYTES = BODY_SHOWN_BYTES + SESSION_VALUE_BYTES_MOST, /* so that no secret is cut */
};

static void print_head(const struct check_view *v, char mark, const char *head, size_t n, FILE *out)
{
    const char *end = head + n;
    while (head < end && *head != '\r' && *head != '\n') {
        const char *line_end = memchr(head, '\n', (size_t)(end - head));
        size_t length = (size_t)((line_end ? line_end : end) - head);
        length -= length > 0 && head[length - 1] == '\r';
        fprintf(out, "  %c ", mark);
        check_secrets_write_header(v->secrets, head, length, out);
        putc('\n', out);
        head = line_end ? line_end + 1 : end;
    }
}

static void print_body(const struct check_view *v, char mark, const char *body, size_t n, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    const size_t n_read = n < BODY_READ_BYTES ? n : BODY_READ_BYTES;
    struct text_out masked;
    if (n == 0)
        return;
    if (text_out_begin(&masked))
        check_secrets_write(v->secrets, body, n_read, masked.file);
    char *whole = text_out_end(&masked);
    const bool is_cut = whole && (masked.length_bytes > BODY_SHOWN_BYTES || n_read < n);
    if (whole && masked.length_bytes > BODY_SHOWN_BYTES)
        whole[BODY_SHOWN_BYTES] = '\0';
    fprintf(out, "  %c\n", mark);
    for (char *line = whole; line && *line;) {
        const size_t length = strcspn(line, "\n");
        fprintf(out, "  %c %.*s\n", mark, (int)length, line);
        line += length + (line[length] == '\n');
    }
    if (is_cut)
        fprintf(out, "  %c ... (%s in all)\n", mark, units_bytes_text(n, text));
    free(whole);
}

static void print_request(const struct check_view *v, const struct check_seen *seen, FILE *out)
{
    if (!seen->request)
        return;
    print_head(v, '>', seen->request, seen->request_bytes, out);
    print_body(v, '>', seen->request_body, seen->request_body_bytes, out);
}

static void print_response(const struct check_view *v, const struct check_seen *seen, FILE *out)
{
    if (!seen->head)
        return;
    print_head(v, '<', seen->head, seen->head_bytes, out);
    print_body(v, '<', seen->body, seen->body_bytes, out);
    if (seen->body_cause)
        fprintf(out, "  < (not shown: %s)\n", seen->body_cause);
}

static void print_captures(const struct check_view *v, const struct check_seen *seen, FILE *out)
{
    for (size_t i = 0; i < seen->n_values; i++) {
        const struct answer_value *value = &seen->values[i];
        fprintf(out, "  captured  %s = ", v->stream->session->variables[value->variable]);
        if (check_secrets_has_variable(v->secrets, value->variable))
            fputs("(given)", out);
        else
            check_secrets_write(v->secrets, value->text, value->n_bytes, out);
        putc('\n', out);
    }
}

static void print_cookies(const struct check_view *v, const struct check_seen *seen, FILE *out)
{
    (void)v;
    if (seen->n_cookies > 0)
        fprintf(out, "  cookies   %" PRIu32 " kept\n", seen->n_cookies);
    if (seen->n_foreign > 0)
        fprintf(out, "  cookies   %" PRIu64 " dropped: for another domain, or for https only\n",
                seen->n_foreign);
}

static bool is_wrong_status(const struct check_seen *seen)
{
    return seen->outcome != OUTCOME_OK && outcome_is_answer(seen->outcome) &&
           !plan_expects_status(&seen->step->expect, seen->status);
}

static void print_cause(const struct check_view *v, const struct check_seen *seen, FILE *out)
{
    char expected[128];
    const char *cause = seen->cause ? seen->cause : seen->until_cause;
    const bool is_ok = seen->outcome == OUTCOME_OK;
    if (is_wrong_status(seen)) {
        fprintf(out, ": status %u, expected %s", seen->status,
                expect_status_text(&seen->step->expect, expected, sizeof expected));
    } else if (cause && (!is_ok || seen->until_cause)) {
        fputs(": ", out);
        check_secrets_write(v->secrets, cause, strlen(cause), out);
    } else if (!is_ok) {
        fprintf(out, ": %s", outcome_words(seen->outcome));
    }
    putc('\n', out);
}

/* Prints a part whose bytes are those of the server or the scenario, without what a terminal would obey. */
static void print_safe(const struct check_view *v, const struct check_seen *seen,
                       void (*print)(const struct check_view *v, const struct check_seen *seen, FILE *out))
{
    struct text_out text;
    if (text_out_begin(&text))
        print(v, seen, text.file);
    char *whole = text_out_end(&text);
    if (whole)
        utf8_print(v->out, whole);
    free(whole);
}

static void print_verdict(const struct check_view *v, const struct check_seen *seen)
{
    char time[UNITS_TEXT_BYTES];
    const bool is_ok = seen->outcome == OUTCOME_OK;
    const char *verdict = !is_ok ? "failed" : seen->until_cause ? "not yet" : "ok";
    fprintf(v->out, "  %s%-8s%s  in %s", term_begin(&v->term, is_ok ? TERM_GREEN : TERM_RED), verdict,
            term_end(&v->term), units_duration_text(seen->took_ns, time));
    print_safe(v, seen, print_cause);
}

void check_view_print(void *payload, const struct check_seen *seen)
{
    struct check_view *v = payload;
    /* Captured secrets are noted first: the response shows them, too. */
    for (size_t i = 0; i < seen->n_values; i++)
        if (check_secrets_has_variable(v->secrets, seen->values[i].variable))
            check_secrets_add(v->secrets, seen->values[i].text, seen->values[i].n_bytes);
    v->has_failed = v->has_failed || seen->outcome != OUTCOME_OK;
    fprintf(v->out, "\n%s%s%s", term_begin(&v->term, TERM_BOLD), seen->step->name, term_end(&v->term));
    if (seen->n_hops > 0)
        fprintf(v->out, ", redirect %d", seen->n_hops);
    putc('\n', v->out);
    print_safe(v, seen, print_request);
    print_safe(v, seen, print_response);
    print_safe(v, seen, print_captures);
    print_safe(v, seen, print_cookies);
    print_verdict(v, seen);
    fflush(v->out);
}
