/* The user of a connection of a session stream: carries out what its course (course.h) asks for, with
 * requests on the connection and rests in between, and keeps what it learns from the answers. When passes
 * begin and users end is up to the shard's model. Used by one thread. Hot path. */
#ifndef ENGINE_USER_H
#define ENGINE_USER_H

#include "answer_read.h"
#include "cookie_jar.h"
#include "course.h"
#include "due_heap.h"
#include "http1.h"
#include "outcome.h"
#include "redirect.h"
#include "values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;
struct exchange;
struct plan;
struct shard;

/* What the users of a thread share, whatever their stream. */
struct users_here {
    struct values_shared values; /* and the request rendered last */
    struct answer_shared answers;
    const struct user *rendered; /* whose request that is; NULL: no user's any more */
    size_t rendered_bytes;
    uint64_t n_foreign; /* of answers.n_foreign, those that are counted */
};

/* What the answers to a step share. */
struct user_step {
    struct answer_look *look; /* owned */
    struct redirect redirect;
    struct http1_known known;
};

/* What the users of a shard share. */
struct users {
    struct users_here *here; /* borrowed */
    struct course_shared course;
    struct cookie_origin origin;
    struct due_heap asleep;
    struct user_step *steps; /* [n_steps], owned */
    uint32_t n_live;
    uint32_t n_over;
    const char *cut_cause; /* why passes under way end as censored, without `end`; NULL: they go on */
};

/* The struct is followed by its struct values. */
struct user {
    struct course course;
    struct cookie_jar jar;
    struct answer answer;
    uint64_t dispatched_ns; /* of its first request, since when it waits for a connection; else 0 */
    uint32_t index;         /* of its connection in the shard */
    bool is_asked;          /* a request is under way */
    bool is_live;           /* its course is under way: a pass, or the steps of `end` */
    bool is_parked;         /* rests until the model has it go on */
    bool is_over;
};

/* Why a run ends whose feed must not, and why sessions are cut. */
extern const char user_no_row[], user_not_finished[], user_run_over[];

enum user_does {
    USER_ASKS,   /* a request is under way */
    USER_SLEEPS, /* until the shard's timer wakes it */
    USER_DUE,    /* a pass may begin: user_begin_pass, or user_finish, or later */
    USER_OVER,
};

/* For a thread of a plan that has sessions. -1 when memory is short. users_here_fini accepts a zeroed one. */
int users_here_init(struct users_here *here, const struct plan *plan, uint32_t thread);
void users_here_fini(struct users_here *here);

/* For a shard of a session stream. NULL when memory is short; users_free accepts NULL. */
struct users *users_new(const struct shard *s, struct users_here *here);
void users_free(struct users *users);

/* Size of a user of this stream. */
size_t user_bytes(const struct plan_stream *stream);
void user_init(struct user *u, const struct shard *s, uint32_t index);
void user_fini(struct user *u);

/* It becomes user number `number`, whose first pass is due then. */
enum values_taken user_start(struct shard *s, struct conn *c, uint64_t number, uint64_t due_ns);
/* Goes on as far as it can at `now_ns`; `*due_ns` is set with USER_DUE. Passes that are over are accounted
 * for. Must not be called while a request is under way. */
enum user_does user_go_on(struct shard *s, struct conn *c, uint64_t now_ns, uint64_t *due_ns);
/* Between passes: begins one, unless it is not TAKEN. */
enum values_taken user_begin_pass(struct shard *s, struct conn *c, uint64_t pass, uint32_t phase,
                                  uint64_t due_ns);
/* Gives back what it has of the feeds: nothing follows. */
void user_end(struct shard *s, struct conn *c);
/* No pass follows: what is left are the steps of `end`. */
void user_finish(struct shard *s, struct conn *c, uint64_t now_ns);
/* With no request under way: ends its pass as censored when it goes on next, and the user with it. */
void user_cut(struct shard *s, struct conn *c, uint64_t now_ns);
/* Sleeps until then; moves the shard's timer. */
void user_sleep(struct shard *s, struct conn *c, uint64_t until_ns);
/* Wakes the one whose time comes first. */
struct conn *user_wake(struct shard *s);

/* user_request.c: renders what the course sends now. NULL when done; else why it cannot be sent, a constant
 * string. */
const char *user_render(struct shard *s, struct user *u);
/* Called by the connection. The request as bytes, valid until another one is rendered on this thread. Sets
 * what is expected of the answer, which goes to `x`. */
char *user_request(struct conn *c, struct exchange *x, size_t *length);

/* user_answer.c, called by the connection: the request has ended as `outcome`. Both are changed to what it
 * counts as in the session. */
void user_answered(struct conn *c, const struct exchange *x, enum outcome *outcome, const char **cause,
                   uint64_t now_ns);
/* The request cannot be sent, for that cause. */
void user_unsendable(struct shard *s, struct user *u, enum outcome *outcome, const char **cause,
                     uint64_t now_ns);

static inline struct values *user_values(const struct user *u)
{
    return (struct values *)(uintptr_t)(u + 1);
}

#endif
