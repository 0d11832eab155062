/* The density of violin plots, against the sum of bells that defines it. */
#include "cm.h"

#include "close.h"

#include "density.h"
#include "hist.h"

#define MS1 UINT64_C(1048575) /* the highest value of its bin */

/* Two spikes of 100 and 300 in bins of 1 ns, at 1000 and 2000: sd of ln t is ln 2 * sqrt(3) / 4 = 0.30014,
 * the distance of the quartiles ln(2001 / 1001) = 0.69265, of which 1 / 1.34 is 0.51690; the width is 0.9 *
 * 0.30014
 * * 400^-0.2 = 0.081493. */
static void a_density_is_a_sum_of_bells_of_silvermans_width(void **state)
{
    const double pi = 3.14159265358979, width = 0.9 * 0.30014154 * pow(400, -0.2);
    double value[11], density[11];
    (void)state;
    struct hist *h = hist_new();
    assert_non_null(h);
    hist_add_bin(h, 1000, 100);
    hist_add_bin(h, 2000, 300);
    density_of_hist(h, 1000, 2000, 11, value, density);
    for (int i = 0; i < 11; i++) {
        const double at = log(1000) + log(2) * i / 10;
        double wanted = 0;
        assert_close(value[i], exp(at), 1e-9 * exp(at));
        for (int k = 0; k < 2; k++) {
            const double z = (log(1000 << k) - at) / width;
            wanted += fabs(z) < 5 ? (k ? 0.75 : 0.25) * exp(-0.5 * z * z) / (width * sqrt(2 * pi)) : 0;
        }
        assert_close(density[i], wanted, 1e-6);
    }
    hist_free(h);
}

static void a_density_of_equal_values_is_as_wide_as_a_bin(void **state)
{
    double value[2], density[2];
    (void)state;
    struct hist *h = hist_new();
    assert_non_null(h);
    hist_add_bin(h, hist_index(MS1), 7);
    density_of_hist(h, 1048319.5, 1048319.5 * exp(2.0 / 1024), 2, value,
                    density); /* from its middle, two widths on */
    assert_close(density[0], 1024 / sqrt(2 * acos(-1)), 1e-6);
    assert_close(density[1], 1024 / sqrt(2 * acos(-1)) * exp(-2), 1e-6);
    hist_clear(h);
    hist_add_bin(h, 0, 1); /* 0 ns counts as 0.5 ns, since it has no logarithm */
    density_of_hist(h, 0.5, 1, 2, value, density);
    assert_close(density[0], 1024 / sqrt(2 * acos(-1)), 1e-6);
    hist_free(h);
}

/* When the quartiles are closer than the spread, they determine the width: 600 of 1000 at 1000 ns, 200 at
 * 1010, 200 far away; ln(1011 / 1001) / 1.34. */
static void outliers_do_not_widen_a_density(void **state)
{
    double value[2], density[2];
    (void)state;
    struct hist *h = hist_new();
    assert_non_null(h);
    hist_add_bin(h, 1000, 600);
    hist_add_bin(h, 1010, 200);
    hist_add_bin(h, hist_index(MS1), 200);
    density_of_hist(h, 1000, 1000000, 2, value, density);
    const double width =
        0.9 * log(1011.0 / 1001) / 1.34 * pow(1000, -0.2); /* those at 1010 lie six of it away */
    assert_close(density[0], 0.6 / (width * sqrt(2 * acos(-1))), 1e-6);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_density_is_a_sum_of_bells_of_silvermans_width),
        cmocka_unit_test(a_density_of_equal_values_is_as_wide_as_a_bin),
        cmocka_unit_test(outliers_do_not_widen_a_density),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
