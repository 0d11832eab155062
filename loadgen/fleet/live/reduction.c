/* A message: version, its kind, the shares of the branch that have ended, from which second on; then until
 * the end: second, length, shares told, number of bytes, bytes (second_codec.c). */
#include "reduction.h"

#include "err.h"
#include "fleet_tree.h"
#include "partial.h"
#include "units.h"
#include "wire.h"

#include <pthread.h>
#include <stdlib.h>

/* After a second's end: until every rank has written its own. */
#define GRACE_NS       (100 * NS_PER_MS)
#define SECOND_MOST    UINT32_MAX
#define LENGTH_NS_MOST (UINT64_C(1) << 40)

/* A second of this rank, on its way between two threads. */
struct own_second {
    uint64_t second, length_ns;
    struct pack bytes;
    struct own_second *next;
};

enum kind {
    SECONDS, /* its branch goes on */
    OVER,    /* all of its branch has ended */
    LAST,    /* the rank sends nothing more */
    N_KINDS,
};

/* This rank itself, or a rank that reports to it. */
struct branch {
    uint32_t rank;
    bool is_expected; /* it should report */
    bool is_over;     /* it and all below it have ended */
    uint32_t n_over;  /* shares that have, if it is */
    uint64_t told_to; /* the second after the last one told; once it is over, from which on it is */
};

struct reduction {
    struct reduction_params params;
    uint64_t t0_ns;
    uint64_t give_up_ns; /* after a second's end */
    pthread_mutex_t lock;
    struct own_second *own, **own_last; /* under the lock */
    uint64_t n_own_lost;                /* the same */
    bool is_ending;
    struct partials partials;
    uint64_t forwarded_to; /* the second after the last one that was sent */
    bool is_over_sent;
    uint32_t n_flushed;
    bool *away; /* [ranks] */
    struct branch *branches;
    uint32_t n_branches, n_branches_most;
};

static struct branch *branch_of(struct reduction *r, uint32_t rank)
{
    for (uint32_t i = 0; i < r->n_branches; i++)
        if (r->branches[i].rank == rank)
            return &r->branches[i];
    if (r->n_branches == r->n_branches_most) {
        const uint32_t most = r->n_branches_most > 0 ? 2 * r->n_branches_most : 16;
        struct branch *larger = realloc(r->branches, most * sizeof *larger);
        if (!larger)
            return NULL;
        r->branches = larger;
        r->n_branches_most = most;
    }
    r->branches[r->n_branches] = (struct branch){ .rank = rank };
    return &r->branches[r->n_branches++];
}

/* The ranks below, and in place of one that is away those below it. */
static int expect_below(struct reduction *r, uint32_t rank)
{
    const uint32_t n_ranks = r->params.wire->n_ranks;
    for (uint32_t i = 0; i < fleet_tree_n_children(rank, n_ranks); i++) {
        const uint32_t child = fleet_tree_child(rank, i);
        if (r->away[child]) {
            if (expect_below(r, child))
                return -1;
            continue;
        }
        struct branch *b = branch_of(r, child);
        if (!b)
            return -1;
        b->is_expected = true;
    }
    return 0;
}

static int expect_all(struct reduction *r)
{
    for (uint32_t i = 0; i < r->n_branches; i++)
        r->branches[i].is_expected = false;
    struct branch *self = branch_of(r, r->params.wire->rank);
    if (!self)
        return -1;
    self->is_expected = true;
    return expect_below(r, r->params.wire->rank);
}

struct reduction *reduction_new(const struct reduction_params *params, struct err *e)
{
    const uint32_t n_ranks = params->wire->n_ranks;
    const uint32_t height = fleet_tree_height(0, n_ranks);
    struct reduction *r = calloc(1, sizeof *r);
    if (!r || pthread_mutex_init(&r->lock, NULL) != 0) {
        free(r);
        err_set(e, ERR_FAILED, "out of memory for the fleet's seconds");
        return NULL;
    }
    r->params = *params;
    r->own_last = &r->own;
    r->partials.plan = params->plan;
    r->away = calloc(n_ranks, sizeof *r->away);
    r->give_up_ns =
        GRACE_NS +
        (height == 0 ? 0 : params->wait_ns * fleet_tree_height(params->wire->rank, n_ranks) / height);
    if (r->away && expect_all(r) == 0)
        return r;
    reduction_free(r);
    err_set(e, ERR_FAILED, "out of memory for the fleet's seconds");
    return NULL;
}

static void own_free(struct own_second *own)
{
    pack_fini(&own->bytes);
    free(own);
}

void reduction_free(struct reduction *r)
{
    if (!r)
        return;
    while (r->own) {
        struct own_second *next = r->own->next;
        own_free(r->own);
        r->own = next;
    }
    partials_fini(&r->partials);
    pthread_mutex_destroy(&r->lock);
    free(r->away);
    free(r->branches);
    free(r);
}

void reduction_begin(struct reduction *r, uint64_t t0_ns)
{
    r->t0_ns = t0_ns;
}

void reduction_add(struct reduction *r, uint64_t second, const struct stats *sum, uint64_t length_ns)
{
    struct own_second *own = calloc(1, sizeof *own);
    if (own) {
        own->second = second;
        own->length_ns = length_ns;
        second_encode(r->params.plan, sum, r->params.more_metrics, &own->bytes);
    }
    pthread_mutex_lock(&r->lock);
    if (own) {
        *r->own_last = own;
        r->own_last = &own->next;
    } else {
        r->n_own_lost++;
    }
    pthread_mutex_unlock(&r->lock);
}

void reduction_end(struct reduction *r)
{
    r->is_ending = true;
}

static void told(struct branch *b, uint64_t second)
{
    if (second >= b->told_to)
        b->told_to = second + 1;
}

static void take_own(struct reduction *r)
{
    pthread_mutex_lock(&r->lock);
    struct own_second *own = r->own;
    r->own = NULL;
    r->own_last = &r->own;
    pthread_mutex_unlock(&r->lock);
    while (own) {
        struct own_second *next = own->next;
        told(&r->branches[0], own->second);
        partials_add(&r->partials, own->second, own->length_ns, 1, own->bytes.bytes, own->bytes.n);
        own_free(own);
        own = next;
    }
    if (r->is_ending) {
        r->branches[0].is_over = true;
        r->branches[0].n_over = 1;
    }
}

void reduction_message(struct reduction *r, const struct wire_message *m)
{
    struct unpack in = { m->bytes, m->bytes + m->n_bytes, m->n_bytes == 0 };
    const uint32_t n_ranks = r->params.wire->n_ranks;
    struct branch *b = branch_of(r, m->from);
    if (!b || in.is_bad || unpack_number(&in) != SECOND_CODEC_VERSION) {
        r->partials.n_bad++;
        return;
    }
    const uint64_t kind = unpack_within(&in, N_KINDS - 1);
    const uint32_t n_over = (uint32_t)unpack_within(&in, n_ranks);
    const uint64_t over_from = unpack_within(&in, SECOND_MOST);
    while (in.at < in.end) {
        const uint64_t second = unpack_within(&in, SECOND_MOST);
        const uint64_t length_ns = unpack_within(&in, LENGTH_NS_MOST);
        const uint32_t n_told = (uint32_t)unpack_within(&in, n_ranks);
        const size_t n_bytes = unpack_number(&in);
        const uint8_t *bytes = unpack_bytes(&in, n_bytes);
        if (!bytes)
            break;
        told(b, second);
        partials_add(&r->partials, second, length_ns, n_told, bytes, n_bytes);
    }
    r->partials.n_bad += in.is_bad;
    r->n_flushed += !in.is_bad && kind == LAST;
    if (in.is_bad || kind != OVER)
        return;
    b->is_over = true;
    b->n_over = n_over;
    b->told_to = over_from;
}

/* --- sending --- */

static bool is_all_told(const struct reduction *r, uint64_t second)
{
    for (uint32_t i = 0; i < r->n_branches; i++) {
        const struct branch *b = &r->branches[i];
        if (b->is_expected && !b->is_over && b->told_to <= second)
            return false;
    }
    return true;
}

static bool is_all_over(const struct reduction *r)
{
    return is_all_told(r, UINT64_MAX);
}

static bool is_due(const struct reduction *r, uint64_t second, uint64_t now_ns)
{
    return is_all_told(r, second) || now_ns >= r->t0_ns + (second + 1) * NS_PER_S + r->give_up_ns;
}

/* Adds the shares that had ended before the second. They are counted once, when it is sent first. */
static void count_over(const struct reduction *r, struct partial *partial)
{
    if (partial->second < r->forwarded_to)
        return;
    for (uint32_t i = 0; i < r->n_branches; i++)
        if (r->branches[i].is_over && r->branches[i].told_to <= partial->second)
            partial->n_told += r->branches[i].n_over;
}

static void give(struct reduction *r, struct partial *partial)
{
    const struct stats *sum = partial_stats(&r->partials, partial);
    if (sum)
        r->params.on_second(r->params.payload,
                            &(struct reduced){ .second = partial->second,
                                               .length_ns = partial->length_ns,
                                               .n_told = partial->n_told,
                                               .is_late = partial->second < r->forwarded_to,
                                               .sum = sum });
}

static void put(struct reduction *r, struct partial *partial, struct pack *out)
{
    pack_number(out, partial->second);
    pack_number(out, partial->length_ns);
    pack_number(out, partial->n_told);
    partial_put(&r->partials, partial, r->params.more_metrics, out);
}

static void put_head(const struct reduction *r, enum kind kind, struct pack *out)
{
    uint64_t over_from = 0;
    uint32_t n_over = 0;
    for (uint32_t i = 0; kind == OVER && i < r->n_branches; i++) {
        n_over += r->branches[i].is_over ? r->branches[i].n_over : 0;
        if (r->branches[i].told_to > over_from)
            over_from = r->branches[i].told_to;
    }
    pack_number(out, SECOND_CODEC_VERSION);
    pack_number(out, kind);
    pack_number(out, n_over);
    pack_number(out, over_from);
}

static uint32_t receiver_of(const struct reduction *r, enum kind kind)
{
    if (kind == LAST)
        return 0;

    uint32_t rank = fleet_tree_parent(r->params.wire->rank);
    while (rank > 0 && r->away[rank])
        rank = fleet_tree_parent(rank);
    return rank;
}

static void send_up(struct reduction *r, enum kind kind, const struct pack *message)
{
    struct err e;
    if (message->is_short ||
        wire_send(r->params.wire, receiver_of(r, kind), WIRE_SECOND, message->bytes, message->n, &e))
        r->partials.n_bad++;
}

/* All seconds up to and with `last`. */
static void forward(struct reduction *r, uint64_t last, enum kind kind)
{
    const bool is_root = r->params.wire->rank == 0;
    struct pack message = { 0 };
    if (!is_root)
        put_head(r, kind, &message);
    while (r->partials.first && r->partials.first->second <= last) {
        struct partial *partial = r->partials.first;
        count_over(r, partial);
        if (is_root)
            give(r, partial);
        else
            put(r, partial, &message);
        if (partial->second >= r->forwarded_to)
            r->forwarded_to = partial->second + 1;
        partials_drop(&r->partials);
    }
    if (!is_root)
        send_up(r, kind, &message);
    pack_fini(&message);
}

void reduction_turn(struct reduction *r, uint64_t now_ns)
{
    take_own(r);
    const bool is_over = is_all_over(r);
    const struct partial *newest_due = NULL;
    for (const struct partial *p = r->partials.first; p; p = p->next)
        if (p->second >= r->forwarded_to && is_due(r, p->second, now_ns))
            newest_due = p;
    if (is_over ? r->partials.first || !r->is_over_sent : newest_due != NULL)
        forward(r, is_over ? UINT64_MAX : newest_due->second, is_over ? OVER : SECONDS);
    r->is_over_sent = is_over;
}

void reduction_flush(struct reduction *r)
{
    take_own(r);
    forward(r, UINT64_MAX, LAST);
}

uint32_t reduction_n_flushed(const struct reduction *r)
{
    return r->n_flushed;
}

void reduction_bridge(struct reduction *r, uint32_t rank, bool is_away)
{
    if (r->away[rank] == is_away)
        return;
    r->away[rank] = is_away;
    if (expect_all(r))
        r->partials.n_bad++;
}

uint64_t reduction_n_bad(const struct reduction *r)
{
    return r->partials.n_bad + r->n_own_lost;
}
