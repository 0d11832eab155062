#include "order_effect.h"

#include "err.h"
#include "mann_whitney.h"
#include "mean.h"

#include <math.h>
#include <stdlib.h>

/* Copies the log ratios of the pairs that ran B first, or A. */
static size_t select_pairs(const double *log_ratio, const bool *b_first, size_t n, bool want,
                           double *selected)
{
    size_t n_selected = 0;
    for (size_t i = 0; i < n; i++)
        if (b_first[i] == want)
            selected[n_selected++] = log_ratio[i];
    return n_selected;
}

static int compare_orders(const double *a_first, const double *b_first, struct order_effect *out,
                          struct err *e)
{
    out->ratio_a_first = exp(mean_of(a_first, out->n_a_first));
    out->ratio_b_first = exp(mean_of(b_first, out->n_b_first));
    if (out->n_a_first == 0 || out->n_b_first == 0)
        return 0;
    struct mann_whitney test;
    if (mann_whitney_test(a_first, out->n_a_first, b_first, out->n_b_first, &test, e) != 0)
        return -1;
    out->p = isnan(test.p_exact) ? test.p : test.p_exact;
    return 0;
}

int order_effect_find(const double *log_ratio, const bool *b_first, size_t n, struct order_effect *out,
                      struct err *e)
{
    *out = (struct order_effect){ .p = NAN };
    double *room = malloc((2 * n + 1) * sizeof *room);
    if (!room)
        return err_errno(e, ERR_FAILED, "cannot compare the orders of %zu pairs", n);
    out->n_a_first = select_pairs(log_ratio, b_first, n, false, room);
    out->n_b_first = select_pairs(log_ratio, b_first, n, true, room + n);
    const int status = compare_orders(room, room + n, out, e);
    free(room);
    return status;
}
