#include "addresses.h"

#include "clock.h"
#include "dns_log.h"
#include "err.h"
#include "first_lookup.h"
#include "plan.h"
#include "resolver.h"
#include "units.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REACH_MS = 1000, /* time an address has to answer */
    LOOK_MS = 50,    /* longest delay until a stop is noticed */
};

static void log_answer(struct addresses *a, const struct lookup_answer *answer)
{
    const struct plan_target *t = a->target;
    struct dns_answer row = { .at_ns = clock_monotonic_ns(),
                              .name = t->unix_socket ? t->unix_socket : a->name,
                              .address = "" };
    if (!answer) {
        dns_log_add(a->log, &row);
        return;
    }
    row.ttl_is_known = answer->has_ttl;
    row.ttl_s = answer->ttl_s;
    for (uint32_t i = 0; i < answer->set->n; i++) {
        row.address = answer->set->list[i].text;
        dns_log_add(a->log, &row);
    }
}

static int compare_addresses(const void *a, const void *b)
{
    return strcmp(((const struct address *)a)->text, ((const struct address *)b)->text);
}

static void sort(struct address_set *set)
{
    qsort(set->list, set->n, sizeof set->list[0], compare_addresses);
}

/* An answer that lacks a family is usable only for a moment. */
static uint64_t usable_ns(const struct addresses *a, const struct lookup_answer *answer)
{
    const uint64_t ttl_ns = answer->ttl_s * NS_PER_S;
    if (answer->unanswered_v4 || answer->unanswered_v6)
        return RESOLVER_LEAST_S * NS_PER_S;
    return answer->has_ttl && ttl_ns < a->target->resolve_every_ns ? ttl_ns : a->target->resolve_every_ns;
}

static bool is_stopped(const atomic_int *stop)
{
    return stop && *stop;
}

/* Whether the connection attempt succeeds in time. */
static bool connects(int fd, const atomic_int *stop)
{
    struct pollfd wait = { .fd = fd, .events = POLLOUT };
    const uint64_t until_ns = clock_monotonic_ns() + REACH_MS * NS_PER_MS;
    int error = 0;
    socklen_t length = sizeof error;
    while (!is_stopped(stop) && clock_monotonic_ns() < until_ns)
        if (poll(&wait, 1, LOOK_MS) == 1)
            return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
    return false;
}

/* Whether any address of the family accepts a connection within a second. */
static bool can_reach(const struct address_set *set, int kind, const atomic_int *stop)
{
    bool reached = false;
    for (uint32_t i = 0; i < set->n && !reached && !is_stopped(stop); i++) {
        const struct address *a = &set->list[i];
        if (a->sockaddr.ss_family != kind)
            continue;
        const int fd = socket(kind, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        const int status = lookup_connect(fd, a);
        reached = status > 0 || (status == 0 && connects(fd, stop));
        close(fd);
    }
    return reached;
}

static uint32_t n_of_kind(const struct address_set *set, int kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->n; i++)
        n += set->list[i].sockaddr.ss_family == kind;
    return n;
}

static void drop_kind(struct address_set *set, int kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->n; i++)
        if (set->list[i].sockaddr.ss_family != kind)
            set->list[n++] = set->list[i];
    set->n = n;
}

/* A family that was unanswered at first may be unreachable: it stays out. */
static int settled_family(const struct lookup_answer *answer, const atomic_int *stop)
{
    const struct address_set *set = answer->set;
    if (answer->unanswered_v4 || answer->unanswered_v6)
        return answer->unanswered_v4 ? 6 : 4;
    if (n_of_kind(set, AF_INET) == 0 || n_of_kind(set, AF_INET6) == 0)
        return 0;
    const bool four = can_reach(set, AF_INET, stop);
    const bool six = can_reach(set, AF_INET6, stop);
    return four == six ? 0 : four ? 4 : 6;
}

int addresses_init(struct addresses *a, const struct plan_target *target, struct dns_log *log,
                   const atomic_int *stop, struct err *e)
{
    struct lookup_answer answer;
    *a = (struct addresses){ .target = target, .log = log };
    if (lookup_question_init(&a->question, target, e))
        return -1;
    snprintf(a->name, sizeof a->name, "%s", a->question.host);
    const int status = first_lookup_ask(target, stop, &answer, e);
    log_answer(a, status ? NULL : &answer);
    if (status)
        return -1;
    if (target->family == 0)
        a->question.family = settled_family(&answer, stop);
    if (a->question.family != 0)
        drop_kind(answer.set, a->question.family == 4 ? AF_INET6 : AF_INET);
    sort(answer.set);
    a->usable_ns = usable_ns(a, &answer);
    atomic_store(&a->current, answer.set);
    return 0;
}

static bool is_same(const struct address_set *x, const struct address_set *y)
{
    if (x->n != y->n)
        return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (strcmp(x->list[i].text, y->list[i].text) != 0)
            return false;
    return true;
}

/* An unanswered family may still exist: its addresses stay. */
static void keep_kind(struct address_set *set, const struct address_set *old, int kind)
{
    for (uint32_t i = 0; i < old->n; i++)
        if (old->list[i].sockaddr.ss_family == kind)
            address_set_add(set, (const struct sockaddr *)&old->list[i].sockaddr, old->list[i].length_bytes);
}

/* A failed lookup leaves the old addresses in use; the next one follows soon. */
static uint64_t renew(void *payload, const struct lookup_answer *answer)
{
    struct addresses *a = payload;
    struct address_set *old = atomic_load(&a->current);
    log_answer(a, answer);
    if (!answer)
        return 0;
    struct address_set *set = answer->set;
    if (answer->unanswered_v4)
        keep_kind(set, old, AF_INET);
    if (answer->unanswered_v6)
        keep_kind(set, old, AF_INET6);
    sort(set);
    const uint64_t ns = set->is_short ? 0 : usable_ns(a, answer);
    if (set->is_short || is_same(set, old)) {
        address_set_free(set);
        return ns;
    }
    set->generation = old->generation + 1;
    set->older = old;
    atomic_store_explicit(&a->current, set, memory_order_release);
    a->on_changed(a->payload);
    return ns;
}

int addresses_start(struct addresses *a, addresses_changed_fn *on_changed, void *payload, struct err *e)
{
    a->on_changed = on_changed;
    a->payload = payload;
    if (lookup_is_fixed(&a->question))
        return 0;
    a->resolver = resolver_start(
        &a->question,
        &(struct resolver_params){ .first_after_ns = a->usable_ns, .on_answer = renew, .payload = a }, e);
    a->question = (struct lookup_question){ 0 };
    return a->resolver ? 0 : -1;
}

void addresses_refresh(struct addresses *a)
{
    if (a->resolver)
        resolver_refresh(a->resolver);
}

void addresses_stop(struct addresses *a)
{
    resolver_stop(a->resolver);
    a->resolver = NULL;
}

void addresses_fini(struct addresses *a)
{
    addresses_stop(a);
    struct address_set *set = atomic_load(&a->current);
    while (set) {
        struct address_set *older = set->older;
        address_set_free(set);
        set = older;
    }
    lookup_question_fini(&a->question);
    *a = (struct addresses){ 0 };
}
