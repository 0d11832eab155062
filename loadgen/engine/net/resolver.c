#include "resolver.h"

#include "clock.h"
#include "err.h"
#include "units.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEAST_NS (RESOLVER_LEAST_S * NS_PER_S)

struct resolver {
    struct lookup_question question; /* owned */
    struct resolver_params params;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;
    uint64_t answer_ns; /* time of the last answer */
    uint64_t usable_ns; /* how long it is valid */
    bool is_asked, stops;
    bool is_left; /* one of the two, thread or owner, has left */
};

static void resolver_free(struct resolver *r)
{
    lookup_question_fini(&r->question);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* Called with the lock held, which it releases. The last to leave frees. */
static void leave(struct resolver *r)
{
    const bool is_last = r->is_left;
    r->is_left = true;
    pthread_mutex_unlock(&r->lock);
    if (is_last)
        resolver_free(r);
}

/* Called with the lock held, which is released during the lookup. */
static void ask(struct resolver *r)
{
    struct lookup_answer answer;
    struct err e;
    r->is_asked = false;
    pthread_mutex_unlock(&r->lock);
    const bool has_answer = lookup_ask(&r->question, &answer, &e) == 0;
    pthread_mutex_lock(&r->lock);
    if (r->stops) {
        address_set_free(answer.set);
        return;
    }
    r->answer_ns = clock_monotonic_ns();
    r->usable_ns = r->params.on_answer(r->params.payload, has_answer ? &answer : NULL);
    if (r->usable_ns < LEAST_NS)
        r->usable_ns = LEAST_NS;
}

static void *ask_again(void *payload)
{
    struct resolver *r = payload;
    pthread_mutex_lock(&r->lock);
    while (!r->stops) {
        const uint64_t due_ns = r->answer_ns + (r->is_asked ? LEAST_NS : r->usable_ns);
        if (clock_monotonic_ns() >= due_ns) {
            ask(r);
            continue;
        }
        const struct timespec until = { .tv_sec = (time_t)(due_ns / NS_PER_S),
                                        .tv_nsec = (long)(due_ns % NS_PER_S) };
        pthread_cond_timedwait(&r->wake, &r->lock, &until);
    }
    leave(r);
    return NULL;
}

static struct resolver *resolver_new(struct lookup_question *question, const struct resolver_params *params)
{
    pthread_condattr_t monotonic;
    struct resolver *r = calloc(1, sizeof *r);
    if (!r) {
        lookup_question_fini(question);
        return NULL;
    }
    r->question = *question;
    r->params = *params;
    r->answer_ns = clock_monotonic_ns();
    r->usable_ns = params->first_after_ns > LEAST_NS ? params->first_after_ns : LEAST_NS;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&r->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

struct resolver *resolver_start(struct lookup_question *question, const struct resolver_params *params,
                                struct err *e)
{
    pthread_t thread;
    struct resolver *r = resolver_new(question, params);
    if (!r) {
        err_set(e, ERR_FAILED, "out of memory for the resolver");
        return NULL;
    }
    const int status = pthread_create(&thread, NULL, ask_again, r);
    if (status) {
        resolver_free(r);
        err_set(e, ERR_FAILED, "cannot start the resolver's thread: %s", strerror(status));
        return NULL;
    }
    pthread_detach(thread);
    return r;
}

void resolver_refresh(struct resolver *r)
{
    if (pthread_mutex_trylock(&r->lock) != 0)
        return; /* it is handling an answer, which is fresh */
    if (!r->is_asked) {
        r->is_asked = true;
        pthread_cond_signal(&r->wake);
    }
    pthread_mutex_unlock(&r->lock);
}

void resolver_stop(struct resolver *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->stops = true;
    pthread_cond_signal(&r->wake);
    leave(r);
}
