#include "chance_truth.h"

#include "balance.h"
#include "level.h"
#include "random.h"
#include "wave.h"

#include <assert.h>
#include <math.h>

enum { INSTANCES_MOST = 16, SECONDS_MOST = 300 };

/* Only whole seconds count one by one, as in a run. */
static enum balance_answer one_balance(const struct balance_setup *setup, struct random *random)
{
    uint64_t counts[INSTANCES_MOST] = { 0 }, second[INSTANCES_MOST] = { 0 };
    struct balance_seconds seconds = { 0 };
    for (uint32_t i = 1; i <= setup->n_requests; i++) {
        const size_t k = random_below(random, setup->n_instances);
        counts[k]++;
        second[k]++;
        if (i % setup->n_each_second > 0)
            continue;
        balance_seconds_add(&seconds, second, setup->n_instances);
        for (size_t j = 0; j < setup->n_instances; j++)
            second[j] = 0;
    }
    const struct balance b = balance_of(counts, setup->n_instances, &seconds);
    return balance_answer(&b);
}

struct balance_tally balance_truth(const struct balance_setup *setup)
{
    struct balance_tally tally = { .n = setup->n_runs };
    struct random random;
    assert(setup->n_instances <= INSTANCES_MOST);
    random_init(&random, setup->seed, 0);
    for (uint32_t i = 0; i < setup->n_runs; i++) {
        const enum balance_answer answer = one_balance(setup, &random);
        tally.n_round_robin += answer == BALANCE_ROUND_ROBIN;
        tally.n_uneven += answer == BALANCE_UNEVEN;
    }
    return tally;
}

int steady_truth(const struct steady_setup *setup, struct steady_tally *tally, struct err *e)
{
    struct random random;
    assert(setup->n_seconds <= SECONDS_MOST);
    *tally = (struct steady_tally){ .n = setup->n_runs };
    random_init(&random, setup->seed, 0);
    for (uint32_t i = 0; i < setup->n_runs; i++) {
        double median[SECONDS_MOST];
        struct wave wave;
        struct level level;
        wave_init(&wave, setup->phi, setup->sd, &random);
        for (size_t s = 0; s < setup->n_seconds; s++)
            median[s] = exp(wave_next(&wave)) * (s < setup->n_seconds / 2 ? 1 : 1 + setup->change);
        if (level_judge(median, setup->n_seconds, &level, e) != 0)
            return -1;
        tally->n_changed += level.answer == LEVEL_CHANGED;
        tally->n_dependent += level.answer == LEVEL_DEPENDENT;
    }
    return 0;
}
