#include "decide.h"
#include "err.h"
#include "holm.h"

#include <math.h>
#include <stdlib.h>

static bool claims_difference(const struct decide_result *r)
{
    return r->outcome == DECIDE_LOWER || r->outcome == DECIDE_HIGHER;
}

int decide_family(struct decide_result *results, size_t n, size_t primary, double confidence, struct err *e)
{
    double *p = calloc(2 * n + 1, sizeof *p);
    if (!p)
        return err_errno(e, ERR_FAILED, "cannot adjust %zu results", n);
    for (size_t i = 0; i < n; i++)
        p[i] = i == primary ? NAN : results[i].p;
    holm_adjust(p, n, p + n);
    for (size_t i = 0; i < n; i++) {
        results[i].p_holm = i == primary ? results[i].p : p[n + i];
        if (i == primary || !claims_difference(&results[i]) || results[i].p_holm < 1 - confidence)
            continue;
        results[i].outcome = DECIDE_UNDECIDED;
        results[i].reason = DECIDE_FAMILY;
    }
    free(p);
    return 0;
}
