#include "mean_error.h"

#include "random.h"

#include "cm.h"

#include "close.h"

static void the_worked_example(void **state)
{
    double z[60];
    (void)state;
    for (size_t t = 0; t < N_OF(z); t++)
        z[t] = (double)(t * t % 13) / 1000;
    const struct mean_error e = mean_error_of(z, 60, 0);
    assert_close(e.r, .330226, 5e-7);
    assert_close(e.phi_u, .725705, 5e-7);
    assert_close(e.variance, 2.512547e-5, 5e-12);
    assert_close(e.half_width, .0017967, 5e-8);
}

static void the_level_does_not_matter(void **state)
{
    double z[60], higher[60];
    (void)state;
    for (size_t t = 0; t < N_OF(z); t++) {
        z[t] = (double)(t * t % 13) / 1000;
        higher[t] = 5 + z[t];
    }
    assert_close(mean_error_of(higher, 60, 0).half_width, mean_error_of(z, 60, 0).half_width, 1e-12);
}

static void the_larger_autocorrelation_counts(void **state)
{
    double z[60];
    (void)state;
    for (size_t t = 0; t < N_OF(z); t++)
        z[t] = (double)(t * t % 13) / 1000;
    assert_close(mean_error_of(z, 60, .9).r, .9, 0);
    assert_close(mean_error_of(z, 60, .99).phi, .97, 0);
    assert_close(mean_error_of(z, 60, .99).phi_u, .98, 0);
    assert_true(mean_error_of(z, 60, .9).half_width > mean_error_of(z, 60, 0).half_width);
}

static void equal_values_have_no_error(void **state)
{
    double z[40];
    (void)state;
    for (size_t t = 0; t < N_OF(z); t++)
        z[t] = .1;
    assert_close(mean_error_of(z, 40, 0).half_width, 0, 1e-12);
    assert_close(mean_error_of(z, 40, 0).r, 0, 0);
}

/* 95 % of series that depend on their past have their true mean within the half width. */
static void the_mean_is_covered_as_promised(void **state)
{
    static const double phis[] = { 0, .5, .8 };
    (void)state;
    for (size_t k = 0; k < N_OF(phis); k++) {
        struct random random;
        int n_covered = 0;
        random_init(&random, 3, k);
        for (int run = 0; run < 400; run++) {
            double z[120], level = 0, sum = 0;
            for (size_t t = 0; t < 200 + N_OF(z); t++) {
                level = phis[k] * level + random_uniform(&random) - .5;
                if (t >= 200)
                    sum += z[t - 200] = level;
            }
            n_covered += fabs(sum / N_OF(z)) <= mean_error_of(z, N_OF(z), 0).half_width;
        }
        assert_in_range(n_covered, 370, 400);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example),
        cmocka_unit_test(the_level_does_not_matter),
        cmocka_unit_test(the_larger_autocorrelation_counts),
        cmocka_unit_test(equal_values_have_no_error),
        cmocka_unit_test(the_mean_is_covered_as_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
