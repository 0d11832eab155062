#include "campaign.h"

#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void shuffle(struct campaign_pair *pairs, size_t n, struct random *random)
{
    for (size_t i = n; i > 1; i--) { /* Fisher-Yates */
        const size_t k = random_below(random, i);
        const struct campaign_pair kept = pairs[i - 1];
        pairs[i - 1] = pairs[k];
        pairs[k] = kept;
    }
}

size_t campaign_count(const struct campaign *c, enum campaign_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_pairs; i++)
        n += c->pairs[i].kind == kind;
    return n;
}

/* Numbers follow the order of the runs, so that "pair 3" is the third one run. */
static void number(struct campaign *c)
{
    uint32_t next[2] = { 1, 1 };
    for (size_t i = 0; i < c->n_pairs; i++)
        c->pairs[i].number = next[c->pairs[i].kind]++;
}

int campaign_draw(struct campaign *c, uint32_t n_ab, uint32_t n_aa)
{
    const size_t n = (size_t)n_ab + n_aa;
    struct random random;
    struct campaign_pair *larger = realloc(c->pairs, (c->n_pairs + n + 1) * sizeof *larger);
    if (!larger)
        return -1;
    c->pairs = larger;
    struct campaign_pair *fresh = c->pairs + c->n_pairs;
    random_init(&random, c->seed, c->n_pairs);
    /* With an odd number the extra pair's order is drawn as well. */
    const uint32_t n_b_first = n_ab / 2 + (n_ab % 2 && random_below(&random, 2));
    for (size_t i = 0; i < n; i++)
        fresh[i] = (struct campaign_pair){ .kind = i < n_ab ? CAMPAIGN_AB : CAMPAIGN_AA,
                                           .b_is_first = i < n_b_first };
    shuffle(fresh, n, &random);
    c->n_pairs += n;
    number(c);
    return 0;
}

uint64_t campaign_pair_seed(const struct campaign *c, const struct campaign_pair *pair)
{
    struct random random;
    random_init(&random, c->seed, ((uint64_t)pair->kind << 32) + pair->number);
    return random_u64(&random) >> 11; /* 53 bits: exact in JSON */
}

int campaign_runs_per_pair(const struct campaign *c)
{
    return c->is_side_by_side ? 1 : 2;
}

void campaign_run_name(const struct campaign *c, const struct campaign_pair *pair, bool is_b, char *out)
{
    const char *kind = pair->kind == CAMPAIGN_AB ? "pair" : "aa";
    if (c->is_side_by_side)
        snprintf(out, CAMPAIGN_NAME_BYTES, "%s-%02" PRIu32, kind, pair->number);
    else
        snprintf(out, CAMPAIGN_NAME_BYTES, "%s-%02" PRIu32 "-%c", kind, pair->number, is_b ? 'b' : 'a');
}

void campaign_arm_name(const struct campaign *c, const struct campaign_pair *pair, bool is_b, char *out)
{
    static const char again[] = "-again";
    if (is_b && pair->kind == CAMPAIGN_AA && c->is_side_by_side)
        snprintf(out, PLAN_NAME_BYTES, "%.*s%s", (int)(PLAN_NAME_BYTES - sizeof again), c->arms[0], again);
    else
        memcpy(out, c->arms[is_b && pair->kind == CAMPAIGN_AB], PLAN_NAME_BYTES);
}

void campaign_fini(struct campaign *c)
{
    for (size_t i = 0; c->kept_words && c->kept_words[i]; i++)
        free(c->kept_words[i]);
    free(c->kept_words);
    for (size_t i = 0; i < c->n_subjects; i++)
        free(c->subjects[i]);
    free(c->pairs);
    *c = (struct campaign){ 0 };
}
