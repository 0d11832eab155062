/* Shared by the files of the check, and included by no others. */
#ifndef ENGINE_CHECK_PARTS_H
#define ENGINE_CHECK_PARTS_H

#include "check.h"
#include "cookie_jar.h"
#include "plan.h"
#include "response.h"
#include "transport.h"
#include "values.h"

#include <stdbool.h>

enum { CHECK_HEAD_BYTES_MOST = 16 * 1024, CHECK_READ_BYTES = 64 * 1024 };

struct check {
    const struct check_params *params;
    const struct plan_stream *stream;
    const struct plan_target *target;
    struct course course;
    struct course_shared shared;
    struct values_shared values;
    struct values *user; /* owned */
    struct answer_shared answers;
    struct answer_look *looks[SESSION_STEPS_MOST]; /* owned */
    struct answer answer;                          /* what the run would take */
    struct cookie_jar jar;
    struct cookie_origin origin;
    struct session_step shown_step; /* takes the body of any response, for people */
    struct session_text_expected shown_text;
    struct answer_look *shown_look; /* owned */
    struct answer shown;
    struct transport transport;
    struct sock sock;
    bool is_open;
    char head[CHECK_HEAD_BYTES_MOST]; /* of the response */
    size_t head_bytes;
    char read[CHECK_READ_BYTES]; /* what arrived last; answers may point into it */
    char trouble[256];           /* with the name of the target */
};

/* Sends the message and takes the response, on a connection that it opens if there is none. */
struct check_result {
    enum outcome outcome; /* by the step's statuses, headers and exact body */
    const char *cause;
    uint16_t status;
};
struct check_result check_exchange(struct check *c, const char *message, size_t length, bool is_head);
void check_close(struct check *c);

#endif
