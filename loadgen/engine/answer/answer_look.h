/* What a step looks at in its answers, made once from the plan: threads share it. A step that looks at
 * nothing has answers that cost no more than those of a plain stream. */
#ifndef ENGINE_ANSWER_LOOK_H
#define ENGINE_ANSWER_LOOK_H

#include "json_scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct pattern;
struct plan_session;
struct session_step;

/* Why a header field is of interest. */
enum look_kind {
    LOOK_CAPTURE = 1, /* of the field, or of a cookie that it sets */
    LOOK_COOKIE = 2,  /* for the jar */
    LOOK_LOCATION = 4,
    LOOK_CODING = 8,
};

struct look_field {
    const char *name; /* borrowed from the plan, or constant */
    size_t name_bytes;
    unsigned kinds; /* of look_kind */
};

struct answer_look {
    const struct session_step *step; /* borrowed */
    struct look_field *fields;       /* the header fields of interest, owned */
    size_t n_fields;
    uint32_t *capture_fields;  /* owned: of each capture of a header or cookie, the index of its field */
    struct json_query *parsed; /* owned: those of `json`, of `until`, then of captures, in the step's order */
    struct json_queries queries;
    struct pattern **patterns; /* owned: those of `texts`, then of captures; NULL where there is none */
    bool captures_fields;      /* so that no head can be taken for one that was seen before */
    bool shows_head;           /* all its fields go to answer_shared.head as text */
    bool looks_at_headers;     /* at a head that was not seen before */
    bool looks_at_body;
};

/* `session` and `step` are borrowed. NULL with a sentence when an expression or a path is wrong, or memory is
 * short. Freed with answer_look_free. */
struct answer_look *answer_look_new(const struct plan_session *session, const struct session_step *step,
                                    struct err *e);
/* For people: sets shows_head. */
void answer_look_show_head(struct answer_look *look);
void answer_look_free(struct answer_look *look);

#endif
