#include "dataset_attempts.h"

#include "arms.h"
#include "dataset.h"
#include "dataset_derived.h"
#include "derived_attempts.h"
#include "err.h"

#include <stdlib.h>

static int count_arm(struct dataset *data, const struct derived_run *run, size_t arm)
{
    struct hist *ok = hist_new();
    data->ages[arm] = hist_new();
    if (ok && data->ages[arm]) {
        const struct derived_cluster cluster = { .name = data->arms[arm].cluster };
        const struct derived_scope scope = { .cluster = &cluster };
        data->attempts[arm] =
            derived_attempts(run, &scope, data->headline, data->headline, ok, data->ages[arm]);
        data->attempts[arm].ok = data->latency[arm];
    }
    hist_free(ok);
    return ok && data->ages[arm] ? 0 : -1;
}

int dataset_attempts_count(struct dataset *data, struct err *e)
{
    struct dataset_derived d;
    data->ages = calloc(data->n_arms + 1, sizeof(struct hist *));
    data->attempts = calloc(data->n_arms + 1, sizeof *data->attempts);
    int status = dataset_derived_init(&d, data, e) || !data->ages || !data->attempts ? -1 : 0;
    for (size_t arm = 0; status == 0 && arm < data->n_arms; arm++)
        status = count_arm(data, &d.run, arm);
    dataset_derived_fini(&d);
    return status ? err_set(e, ERR_FAILED, "out of memory for the attempts of the run") : 0;
}

const struct attempts *dataset_attempts(const struct dataset *data, size_t arm)
{
    return &data->attempts[arm];
}

struct attempts dataset_attempts_less_g(const struct dataset *data, size_t arm, struct hist *less)
{
    struct attempts a = data->attempts[arm];
    hist_clear(less);
    for (size_t i = 0; i < data->n_roles; i++)
        if (data->roles[i].arm == arm && data->roles[i].is_less_g && !data->roles[i].phase->warmup)
            hist_merge(less, data->tags.rows[i].hist);
    a.ok = less;
    return a;
}
