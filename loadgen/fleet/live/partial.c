#include "partial.h"

#include "stats.h"

#include <stdlib.h>

static void give_back(struct partials *p, struct stats *stats)
{
    if (!stats)
        return;
    if (p->spare) {
        stats_free(stats);
        return;
    }
    stats_clear(stats);
    p->spare = stats;
}

void partials_drop(struct partials *p)
{
    struct partial *partial = p->first;
    p->first = partial->next;
    give_back(p, partial->sum);
    pack_fini(&partial->bytes);
    free(partial);
}

void partials_fini(struct partials *p)
{
    while (p->first)
        partials_drop(p);
    stats_free(p->spare);
    free(p->scratch);
}

static struct partial *find(struct partials *p, uint64_t second)
{
    struct partial **link = &p->first;
    while (*link && (*link)->second < second)
        link = &(*link)->next;
    if (*link && (*link)->second == second)
        return *link;
    struct partial *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->second = second;
    made->next = *link;
    *link = made;
    return made;
}

static void decode(struct partials *p, const uint8_t *bytes, size_t n_bytes, struct stats *into)
{
    if (!p->scratch)
        p->scratch = malloc(sizeof *p->scratch);
    p->n_bad += !p->scratch || second_decode(bytes, n_bytes, p->plan, p->scratch, into);
}

const struct stats *partial_stats(struct partials *p, struct partial *partial)
{
    if (partial->sum)
        return partial->sum;
    partial->sum = p->spare ? p->spare : stats_new(p->plan);
    p->spare = NULL;
    if (!partial->sum) {
        p->n_bad++;
        return NULL;
    }
    if (partial->bytes.n > 0)
        decode(p, partial->bytes.bytes, partial->bytes.n, partial->sum);
    pack_fini(&partial->bytes);
    return partial->sum;
}

void partials_add(struct partials *p, uint64_t second, uint64_t length_ns, uint32_t n_told,
                  const uint8_t *bytes, size_t n_bytes)
{
    struct partial *partial = find(p, second);
    if (!partial) {
        p->n_bad++;
        return;
    }
    partial->n_told += n_told;
    partial->length_ns = length_ns > partial->length_ns ? length_ns : partial->length_ns;
    if (!partial->sum && partial->bytes.n == 0) {
        pack_bytes(&partial->bytes, bytes, n_bytes);
        p->n_bad += partial->bytes.is_short;
        return;
    }
    if (partial_stats(p, partial))
        decode(p, bytes, n_bytes, partial->sum);
}

void partial_put(struct partials *p, struct partial *partial, uint32_t more_metrics, struct pack *out)
{
    if (partial->sum)
        second_encode(p->plan, partial->sum, more_metrics, &partial->bytes);
    p->n_bad += partial->bytes.is_short;
    pack_number(out, partial->bytes.n);
    pack_bytes(out, partial->bytes.bytes, partial->bytes.n);
}
