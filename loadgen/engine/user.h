/* The user of a connection of a session stream: carries out what its course (course.h) says, with requests on
 * the connection and rests in between. When passes begin and users end is up to the shard's model. Used by
 * one thread. Hot path. */
#ifndef ENGINE_USER_H
#define ENGINE_USER_H

#include "course.h"
#include "due_heap.h"
#include "outcome.h"
#include "response.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;
struct flight;
struct shard;

struct user {
    struct course course;
    uint64_t dispatched_ns; /* of its first request, which was intended since; 0: it is not the next one */
    uint32_t index;         /* of its connection in the shard */
    bool is_asked;          /* a request is under way */
    bool is_live;           /* its course is under way: a pass, or the steps of `end` */
    bool is_parked;         /* rests until the model has it go on */
    bool is_over;
};

/* What the users of a shard share. */
struct users {
    struct course_shared course;
    struct due_heap asleep;       /* of the users that sleep */
    struct response_known *known; /* [n_steps], owned */
    char *bytes;                  /* the request rendered last, owned */
    size_t n_bytes, room_bytes;
    const struct user *rendered; /* whose request it is; NULL: nobody's any more */
    uint32_t n_live;
    uint32_t n_over; /* users that are done for good */
    bool is_cutting; /* passes under way end as censored, and `end` is left out */
    bool wants_stop; /* a failed step ends the run */
};

enum user_does {
    USER_ASKS,   /* a request is under way */
    USER_SLEEPS, /* until the shard's timer wakes it */
    USER_DUE,    /* a pass may begin: user_begin_pass, or user_finish, or later */
    USER_OVER,
};

/* Of a session stream's shard. -1 when memory is short; users_free accepts NULL. */
struct users *users_new(const struct shard *s);
void users_free(struct users *users);

void user_init(struct user *u, uint32_t index);
void user_fini(struct user *u);
/* Goes on as far as it can at `now_ns`; `*due_ns` is set with USER_DUE. Passes that are over are accounted
 * for. Must not be called while a request is under way. */
enum user_does user_go_on(struct shard *s, struct conn *c, uint64_t now_ns, uint64_t *due_ns);
void user_begin_pass(struct shard *s, struct conn *c, uint64_t pass, uint32_t phase, uint64_t due_ns);
/* No pass follows: what is left are the steps of `end`. */
void user_finish(struct shard *s, struct conn *c, uint64_t now_ns);
/* With no request under way: ends its pass as censored when it goes on next, and the user with it. */
void user_cut(struct shard *s, struct conn *c, uint64_t now_ns);
/* Sleeps until then; moves the shard's timer. */
void user_sleep(struct shard *s, struct conn *c, uint64_t until_ns);
/* Wakes the one whose time comes first. */
struct conn *user_wake(struct shard *s);

/* Called by the connection. Its request as bytes, valid until another one's is asked for. Sets what is
 * expected of the answer. */
const char *user_request(struct conn *c, size_t *length);
/* Its request has ended as `outcome`. Both are changed to what it counts as in the session. */
void user_answered(struct conn *c, enum outcome *outcome, const char **cause, uint64_t now_ns);

#endif
