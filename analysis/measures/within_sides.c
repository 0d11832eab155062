#include "within_sides.h"

#include "arms.h"
#include "dataset.h"
#include "within.h"

#include <stdlib.h>

bool within_sides_init(struct within_sides *w, const struct dataset *data)
{
    *w = (struct within_sides){ 0 };
    if (data->n_arms != 2)
        return false;
    for (size_t arm = 0; arm < 2; arm++) {
        struct within_side *side = &w->sides[arm];
        *side = (struct within_side){ .name = data->arms[arm].label,
                                      .cluster = data->arms[arm].cluster,
                                      .claims = data->claims,
                                      .attempts = *dataset_attempts(data, arm),
                                      .no_seconds = within_no_seconds(data) };
        w->seconds[arm] = within_seconds(data, arm, &side->n_seconds);
        side->seconds = w->seconds[arm];
        if (!side->seconds || attempts_n(&side->attempts) == 0)
            return false;
    }
    return true;
}

void within_sides_fini(struct within_sides *w)
{
    free(w->seconds[0]);
    free(w->seconds[1]);
    *w = (struct within_sides){ 0 };
}
