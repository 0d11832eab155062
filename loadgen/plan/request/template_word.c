/* The words of templates: what they are called, and which piece each becomes. */
#include "template_parts.h"

#include "err.h"
#include "escape.h"
#include "nearest.h"
#include "session_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/* A word does not begin with a digit, so that {3} of a regular expression is none. */
size_t template_word_length(const char *text)
{
    if (text[1] == '\0' || strchr("0123456789-", text[1]))
        return 0;
    const size_t n = strspn(text + 1, name_letters);
    size_t end = n + 1;
    const bool has_file = n == 3 && (strncmp(text + 1, "csv", 3) == 0 || strncmp(text + 1, "env", 3) == 0);
    if (text[end] == '.' || text[end] == '|' || (text[end] == ':' && has_file))
        end = strcspn(text, "}\"\n");
    return n > 0 && text[end] == '}' && end <= TEMPLATE_WORD_BYTES_MOST ? end - 1 : 0;
}

static void take_apart(struct template_word *w, const char *word, size_t length)
{
    *w = (struct template_word){ 0 };
    memcpy(w->text, word, length);
    char *filter = strrchr(w->text, '|');
    if (filter) {
        *filter = '\0';
        snprintf(w->filter_room, sizeof w->filter_room, "%s", filter + 1);
        w->filter = w->filter_room;
    }
    const size_t n = strspn(w->text, name_letters);
    memcpy(w->name, w->text, n);
    w->is_colon = w->text[n] == ':';
    w->column = w->text[n] ? w->text + n + 1 : NULL;
}

static enum plan_escape escape_of_place(enum template_use use)
{
    switch (use) {
    case TEMPLATE_PATH:
        return PLAN_URL;
    case TEMPLATE_JSON:
        return PLAN_JSON;
    case TEMPLATE_FORM:
        return PLAN_FORM;
    case TEMPLATE_HEADER:
    case TEMPLATE_BODY:
        break;
    }
    return PLAN_AS_IS;
}

/* `raw`, `number`, `url` and `form` replace the escaping of the place; the others come before it, so that
 * {id|base64} in a query is percent-encoded, too. */
static int read_filter(const struct template_word *w, const struct template_at *at, struct plan_piece *like,
                       struct err *e)
{
    static const char *const names[] = { "raw", "number", "url", "form", "json", "html", "base64" };
    static const enum plan_escape escapes[] = { PLAN_AS_IS, PLAN_NUMBER, PLAN_URL,   PLAN_FORM,
                                                PLAN_JSON,  PLAN_HTML,   PLAN_BASE64 };
    enum { N_FILTERS = sizeof names / sizeof *names, N_REPLACING = 4 };
    size_t i = 0;
    if (!w->filter)
        return 0;
    while (i < N_FILTERS && strcmp(names[i], w->filter) != 0)
        i++;
    if (i == N_FILTERS) {
        const char *near = nearest_word(w->filter, names, N_FILTERS);
        return err_set(e, ERR_INPUT, "'%.64s' is no filter; %s%s%s", w->filter,
                       near ? "did you mean |"
                            : "there are |raw, |number, |url, |form, |json, |html and |base64",
                       near ? near : "", near ? "?" : "");
    }
    if (escapes[i] == PLAN_NUMBER && at->is_in_string)
        return err_set(e, ERR_INPUT, "{%s|number} must be the whole value", w->text);
    if (i < N_REPLACING)
        like->escape = escapes[i];
    else if (escapes[i] != like->escape)
        like->filter = escapes[i];
    return 0;
}

/* How the word is written. A value that begins a path is a path itself: nothing else can be meant. */
static int read_manner(const struct template_word *w, const struct template_at *at, struct plan_piece *like,
                       struct err *e)
{
    const bool begins_path = at->use == TEMPLATE_PATH && at->is_first;
    *like = (struct plan_piece){ .escape = begins_path ? PLAN_AS_IS : escape_of_place(at->use),
                                 .place = begins_path                  ? PLAN_AT_PATH
                                          : at->use == TEMPLATE_PATH   ? PLAN_IN_PATH
                                          : at->use == TEMPLATE_HEADER ? PLAN_IN_HEADER
                                                                       : PLAN_IN_BODY };
    return read_filter(w, at, like, e);
}

/* Literal as it will be sent: the value stays the same for the whole run. */
static int add_secret(struct template *t, const struct template_word *w, const struct plan_piece *like,
                      struct err *e)
{
    const char *value = getenv(w->column);
    const size_t n = value ? strlen(value) : 0;
    if (!value)
        return err_set(e, ERR_INPUT, "the environment variable %.128s is not set", w->column);
    const bool is_wrong =
        (like->escape == PLAN_NUMBER && !escape_is_scalar(value, n)) ||
        (escape_may_break(like->escape, like->place) && !escape_fits(like->place, value, n));
    if (is_wrong)
        return err_set(e, ERR_INPUT, "the value of the environment variable %.128s cannot stand here",
                       w->column);
    char *filtered = malloc(escape_bytes(like->filter, value, n) + 1);
    const size_t n_filtered = filtered ? escape_write(like->filter, value, n, filtered) : 0;
    char *text = filtered ? malloc(escape_bytes(like->escape, filtered, n_filtered) + 1) : NULL;
    struct plan_piece *p = text ? template_add_piece(t, PLAN_PIECE_SECRET) : NULL;
    if (p) {
        p->length_bytes = escape_write(like->escape, filtered, n_filtered, text);
        p->text = text;
    } else {
        free(text);
    }
    free(filtered);
    return p ? 0 : plan_out_of_memory(e);
}

static const struct {
    const char *name;
    enum plan_piece_kind kind;
} words[] = {
    { "counter", PLAN_PIECE_COUNTER }, { "random", PLAN_PIECE_RANDOM }, { "uuid", PLAN_PIECE_UUID },
    { "now", PLAN_PIECE_NOW },         { "user", PLAN_PIECE_USER },     { "instance", PLAN_PIECE_INSTANCE },
};
enum { N_WORDS = sizeof words / sizeof *words };

bool template_is_word(const char *name)
{
    for (size_t i = 0; i < N_WORDS; i++)
        if (strcmp(words[i].name, name) == 0)
            return true;
    return strcmp(name, "csv") == 0 || strcmp(name, "env") == 0;
}

static int check_word(enum plan_piece_kind kind, const struct template_scope *scope, struct err *e)
{
    if (kind == PLAN_PIECE_USER && !scope->session)
        return err_set(e, ERR_INPUT, "{user} needs a 'session': this stream has no users with a number");
    if (kind == PLAN_PIECE_COUNTER && scope->has_no_pass)
        return err_set(e, ERR_INPUT,
                       "{counter} is the number of a pass, and step '%s' is in none: use {user}",
                       scope->session->step);
    return 0;
}

/* The word of ours that comes nearest; NULL: none does. */
static const char *nearest_of_ours(const char *word, const struct template_scope *scope)
{
    const char *names[N_WORDS];
    size_t n = 0;
    for (size_t i = 0; i < N_WORDS; i++)
        if (words[i].kind != PLAN_PIECE_USER || scope->session)
            names[n++] = words[i].name;
    return nearest_word(word, names, n);
}

static int unknown_word(const struct template_word *w, const struct template_scope *scope, struct err *e)
{
    const char *near = nearest_of_ours(w->text, scope);
    if (near)
        return err_set(e, ERR_INPUT, "{%s} is not a value; did you mean {%s}?", w->text, near);
    return err_set(
        e, ERR_INPUT,
        "{%s} is not a value: there are {counter}, {random}, {uuid}, {now}, {instance}, {env:NAME} "
        "and {FEED.COLUMN}; write {{ for a brace",
        w->text);
}

/* A variable must be set here; what is no variable may be a misspelt word of ours. */
static int find_variable(const struct template_word *w, const struct template_scope *scope, uint32_t *index,
                         struct err *e)
{
    const struct plan_session *session = scope->session->session;
    const bool is_known = session_scope_number(scope->session, w->text) < session->n_variables;
    const bool is_near =
        nearest_word(w->text, (const char *const *)session->variables, session->n_variables) != NULL;
    if (!is_known && !is_near && nearest_of_ours(w->text, scope))
        return unknown_word(w, scope, e);
    return session_scope_find(scope->session, w->text, index, e);
}

static struct plan_feed *find_feed(const struct template_scope *scope, const char *name)
{
    for (size_t i = 0; scope->plan && i < scope->plan->n_feeds; i++)
        if (scope->plan->feeds[i]->name[0] && strcmp(scope->plan->feeds[i]->name, name) == 0)
            return scope->plan->feeds[i];
    return NULL;
}

static int unknown_feed(const struct template_word *w, const struct template_scope *scope, struct err *e)
{
    const char *names[PLAN_FEEDS_MOST];
    size_t n = 0;
    for (size_t i = 0; scope->plan && i < scope->plan->n_feeds && n < PLAN_FEEDS_MOST; i++)
        if (scope->plan->feeds[i]->name[0])
            names[n++] = scope->plan->feeds[i]->name;
    const char *near = nearest_word(w->name, names, n);
    if (near)
        return err_set(e, ERR_INPUT, "there is no feed '%.64s'; did you mean {%s.%.64s}?", w->name, near,
                       w->column);
    return err_set(e, ERR_INPUT, "{%s}: there is no feed '%.64s' under 'feeds'; write {{ for a brace",
                   w->text, w->name);
}

static int add_column(struct template *t, const struct template_word *w, const struct plan_piece *like,
                      const struct template_at *at, const struct template_scope *scope, struct err *e)
{
    if (w->is_colon && !scope->csv)
        return err_set(e, ERR_INPUT, "{%s} needs a file: give the stream a 'feed'", w->text);
    struct plan_feed *feed = w->is_colon ? scope->csv : find_feed(scope, w->name);
    return feed ? template_add_feed(t, feed, w, like, at, scope, e) : unknown_feed(w, scope, e);
}

static int add_made(struct template *t, enum plan_piece_kind kind, uint32_t index,
                    const struct plan_piece *like, struct err *e)
{
    struct plan_piece *p = template_add_piece(t, kind);
    if (!p)
        return plan_out_of_memory(e);
    *p = *like;
    p->kind = kind;
    p->index = index;
    return 0;
}

int template_add_word(struct template *t, const char *word, size_t length, const struct template_at *at,
                      const struct template_scope *scope, struct err *e)
{
    static const struct template_scope none = { 0 };
    struct template_word w;
    struct plan_piece like;
    uint32_t index;
    if (!scope)
        scope = &none;
    take_apart(&w, word, length);
    if (read_manner(&w, at, &like, e))
        return -1;
    if (w.is_colon && strcmp(w.name, "env") == 0)
        return add_secret(t, &w, &like, e);
    if (w.column)
        return add_column(t, &w, &like, at, scope, e);
    for (size_t i = 0; i < N_WORDS; i++)
        if (strcmp(words[i].name, w.text) == 0) {
            if (at->use == TEMPLATE_PATH && at->is_first)
                return err_set(e, ERR_INPUT, "'path' must begin with /, not '{%s}'", w.text);
            return check_word(words[i].kind, scope, e) ? -1 : add_made(t, words[i].kind, 0, &like, e);
        }
    if (!scope->session)
        return unknown_word(&w, scope, e);
    return find_variable(&w, scope, &index, e) ? -1 : add_made(t, PLAN_PIECE_VARIABLE, index, &like, e);
}
