/* Shared by the files of the check, and included by no others: check.c (the pass), above check_http1.c and
 * check_http2.c (a request and its response), above check_connection.c (the socket, which blocks)
 * and check_responses.c. */
#ifndef ENGINE_CHECK_PARTS_H
#define ENGINE_CHECK_PARTS_H

#include "check.h"
#include "cookie_jar.h"
#include "exchange.h"
#include "http2.h"
#include "plan.h"
#include "transport.h"
#include "values.h"

#include <stdbool.h>

#define CHECK_HTTP2_KIND http2_frames

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
    struct http2 *real, *shown_http2; /* over HTTP/2; owned, NULL until there is a connection */
    char sent[CHECK_HEAD_BYTES_MOST]; /* HTTP/2: the head of the request, as text */
    size_t sent_bytes;
    char head[CHECK_HEAD_BYTES_MOST]; /* of the response */
    size_t head_bytes;
    char read[CHECK_READ_BYTES]; /* what arrived last; answers may point into it */
    char trouble[256];           /* with the name of the target */
};

struct check_result {
    enum outcome outcome; /* by the step's statuses, headers and exact body */
    const char *cause;
    uint16_t status;
};

/* A response as the run would take it, and for people. */
struct check_responses {
    struct exchange real, shown;
    char *tail; /* owned */
};

/* check.c: prepares for the response to the step's request. -1 when memory is short. */
int check_responses_init(struct check *c, struct check_responses *responses);
void check_responses_fini(struct check_responses *responses);

/* Each sends the message and takes the response, on a connection that it opens if there is none. */
struct check_result check_http1(struct check *c, const char *message, size_t length, bool is_head);
struct check_result check_http2(struct check *c, const char *message, size_t length);
/* Frees what check_http2 has made. */
void check_http2_fini(struct check *c);

/* check_connection.c */
struct check_result check_open(struct check *c);
void check_close(struct check *c);
struct check_result check_send(struct check *c, const char *bytes, size_t length, uint64_t until_ns);
/* False when the time is over, or the check is stopped. */
bool check_wait(const struct check *c, int fd, short events, uint64_t until_ns);
bool check_is_stopped(const struct check *c);
struct check_result check_failed(enum outcome outcome, const char *cause);
struct check_result check_too_late(const struct check *c);
/* A read or write ended with this transport_result. */
struct check_result check_lost(const struct check *c, ssize_t got);
/* Of a complete response. */
struct check_result check_verdict(const struct response *r);

#endif
