/* What a session takes from an answer: verdict, captures and cookies. Bytes in, values out: it sees no
 * socket. The response's parser hands over header fields and pieces of the body as they arrive; a body that
 * comes in one read is looked at where it is, any other is collected in a pooled buffer. Hot path: nothing is
 * allocated but when a pool or a jar grows, and causes are constants or owned by the plan. */
#ifndef ENGINE_ANSWER_READ_H
#define ENGINE_ANSWER_READ_H

#include "answer_look.h"
#include "buffers.h"
#include "cookie_jar.h"
#include "decoder.h"
#include "outcome.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pattern_room;

/* What the answers of one thread share. */
struct answer_shared {
    struct buffers buffers;
    struct decoders decoders;
    struct pattern_room *patterns;
    char *values;              /* texts of values that are not as they stood in the answer */
    size_t value_bytes;        /* used of these */
    struct buffer head;        /* fields as text, of looks that show them; emptied by the caller */
    struct json_place *places; /* [JSON_QUERIES_MOST], of the answer that is judged */
    uint64_t n_foreign;        /* cookies of other domains, dropped */
};

/* An answer while it arrives. One per connection. */
struct answer {
    const struct answer_look *look; /* NULL: none is under way */
    struct answer_shared *shared;
    struct cookie_jar *jar; /* NULL: no cookies */
    const struct cookie_origin *origin;
    struct buffer fields; /* values of header fields that are wanted later */
    struct buffer kept;   /* the body, when it did not come in one read */
    struct decoder *decoder;
    const char *body; /* so far: in the read under way, or `kept` */
    size_t body_bytes;
    const char *cause; /* the first limit that was met */
    size_t field_at;   /* where the value of the current field begins in `fields` */
    uint16_t field;    /* index + 1 of the current field in the look; 0: not of interest */
    uint8_t coding;    /* enum coding */
    bool wants_body;
    bool has_fields; /* some field of interest, other than the coding, has come */
};

/* A value for a variable, borrowed until the next answer of the thread is judged, or bytes are read. */
struct answer_value {
    uint32_t variable;
    const char *text;
    size_t n_bytes;
};

struct answer_result {
    const char *cause;       /* NULL: all is as expected */
    const char *until_cause; /* what of `until` does not hold yet, when nothing is captured; NULL: it holds */
    size_t n_values;
    struct answer_value values[SESSION_VARIABLES_MOST];
};

/* The text of the pieces for this user, valid until the next call; NULL when it cannot be made. */
typedef const char *answer_text(void *user, const struct plan_piece *pieces, size_t n_pieces,
                                size_t *n_bytes);

/* -1 with errno when memory is short. */
int answer_shared_init(struct answer_shared *shared);
void answer_shared_fini(struct answer_shared *shared);

/* `jar` may be NULL; all are borrowed for as long as the answer is used. */
void answer_init(struct answer *a, struct answer_shared *shared, struct cookie_jar *jar,
                 const struct cookie_origin *origin);
/* Prepares for the answer to the next request of a step. */
void answer_begin(struct answer *a, const struct answer_look *look);
/* Gives back what is in use: after answer_finish, and when the connection has failed. May be called twice. */
void answer_drop(struct answer *a);

/* From the parser: a field's name, whole; pieces of its value; its end. */
void answer_name(struct answer *a, const char *name, size_t n_bytes);
void answer_value(struct answer *a, const char *at, size_t n_bytes);
void answer_value_end(struct answer *a);
/* The head is over. */
void answer_head_end(struct answer *a, unsigned status);
/* The head is equal to one seen before, which had this coding and no field of interest. */
void answer_known_head(struct answer *a, unsigned status, uint8_t coding);
void answer_body(struct answer *a, const char *at, size_t n_bytes);
/* The answer is not complete, and the bytes that were read go away. */
void answer_pause(struct answer *a);

/* Whether a head like this one can be known again. */
static inline bool answer_is_knowable(const struct answer *a)
{
    return !a->has_fields && !a->look->captures_fields;
}

/* The value of the next field with this index in the look, NULL: there is none. `behind` is the end of the
 * one before, NULL for the first. */
const char *answer_field(const struct answer *a, uint32_t field, const char *behind, size_t *n_bytes);
/* The value of Location, NULL: there was none. Valid until answer_drop. */
const char *answer_location(const struct answer *a, size_t *n_bytes);

/* Judges a complete answer whose status, headers and exact body are as the step expects, and fills `out`.
 * `text` gives the texts of expected values that have words in them. Returns OK or EXPECT. */
enum outcome answer_finish(struct answer *a, unsigned status, answer_text *text, void *user,
                           struct answer_result *out);

#endif
