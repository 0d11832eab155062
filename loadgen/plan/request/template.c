#include "template.h"

#include "err.h"
#include "nearest.h"
#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COUNTER_BYTES = 20,
    RANDOM_BYTES = 16,
    UUID_BYTES = 36,
    WORD_BYTES_MOST = 128,
};

static const char csv_prefix[] = "csv:";

void template_fini(struct template *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->pieces[i].text);
    free(t->pieces);
    *t = (struct template){ 0 };
}

static struct plan_piece *add_piece(struct template *t, enum plan_piece_kind kind)
{
    struct plan_piece *larger = realloc(t->pieces, (t->n + 1) * sizeof *larger);
    if (!larger)
        return NULL;
    t->pieces = larger;
    larger[t->n] = (struct plan_piece){ .kind = kind };
    return &larger[t->n++];
}

int template_add_break(struct template *t, struct err *e)
{
    return add_piece(t, PLAN_PIECE_LITERAL) ? 0 : plan_out_of_memory(e);
}

int template_add_literal(struct template *t, const char *bytes, size_t length_bytes, struct err *e)
{
    if (length_bytes == 0)
        return 0;
    struct plan_piece *p = t->n > 0 ? &t->pieces[t->n - 1] : NULL;
    if (!p || p->kind != PLAN_PIECE_LITERAL)
        p = add_piece(t, PLAN_PIECE_LITERAL);
    char *larger = p ? realloc(p->text, p->length_bytes + length_bytes) : NULL;
    if (!larger)
        return plan_out_of_memory(e);
    memcpy(larger + p->length_bytes, bytes, length_bytes);
    p->text = larger;
    p->length_bytes += length_bytes;
    return 0;
}

int template_move(struct template *into, struct template *from, struct err *e)
{
    for (size_t i = 0; i < from->n; i++) {
        struct plan_piece *piece = &from->pieces[i];
        if (piece->kind == PLAN_PIECE_LITERAL) {
            if (template_add_literal(into, piece->text, piece->length_bytes, e))
                return -1;
            continue;
        }
        struct plan_piece *added = add_piece(into, piece->kind);
        if (!added)
            return plan_out_of_memory(e);
        added->csv_column = piece->csv_column;
    }
    template_fini(from);
    return 0;
}

/* A value from the feed must not be able to end the line that it is inserted into. */
static int check_column(const struct plan_feed *feed, size_t column, enum template_use use, struct err *e)
{
    if (use == TEMPLATE_BODY)
        return 0;
    for (size_t row = 0; row < feed->n_rows; row++)
        for (const char *p = feed->cells[row * feed->n_columns + column]; *p; p++)
            if (!template_fits(*p, use))
                return err_set(
                    e, ERR_INPUT, "column '%.64s' of the feed cannot be used here: row %zu holds a %s",
                    feed->columns[column], row + 1, *p == ' ' ? "blank" : "control or non-ASCII character");
    return 0;
}

/* "'a', 'b'", as far as there is room. */
static void list_columns(const struct plan_feed *feed, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < feed->n_columns && used + 80 < out_bytes; i++)
        used += (size_t)snprintf(out + used, out_bytes - used, "%s'%.64s'%s", i ? ", " : "", feed->columns[i],
                                 i + 1 < feed->n_columns && used + 160 >= out_bytes ? ", ..." : "");
}

static int no_column(const char *column, const struct plan_feed *feed, struct err *e)
{
    char columns[300];
    const char *near = nearest_word(column, (const char *const *)feed->columns, feed->n_columns);
    if (near)
        return err_set(e, ERR_INPUT, "the feed has no column '%.64s'; did you mean '%.64s'?", column, near);
    list_columns(feed, columns, sizeof columns);
    const bool is_one = feed->n_columns == 1;
    const bool has_other_comma = is_one && strpbrk(feed->columns[0], ";\t");
    return err_set(e, ERR_INPUT, "the feed has no column '%.64s'; it has %s%s", column, columns,
                   has_other_comma ? ": between two columns must stand a comma" : "");
}

/* SIZE_MAX when there is none of that name. */
static size_t find_column(const struct plan_feed *feed, const char *column, size_t length)
{
    for (size_t i = 0; i < feed->n_columns; i++)
        if (strlen(feed->columns[i]) == length && strncmp(feed->columns[i], column, length) == 0)
            return i;
    return SIZE_MAX;
}

static int add_csv(struct template *t, const char *column, enum template_use use,
                   const struct plan_feed *feed, struct err *e)
{
    if (feed->n_columns == 0)
        return err_set(e, ERR_INPUT, "{csv:%.64s} needs a file: give the stream a 'feed'", column);
    const size_t i = find_column(feed, column, strlen(column));
    if (i == SIZE_MAX)
        return no_column(column, feed, e);
    if (check_column(feed, i, use, e))
        return -1;
    struct plan_piece *p = add_piece(t, PLAN_PIECE_CSV);
    if (!p)
        return plan_out_of_memory(e);
    p->csv_column = i;
    return 0;
}

static int add_word(struct template *t, const char *word, enum template_use use, const struct plan_feed *feed,
                    struct err *e)
{
    static const char *const words[] = { "counter", "random", "uuid", "instance" };
    static const enum plan_piece_kind kinds[] = { PLAN_PIECE_COUNTER, PLAN_PIECE_RANDOM, PLAN_PIECE_UUID,
                                                  PLAN_PIECE_INSTANCE };
    enum { N_WORDS = sizeof words / sizeof *words };
    if (strncmp(word, csv_prefix, sizeof csv_prefix - 1) == 0)
        return add_csv(t, word + sizeof csv_prefix - 1, use, feed, e);
    for (size_t i = 0; i < N_WORDS; i++)
        if (strcmp(words[i], word) == 0)
            return add_piece(t, kinds[i]) ? 0 : plan_out_of_memory(e);
    const char *near = nearest_word(word, words, N_WORDS);
    if (near)
        return err_set(e, ERR_INPUT, "{%s} is not a value; did you mean {%s}?", word, near);
    return err_set(e, ERR_INPUT,
                   "{%s} is not a value: there are {counter}, {random}, {uuid}, {instance} and {csv:COLUMN}; "
                   "write {{ for a brace",
                   word);
}

size_t template_word_length(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    const size_t n = strspn(text + 1, letters);
    size_t end = n + 1;
    if (n > 0 && strncmp(text + 1, csv_prefix, sizeof csv_prefix - 1) == 0)
        end = strcspn(text, "}\"\n");
    return n > 0 && text[end] == '}' && end <= WORD_BYTES_MOST ? end - 1 : 0;
}

size_t template_leading_column(const char *text, const struct plan_feed *feed)
{
    const size_t length = *text == '{' ? template_word_length(text) : 0;
    const size_t prefix = sizeof csv_prefix - 1;
    if (length <= prefix || strncmp(text + 1, csv_prefix, prefix) != 0)
        return SIZE_MAX;
    const size_t column = find_column(feed, text + 1 + prefix, length - prefix);
    return column < feed->n_columns ? column : feed->n_columns;
}

int template_add_text(struct template *t, const char *text, enum template_use use,
                      const struct plan_feed *feed, struct err *e)
{
    char word[WORD_BYTES_MOST + 1];
    while (*text) {
        const size_t plain = strcspn(text, "{");
        if (template_add_literal(t, text, plain, e))
            return -1;
        text += plain;
        if (!*text)
            break;
        const size_t length = template_word_length(text);
        if (length > 0) {
            memcpy(word, text + 1, length);
            word[length] = '\0';
            if (add_word(t, word, use, feed, e))
                return -1;
            text += length + 2;
        } else {
            if (template_add_literal(t, text, 1, e))
                return -1;
            text += text[1] == '{' ? 2 : 1;
        }
    }
    return 0;
}

bool template_is_made(const struct template *t, size_t first)
{
    for (size_t i = first; i < t->n; i++)
        if (t->pieces[i].kind != PLAN_PIECE_LITERAL)
            return true;
    return false;
}

size_t template_piece_bytes_most(const struct plan_piece *piece, const struct plan_feed *feed)
{
    size_t most = 0;
    switch (piece->kind) {
    case PLAN_PIECE_LITERAL:
        return piece->length_bytes;
    case PLAN_PIECE_COUNTER:
        return COUNTER_BYTES;
    case PLAN_PIECE_RANDOM:
        return RANDOM_BYTES;
    case PLAN_PIECE_UUID:
        return UUID_BYTES;
    case PLAN_PIECE_INSTANCE:
        return PLAN_INSTANCE_BYTES;
    case PLAN_PIECE_CSV:
        for (size_t row = 0; row < feed->n_rows; row++) {
            const size_t length = strlen(feed->cells[row * feed->n_columns + piece->csv_column]);
            most = length > most ? length : most;
        }
        return most;
    }
    return 0;
}

static size_t copy(const char *text, char *out)
{
    const size_t length = strlen(text);
    memcpy(out, text, length);
    return length;
}

/* RFC 9562, version 4, variant 10. */
static size_t write_uuid(struct random *random, char *out)
{
    char text[UUID_BYTES + 1];
    const uint64_t a = random_u64(random);
    const uint64_t b = random_u64(random);
    snprintf(text, sizeof text, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
             a >> 32, a >> 16 & 0xFFFF, a & 0xFFF, (b >> 48 & 0x3FFF) | 0x8000, b & UINT64_C(0xFFFFFFFFFFFF));
    return copy(text, out);
}

size_t template_piece_write(const struct plan_piece *piece, const struct plan_stream *stream,
                            const struct plan_cluster *cluster, uint64_t seq, struct random *random,
                            char *out)
{
    const struct plan_feed *feed = &stream->feed;
    char text[COUNTER_BYTES + 1];
    switch (piece->kind) {
    case PLAN_PIECE_LITERAL:
        if (piece->length_bytes > 0)
            memcpy(out, piece->text, piece->length_bytes);
        return piece->length_bytes;
    case PLAN_PIECE_COUNTER:
        snprintf(text, sizeof text, "%" PRIu64, seq);
        return copy(text, out);
    case PLAN_PIECE_RANDOM:
        snprintf(text, sizeof text, "%016" PRIx64, random_u64(random));
        return copy(text, out);
    case PLAN_PIECE_UUID:
        return write_uuid(random, out);
    case PLAN_PIECE_CSV:
        return copy(feed->cells[seq % feed->n_rows * feed->n_columns + piece->csv_column], out);
    case PLAN_PIECE_INSTANCE:
        return copy(cluster->instances[seq % cluster->n_instances], out);
    }
    return 0;
}
