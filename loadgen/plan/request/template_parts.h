/* Shared by the files that read templates, and included by no others. */
#ifndef PLAN_TEMPLATE_PARTS_H
#define PLAN_TEMPLATE_PARTS_H

#include "template.h"

enum { TEMPLATE_WORD_BYTES_MOST = 192 };

/* Where a word stands in its text. */
struct template_at {
    enum template_use use;
    bool is_first;     /* nothing stands before it */
    bool is_in_string; /* of JSON */
    bool is_json;      /* the text is a body that begins as JSON does */
};

/* A word, taken apart: {name}, {name.column}, {csv:column}, each with |filter or not. */
struct template_word {
    char text[TEMPLATE_WORD_BYTES_MOST + 1]; /* without the filter: the name, or name and column */
    char name[TEMPLATE_WORD_BYTES_MOST + 1]; /* before the . or : */
    const char *column;                      /* behind it, in `text`; NULL: none */
    bool is_colon;                           /* it was a : */
    const char *filter;                      /* NULL: none */
    char filter_room[TEMPLATE_WORD_BYTES_MOST + 1];
};

/* Appends a piece; NULL when memory is short. */
struct plan_piece *template_add_piece(struct template *t, enum plan_piece_kind kind);
/* Appends what the word stands for. */
int template_add_word(struct template *t, const char *word, size_t length, const struct template_at *at,
                      const struct template_scope *scope, struct err *e);
/* Appends a value of a feed, written as `like` says, and lists the feed with the stream. Mistake when a row's
 * value cannot stand there. */
int template_add_feed(struct template *t, struct plan_feed *feed, const struct template_word *word,
                      const struct plan_piece *like, const struct template_at *at,
                      const struct template_scope *scope, struct err *e);

#endif
