#include "first_lookup.h"

#include "clock.h"
#include "err.h"
#include "units.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_NS (20 * NS_PER_MS) /* longest delay until a stop is noticed */

/* Shared by the thread that asks and the one that waits. The last to leave frees it. */
struct pending {
    struct lookup_question question;
    struct lookup_answer answer;
    struct err e;
    int status;
    pthread_mutex_t lock; /* guards what follows, and the ownership of the answer */
    pthread_cond_t done;
    bool is_done, is_left;
};

static void pending_free(struct pending *p)
{
    lookup_question_fini(&p->question);
    address_set_free(p->answer.set);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static struct pending *pending_new(const struct plan_target *target, struct err *e)
{
    struct pending *p = calloc(1, sizeof *p);
    if (!p) {
        err_set(e, ERR_FAILED, "out of memory while resolving the target");
        return NULL;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&p->lock, NULL);
    if (lookup_question_init(&p->question, target, e)) {
        pending_free(p);
        return NULL;
    }
    return p;
}

static void *ask(void *payload)
{
    struct pending *p = payload;
    struct lookup_answer answer;
    p->status = lookup_ask(&p->question, &answer, &p->e);
    pthread_mutex_lock(&p->lock);
    p->answer = answer;
    p->is_done = true;
    const bool is_last = p->is_left;
    pthread_cond_signal(&p->done);
    pthread_mutex_unlock(&p->lock);
    if (is_last)
        pending_free(p);
    return NULL;
}

/* Called with the lock held. */
static void wait_for(struct pending *p, const atomic_int *stop)
{
    while (!p->is_done && !(stop && *stop)) {
        const uint64_t until_ns = clock_monotonic_ns() + LOOK_NS;
        const struct timespec until = { .tv_sec = (time_t)(until_ns / NS_PER_S),
                                        .tv_nsec = (long)(until_ns % NS_PER_S) };
        pthread_cond_timedwait(&p->done, &p->lock, &until);
    }
}

static int take_answer(struct pending *p, struct lookup_answer *answer, struct err *e)
{
    const int status = p->status;
    *answer = p->answer;
    p->answer = (struct lookup_answer){ 0 };
    if (status)
        *e = p->e;
    pending_free(p);
    return status;
}

int first_lookup_ask(const struct plan_target *target, const atomic_int *stop, struct lookup_answer *answer,
                     struct err *e)
{
    pthread_t thread;
    struct pending *p = pending_new(target, e);
    *answer = (struct lookup_answer){ 0 };
    if (!p)
        return -1;
    if (lookup_is_fixed(&p->question) || pthread_create(&thread, NULL, ask, p)) {
        p->status = lookup_ask(&p->question, &p->answer, &p->e);
        return take_answer(p, answer, e);
    }
    pthread_detach(thread);
    pthread_mutex_lock(&p->lock);
    wait_for(p, stop);
    const bool is_done = p->is_done;
    p->is_left = !is_done;
    if (!is_done)
        err_set(e, ERR_FAILED, "interrupted while the name '%s' was looked up; nothing was sent",
                p->question.host);
    pthread_mutex_unlock(&p->lock);
    return is_done ? take_answer(p, answer, e) : -1;
}
