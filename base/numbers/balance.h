/* Are k counts as even as chance would make them? Three answers, with the same limits in every output: as
 * even as round robin, when chance makes so small a range in fewer than one run of a thousand (exactly, by
 * range_chance.h); more uneven than chance, by Pearson's chi-square test at 1 %; else no more uneven than
 * chance. With fewer than five requests per instance nothing is said. The band holds all k counts at once
 * with 95 % (Bonferroni's correction). (A. Agresti, Categorical Data Analysis, 3rd ed., 1.5.2 and 3.3.1.) */
#ifndef BASE_BALANCE_H
#define BASE_BALANCE_H

#include <stddef.h>
#include <stdint.h>

#define BALANCE_EVEN_P     .001 /* P(range) below: round robin */
#define BALANCE_UNEVEN_P   .01  /* of chi-square, below: uneven */
#define BALANCE_EACH_LEAST 5    /* requests per instance */

/* What is not defined is NAN: all for k = 0, all but `expected` for k = 1 or a sum of 0. */
struct balance {
    double expected;   /* n / k */
    double sd;         /* standard deviation of one count, sqrt(expected * (1 - 1 / k)) */
    double half_width; /* of the band around `expected` */
    double chi2, df;
    double p_uneven; /* P(chi-square >= chi2): small when the counts are too uneven for chance */
    double p_even;   /* P(range <= that of the counts), or the product over the whole seconds; small when they
                        are too even for chance. NAN where range_chance is and seconds are unknown */
};

/* Whole seconds of a run as they pass: round robin leaves counts that differ by at most one in each, which
 * shows it long before the whole run's range does. */
struct balance_seconds {
    size_t n_uneven; /* seconds whose counts differ by more than one */
    double p_even;   /* product of P(range <= 1) over the others; 0 before the first */
};

/* Adds a second's counts; one without requests changes nothing. */
void balance_seconds_add(struct balance_seconds *s, const uint64_t *counts, size_t k);

/* `seconds` may be NULL: unknown. */
struct balance balance_of(const uint64_t *counts, size_t k, const struct balance_seconds *seconds);

enum balance_answer {
    BALANCE_NOT_JUDGED, /* too few requests, or fewer than two instances */
    BALANCE_ROUND_ROBIN,
    BALANCE_UNEVEN,
    BALANCE_CHANCE,
};
enum balance_answer balance_answer(const struct balance *b);
/* "as even as round robin makes it", "more uneven than chance makes it", "no more uneven than chance makes
 * it"; "" for BALANCE_NOT_JUDGED. Constant. */
const char *balance_words(enum balance_answer answer);

#endif
