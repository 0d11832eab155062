#include "balance.h"

#include "prob.h"
#include "range_chance.h"

#include <math.h>
#include <stdbool.h>

/* The product over the seconds of a long run would underflow to 0, which stands for no seconds. */
static const double P_LEAST = 1e-300;

static uint64_t range_of(const uint64_t *counts, size_t k, uint64_t *n)
{
    uint64_t least = UINT64_MAX, most = 0;
    *n = 0;
    for (size_t i = 0; i < k; i++) {
        *n += counts[i];
        least = counts[i] < least ? counts[i] : least;
        most = counts[i] > most ? counts[i] : most;
    }
    return most - least;
}

void balance_seconds_add(struct balance_seconds *s, const uint64_t *counts, size_t k)
{
    uint64_t n = 0;
    const uint64_t range = k < 2 ? 0 : range_of(counts, k, &n);
    if (n == 0)
        return;
    if (range > 1) {
        s->n_uneven++;
        return;
    }
    const double p = range_chance(n, k, 1);
    s->p_even = fmax(P_LEAST, (s->p_even > 0 ? s->p_even : 1) * (isnan(p) ? 1 : p));
}

/* The smaller of both chances: either shows round robin. */
static double chance_of_so_even(uint64_t n, size_t k, uint64_t range, const struct balance_seconds *seconds)
{
    const double p = range_chance(n, k, range);
    const bool is_even_by_second = seconds && seconds->n_uneven == 0 && seconds->p_even > 0;
    return is_even_by_second ? fmin(p, seconds->p_even) : p; /* fmin ignores a NAN */
}

struct balance balance_of(const uint64_t *counts, size_t k, const struct balance_seconds *seconds)
{
    struct balance b = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    uint64_t n;
    const uint64_t range = range_of(counts, k, &n);
    b.expected = (double)n / (double)k; /* of none: NaN */
    if (k < 2 || n == 0)
        return b;
    b.sd = sqrt(b.expected * (1 - 1 / (double)k));
    b.half_width = b.sd * prob_normal_quantile(1 - 0.05 / (2 * (double)k));
    b.chi2 = 0;
    for (size_t i = 0; i < k; i++)
        b.chi2 += ((double)counts[i] - b.expected) * ((double)counts[i] - b.expected) / b.expected;
    b.df = (double)k - 1;
    b.p_uneven = prob_chi_square_upper(b.chi2, b.df);
    b.p_even = chance_of_so_even(n, k, range, seconds);
    return b;
}

enum balance_answer balance_answer(const struct balance *b)
{
    if (!(b->expected >= BALANCE_EACH_LEAST) || isnan(b->chi2))
        return BALANCE_NOT_JUDGED;
    if (b->p_even < BALANCE_EVEN_P)
        return BALANCE_ROUND_ROBIN;
    return b->p_uneven < BALANCE_UNEVEN_P ? BALANCE_UNEVEN : BALANCE_CHANCE;
}

const char *balance_words(enum balance_answer answer)
{
    static const char *const words[] = {
        [BALANCE_NOT_JUDGED] = "",
        [BALANCE_ROUND_ROBIN] = "as even as round robin makes it",
        [BALANCE_UNEVEN] = "more uneven than chance makes it",
        [BALANCE_CHANCE] = "no more uneven than chance makes it",
    };
    return words[answer];
}
