/* Texts with values generated for each request: {counter}, {random}, {uuid}, {csv:column}, {instance}; `{{`
 * stands for a brace. A text becomes pieces; neighbouring literals become one. */
#ifndef PLAN_TEMPLATE_H
#define PLAN_TEMPLATE_H

#include "plan.h"

struct err;
struct random;

enum template_use {
    TEMPLATE_PATH,   /* in the request line: visible ASCII only */
    TEMPLATE_HEADER, /* in a header's value: no control characters */
    TEMPLATE_BODY,   /* anything */
};

/* Whether a character may stand there. */
static inline bool template_fits(char c, enum template_use use)
{
    const unsigned char byte = (unsigned char)c;
    if (use == TEMPLATE_BODY)
        return true;
    return (byte > ' ' && byte < 127) ||
           (use == TEMPLATE_HEADER && (byte == ' ' || byte == '\t' || byte >= 128));
}

/* A growing list of pieces. Zeroed is empty. */
struct template
{
    struct plan_piece *pieces; /* owned */
    size_t n;
};

void template_fini(struct template *t);
/* Appends bytes as they are. */
int template_add_literal(struct template *t, const char *bytes, size_t length_bytes, struct err *e);
/* Starts a new literal even behind another, for a place that must be a piece of its own. */
int template_add_break(struct template *t, struct err *e);
/* The column whose value `text` begins with; n_columns when the feed has none of that name, SIZE_MAX when it
 * begins otherwise. */
size_t template_leading_column(const char *text, const struct plan_feed *feed);
/* Length of the word between braces at `text`, which begins with '{'; 0 when that is no word, as in JSON. */
size_t template_word_length(const char *text);
/* Appends a text in which {words} are values. `feed` holds the columns. */
int template_add_text(struct template *t, const char *text, enum template_use use,
                      const struct plan_feed *feed, struct err *e);
/* Appends all of `from` and leaves that empty. */
int template_move(struct template *into, struct template *from, struct err *e);
/* Whether any piece from index `first` on is generated per request. */
bool template_is_made(const struct template *t, size_t first);

/* The most bytes that a piece can take. */
size_t template_piece_bytes_most(const struct plan_piece *piece, const struct plan_feed *feed);
/* Writes the value of a piece for request `seq`; returns its length. `out` has template_piece_bytes_most. */
size_t template_piece_write(const struct plan_piece *piece, const struct plan_stream *stream,
                            const struct plan_cluster *cluster, uint64_t seq, struct random *random,
                            char *out);

#endif
