/* Texts with values: {counter}, {token}, {users.name|url}; `{{` stands for a brace. A text becomes pieces;
 * neighbouring literals become one. Values are escaped by the place where they stand unless a filter says
 * otherwise. */
#ifndef PLAN_TEMPLATE_H
#define PLAN_TEMPLATE_H

#include "plan.h"

#include <stdbool.h>

struct err;
struct session_scope;

/* What a text is part of. */
enum template_use {
    TEMPLATE_BODY,   /* anything; values as they are */
    TEMPLATE_PATH,   /* in the request line: visible ASCII only; values are percent-encoded */
    TEMPLATE_HEADER, /* in a header's value: no control characters; values as they are */
    TEMPLATE_JSON,   /* JSON with values in its strings, which escape them */
    TEMPLATE_FORM,   /* a form, for which values are encoded */
};

/* Whether a character may stand there. */
static inline bool template_fits(char c, enum template_use use)
{
    const unsigned char byte = (unsigned char)c;
    if (use != TEMPLATE_PATH && use != TEMPLATE_HEADER)
        return true;
    return (byte > ' ' && byte < 127) ||
           (use == TEMPLATE_HEADER && (byte == ' ' || byte == '\t' || byte >= 128));
}

/* What the words of a text can stand for; all is borrowed. Zeroed: what needs neither feed nor session. */
struct template_scope {
    const struct plan *plan;    /* its feeds; NULL: none */
    struct plan_stream *stream; /* lists the feeds that its texts use; not NULL where there is a feed */
    struct plan_feed *csv;      /* of {csv:COLUMN}; NULL: none */
    const struct session_scope *session; /* its variables, and the step; NULL: the stream has none */
    bool has_no_pass; /* `begin` and `end`: no {counter}, no feeds that are taken per pass */
};

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
/* Length of the word between braces at `text`, which begins with '{'; 0 when that is no word, as in JSON. */
size_t template_word_length(const char *text);
/* Appends a text in which {words} are values. The sentence says what is wrong with it. */
int template_add_text(struct template *t, const char *text, enum template_use use,
                      const struct template_scope *scope, struct err *e);
/* Appends all of `from` and leaves that empty. */
int template_move(struct template *into, struct template *from, struct err *e);
/* Appends the Base64 of `from`, as a secret, and leaves that empty. */
int template_add_base64(struct template *t, struct template *from, struct err *e);
/* Whether any piece from index `first` on is generated per request. */
bool template_is_made(const struct template *t, size_t first);
/* Whether the name is one of ours, so that no variable or feed can have it. */
bool template_is_word(const char *name);
/* Whether the text begins with a value. */
bool template_begins_with_value(const char *text);

#endif
