/* Values of feeds in templates: their column, and whether every row's value can stand there. */
#include "template_parts.h"

#include "err.h"
#include "escape.h"
#include "nearest.h"
#include "session_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "'a', 'b'", as far as there is room. */
static void list_columns(const struct plan_feed *feed, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < feed->n_columns && used + 80 < out_bytes; i++)
        used += (size_t)snprintf(out + used, out_bytes - used, "%s'%.64s'%s", i ? ", " : "", feed->columns[i],
                                 i + 1 < feed->n_columns && used + 160 >= out_bytes ? ", ..." : "");
}

/* "the feed", or "feed 'users'". */
static const char *feed_text(const struct plan_feed *feed, char *out, size_t out_bytes)
{
    if (feed->name[0])
        snprintf(out, out_bytes, "feed '%s'", feed->name);
    else
        snprintf(out, out_bytes, "the feed");
    return out;
}

enum { FEED_TEXT_BYTES = PLAN_NAME_BYTES + 8 };

static int no_column(const char *column, const struct plan_feed *feed, struct err *e)
{
    char columns[300], name[FEED_TEXT_BYTES];
    const char *near = nearest_word(column, (const char *const *)feed->columns, feed->n_columns);
    feed_text(feed, name, sizeof name);
    if (near)
        return err_set(e, ERR_INPUT, "%s has no column '%.64s'; did you mean '%.64s'?", name, column, near);
    list_columns(feed, columns, sizeof columns);
    const bool is_one = feed->n_columns == 1;
    const bool has_other_comma = is_one && strpbrk(feed->columns[0], ";\t");
    return err_set(e, ERR_INPUT, "%s has no column '%.64s'; it has %s%s", name, column, columns,
                   has_other_comma ? ": between two columns must stand a comma" : "");
}

/* SIZE_MAX when there is none of that name. */
static size_t find_column(const struct plan_feed *feed, const char *column)
{
    for (size_t i = 0; i < feed->n_columns; i++)
        if (strcmp(feed->columns[i], column) == 0)
            return i;
    return SIZE_MAX;
}

/* Why the value cannot stand there; NULL: it can. */
static const char *trouble(const char *value, const struct plan_piece *like, const struct template_word *word,
                           const struct template_at *at)
{
    const size_t n = strlen(value);
    if (like->escape == PLAN_NUMBER && !escape_is_scalar(value, n))
        return "no number, true, false or null";
    if (at->is_json && !word->filter && escape_bytes(PLAN_JSON, value, n) > n)
        return "a quote, backslash or control character, which would break this JSON: filter it by |json, or "
               "by "
               "|raw to send it as it is";
    if (!escape_may_break(like->escape, like->place) || like->filter == PLAN_BASE64)
        return NULL;
    for (const char *p = value; *p; p++)
        if (!template_fits(*p, at->use) || (*p == '#' && at->use == TEMPLATE_PATH))
            return *p == ' ' ? "a blank" : *p == '#' ? "a #" : "a control or non-ASCII character";
    return NULL;
}

static int check_rows(const struct plan_feed *feed, size_t column, const struct plan_piece *like,
                      const struct template_word *word, const struct template_at *at, struct err *e)
{
    char name[FEED_TEXT_BYTES];
    feed_text(feed, name, sizeof name);
    for (size_t row = 0; row < feed->n_rows; row++) {
        const char *cell = feed->cells[row * feed->n_columns + column];
        const char *why = trouble(cell, like, word, at);
        if (why)
            return err_set(e, ERR_INPUT, "column '%.64s' of %s cannot be used here: row %zu holds %s",
                           feed->columns[column], name, row + 1, why);
        if (like->place == PLAN_AT_PATH && *cell != '/')
            return err_set(
                e, ERR_INPUT,
                "a path that begins with column '%.64s' of %s must begin with / in every row, and row "
                "%zu holds '%.64s'",
                feed->columns[column], name, row + 1, cell);
    }
    return 0;
}

static int check_take(const struct plan_feed *feed, const struct template_scope *scope, struct err *e)
{
    char name[FEED_TEXT_BYTES];
    feed_text(feed, name, sizeof name);
    if (!scope->session && feed->take == PLAN_TAKE_USER)
        return err_set(e, ERR_INPUT, "%s is taken per user, and this stream has no 'session'", name);
    if (!scope->session && feed->order == PLAN_LEND)
        return err_set(e, ERR_INPUT, "%s lends its rows, and this stream has no 'session'", name);
    if (!scope->session && feed->at_end != PLAN_REPEAT)
        return err_set(e, ERR_INPUT, "%s has 'at_end', and this stream has no 'session'", name);
    if (scope->session && scope->has_no_pass && feed->take == PLAN_TAKE_PASS)
        return err_set(e, ERR_INPUT, "%s is taken per pass, and step '%s' is in none: give it 'take: user'",
                       name, scope->session->step);
    return 0;
}

/* The feed's index in the stream's list. */
static int list_feed(struct plan_stream *s, struct plan_feed *feed, uint32_t *index, struct err *e)
{
    for (size_t i = 0; i < s->n_feeds; i++)
        if (s->feeds[i] == feed) {
            *index = (uint32_t)i;
            return 0;
        }
    struct plan_feed **larger = realloc(s->feeds, (s->n_feeds + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    s->feeds = larger;
    *index = (uint32_t)s->n_feeds;
    larger[s->n_feeds++] = feed;
    return 0;
}

int template_add_feed(struct template *t, struct plan_feed *feed, const struct template_word *word,
                      const struct plan_piece *like, const struct template_at *at,
                      const struct template_scope *scope, struct err *e)
{
    const size_t column = find_column(feed, word->column);
    uint32_t index = 0;
    if (column == SIZE_MAX)
        return no_column(word->column, feed, e);
    if (check_take(feed, scope, e) || check_rows(feed, column, like, word, at, e) ||
        list_feed(scope->stream, feed, &index, e))
        return -1;
    struct plan_piece *p = template_add_piece(t, PLAN_PIECE_FEED);
    if (!p)
        return plan_out_of_memory(e);
    *p = *like;
    p->kind = PLAN_PIECE_FEED;
    p->feed = index;
    p->index = (uint32_t)column;
    return 0;
}
