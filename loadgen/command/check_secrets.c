#include "check_secrets.h"

#include "escape.h"
#include "feed_row.h"
#include "plan_view_message.h"
#include "secret_fields.h"
#include "secret_name.h"
#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SECRET_BYTES_LEAST = 4 }; /* shorter texts stand everywhere by chance */

static size_t span_until(const char *at, const char *end, const char *stops)
{
    size_t n = 0;
    while (at + n < end && !strchr(stops, at[n]))
        n++;
    return n;
}

static const char given[] = "(given)";

/* --- what is secret --- */

static bool is_known(const struct check_secrets *s, const char *bytes, size_t n)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->lengths[i] == n && memcmp(s->texts[i], bytes, n) == 0)
            return true;
    return false;
}

static int add_text(struct check_secrets *s, const char *bytes, size_t n)
{
    if (n < SECRET_BYTES_LEAST || s->n == CHECK_SECRETS_MOST || is_known(s, bytes, n))
        return 0;
    char *text = malloc(n);
    if (!text)
        return -1;
    memcpy(text, bytes, n);
    s->texts[s->n] = text;
    s->lengths[s->n++] = n;
    return 0;
}

int check_secrets_add(struct check_secrets *s, const char *bytes, size_t n)
{
    static const enum plan_escape ways[] = { PLAN_URL, PLAN_FORM, PLAN_JSON, PLAN_HTML, PLAN_BASE64 };
    if (add_text(s, bytes, n))
        return -1;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char *text = malloc(escape_bytes(ways[i], bytes, n) + 1);
        const size_t length = text ? escape_write(ways[i], bytes, n, text) : 0;
        const int status = !text || (length != n && add_text(s, text, length)) ? -1 : 0;
        free(text);
        if (status)
            return -1;
    }
    return 0;
}

/* The pass that is checked, and its secrets. */
struct noting {
    struct check_secrets *secrets;
    const struct plan *plan;
    const struct plan_stream *stream;
    uint64_t number;
};

/* Whether `{name}` or `{name|url}` stands in the value. */
static bool has_word(const char *value, size_t n, const char *name)
{
    const size_t length = strlen(name);
    for (size_t at = 0; at + length + 1 < n; at++)
        if (value[at] == '{' && strncmp(value + at + 1, name, length) == 0 &&
            strchr("}|", value[at + 1 + length]))
            return true;
    return false;
}

/* The value that the pass takes from a feed. */
static int add_cell(const struct noting *in, const struct plan_feed *feed, size_t column)
{
    if (feed->n_rows == 0 || in->number >= feed_end(feed))
        return 0;
    const size_t row = feed->order == PLAN_LEND ? in->plan->share.index % feed->n_rows
                                                : feed_row(in->plan, in->stream, feed, in->number);
    const char *cell = feed->cells[row * feed->n_columns + column];
    return check_secrets_add(in->secrets, cell, strlen(cell));
}

/* What a secret value is made of: variables, and columns of feeds. */
static int note_value(const struct noting *in, const char *value, size_t n)
{
    const struct plan_session *session = in->stream->session;
    for (size_t i = 0; i < session->n_variables; i++)
        if (has_word(value, n, session->variables[i]))
            in->secrets->variables |= UINT64_C(1) << i;
    for (size_t i = 0; i < in->stream->n_feeds; i++) {
        const struct plan_feed *feed = in->stream->feeds[i];
        for (size_t k = 0; k < feed->n_columns; k++) {
            char word[256];
            snprintf(word, sizeof word, "%s%c%s", feed->name[0] ? feed->name : "csv",
                     feed->name[0] ? '.' : ':', feed->columns[k]);
            if (has_word(value, n, word) && add_cell(in, feed, k))
                return -1;
        }
    }
    return 0;
}

static int note_header(const struct noting *in, const char *line, size_t n)
{
    const size_t name = span_until(line, line + n, ":");
    return name < n && secret_name_matches(line, name) ? note_value(in, line + name, n - name) : 0;
}

static int note_fields(const struct noting *in, const char *text, size_t n)
{
    struct secret_field f;
    for (const char *at = text; secret_fields_next(text, n, at, &f); at = f.value + f.n_bytes)
        if (note_value(in, f.value, f.n_bytes))
            return -1;
    return 0;
}

/* Columns that are secret by their names. */
static int note_feeds(const struct noting *in)
{
    for (size_t i = 0; i < in->stream->n_feeds; i++) {
        const struct plan_feed *feed = in->stream->feeds[i];
        for (size_t k = 0; k < feed->n_columns; k++)
            if (secret_name_matches(feed->columns[k], strlen(feed->columns[k])) && add_cell(in, feed, k))
                return -1;
    }
    return 0;
}

/* Captures of cookies, and of what is secret by its name there. */
static void note_captures(const struct noting *in, const struct session_step *step)
{
    for (size_t i = 0; i < step->n_captures; i++) {
        const struct session_capture *c = &step->captures[i];
        if (c->source == SESSION_FROM_COOKIE || (c->place && secret_name_matches(c->place, strlen(c->place))))
            in->secrets->variables |= UINT64_C(1) << c->variable;
    }
}

/* Of a message that is the same each time, `shown` is the text with (given) for each secret. */
static int add_hidden(struct check_secrets *s, const char *shown, const char *sent, size_t n_sent)
{
    const char *end = sent + n_sent;
    for (const char *mark; (mark = strstr(shown, given)); shown = mark + sizeof given - 1) {
        sent += mark - shown;
        const char *behind = mark + sizeof given - 1;
        const char *next = strstr(behind, given);
        const size_t n = next ? (size_t)(next - behind) : strlen(behind);
        const char *secret_end = sent < end ? memmem(sent, (size_t)(end - sent), behind, n) : NULL;
        if (!secret_end || check_secrets_add(s, sent, (size_t)(secret_end - sent)))
            return secret_end ? -1 : 0;
        sent = secret_end;
    }
    return 0;
}

static int add_environment(struct check_secrets *s, const struct plan_request *r)
{
    for (size_t i = 0; i < r->n_pieces; i++)
        if (r->pieces[i].kind == PLAN_PIECE_SECRET &&
            check_secrets_add(s, r->pieces[i].text, r->pieces[i].length_bytes))
            return -1;
    return r->shown && r->n_pieces == 1
               ? add_hidden(s, r->shown, r->pieces[0].text, r->pieces[0].length_bytes)
               : 0;
}

static int note_step(const struct noting *in, const struct session_step *step)
{
    size_t n;
    char *message = plan_view_message_text(in->stream, &step->request, &n);
    int status = message ? note_fields(in, message, n) : -1;
    for (size_t at = 0; status == 0 && at < n && message[at] != '\r';) {
        const size_t length = strcspn(message + at, "\r");
        status = note_header(in, message + at, length);
        at += length + 2;
    }
    free(message);
    note_captures(in, step);
    return status || add_environment(in->secrets, &step->request) ? -1 : 0;
}

int check_secrets_init(struct check_secrets *s, const struct plan *plan, const struct plan_stream *stream,
                       uint64_t number)
{
    const struct plan_session *session = stream->session;
    const struct noting in = { s, plan, stream, number };
    *s = (struct check_secrets){ 0 };
    for (size_t i = 0; i < session->n_variables; i++)
        if (secret_name_matches(session->variables[i], strlen(session->variables[i])))
            s->variables |= UINT64_C(1) << i;
    for (size_t i = 0; i < session->n_steps; i++)
        if (note_step(&in, &session->steps[i]))
            return -1;
    return note_feeds(&in);
}

void check_secrets_fini(struct check_secrets *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->texts[i]);
    *s = (struct check_secrets){ 0 };
}

bool check_secrets_has_variable(const struct check_secrets *s, uint32_t variable)
{
    return s->variables >> variable & 1;
}

/* --- texts without it --- */

/* The length of the longest secret that stands at `at`; 0: none. */
static size_t secret_at(const struct check_secrets *s, const char *at, size_t n)
{
    size_t longest = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->lengths[i] <= n && s->lengths[i] > longest && memcmp(at, s->texts[i], s->lengths[i]) == 0)
            longest = s->lengths[i];
    return longest;
}

static void write_bytes(const struct check_secrets *s, const char *text, size_t n, FILE *out)
{
    while (n > 0) {
        const size_t secret = secret_at(s, text, n);
        const size_t used = secret ? secret : 1;
        if (secret)
            fputs(given, out);
        else
            putc(*text ? *text : '?', out);
        text += used;
        n -= used;
    }
}

void check_secrets_write(const struct check_secrets *s, const char *text, size_t n, FILE *out)
{
    const char *from = text;
    struct secret_field f;
    while (secret_fields_next(text, n, from, &f)) {
        write_bytes(s, from, (size_t)(f.value - from), out);
        fputs(given, out);
        from = f.value + f.n_bytes;
    }
    write_bytes(s, from, (size_t)(text + n - from), out);
}

/* Names of cookies are shown, and so are the attributes of those that are set. */
static void write_cookies(const struct check_secrets *s, const char *text, size_t n, bool is_set, FILE *out)
{
    const char *end = text + n;
    bool is_first = true;
    while (text < end) {
        const size_t part = span_until(text, end, ";");
        const size_t name = span_until(text, text + part, "=");
        const bool hides = name < part && (is_first || !is_set);
        write_bytes(s, text, hides ? name + 1 : part, out);
        fputs(hides ? given : "", out);
        fputs(text + part < end ? ";" : "", out);
        text += part + 1;
        is_first = false;
    }
}

void check_secrets_write_header(const struct check_secrets *s, const char *line, size_t n, FILE *out)
{
    const size_t name = span_until(line, line + n, ":");
    const bool is_set = name == 10 && strncasecmp(line, "set-cookie", 10) == 0;
    const bool is_cookie = name == 6 && strncasecmp(line, "cookie", 6) == 0;
    if (name == n || !secret_name_matches(line, name)) {
        check_secrets_write(s, line, n, out);
        return;
    }
    fprintf(out, "%.*s:", (int)name, line);
    if (is_set || is_cookie)
        write_cookies(s, line + name + 1, n - name - 1, is_set, out);
    else
        fprintf(out, " %s", given);
}
