#include "faults.h"

#include <stdbool.h>

/* Draws even where the ratio is 0, so that one ratio does not move the faults of another. */
static bool strikes(struct random *random, double ratio)
{
    return random_uniform(random) < ratio;
}

void faults_apply(const struct faults *f, struct random *random, uint64_t n_on_connection, struct answer *a)
{
    if (a->page != ANSWER_RESPONDING)
        return;
    const bool fails = strikes(random, f->fail_ratio);
    const bool resets = strikes(random, f->reset_ratio);
    const bool drops = strikes(random, f->drop_ratio);
    const bool stalls = strikes(random, f->stall_ratio);
    if (fails)
        a->status = 503;
    if (stalls)
        a->stall_ns = f->stall_ns;
    if (resets)
        a->end = ANSWER_RESET;
    else if (drops)
        a->end = ANSWER_DROP;
    else if (f->close_every > 0 && n_on_connection % f->close_every == 0 && a->end == ANSWER_KEEP)
        a->end = ANSWER_CLOSE;
}
