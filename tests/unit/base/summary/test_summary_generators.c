/* What the summary says of shares and of the generators whose results were merged. */
#include "described.h"

enum { N_MANY = 1000 };

static void make(struct described *x)
{
    described_init(x);
    answers(x, 1, "service.steady.cluster1.p1.ok.all", 200, 5000);
    x->thresholds[0] = (struct threshold_result){
        .text = "p50 < 9ms", .value = NAN, .at_least = NAN, .held = THRESHOLD_UNDECIDED
    };
    x->summary.n_thresholds = 1;
}

static void a_share_says_that_the_plan_is_larger(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    x.summary.share = 3;
    x.summary.n_shares = 8;
    has(&x, "  share       3 of 8; connections, users and rates are those of all together.\n");
    has(&x, "  threshold   not judged: all shares are judged together\n");
    described_fini(&x);
}

static void thresholds_of_a_run_that_has_not_ended_are_not_judged(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    x.summary.end = "running";
    has(&x, "  threshold   not judged: the run has not ended\n");
    described_fini(&x);
}

static struct summary_generator sound(const char *host, uint64_t share)
{
    return (struct summary_generator){ .host = host,
                                       .share = share,
                                       .end = "done",
                                       .level = "OK",
                                       .n_sent = 1234,
                                       .lag_p99_us = 61.2,
                                       .cpu_pct = 12.3,
                                       .clock_offset_us = NAN };
}

static void each_generator_has_a_row(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    struct summary_generator rows[] = { sound("c1", 1), sound("c2", 2), sound(NULL, 3), sound("c4", 4),
                                        sound(NULL, 5) };
    rows[0].clock_offset_us = 0;
    rows[1].clock_offset_us = -250000.04;
    rows[1].level = "INVALID";
    rows[2].end = "running";
    rows[2].lag_p99_us = rows[2].cpu_pct = NAN;
    rows[3].level = "WARN";
    rows[4].end = SUMMARY_GENERATOR_MISSING;
    rows[4].n_sent = 0;
    rows[4].lag_p99_us = rows[4].cpu_pct = NAN;
    x.summary.generators = rows;
    x.summary.n_generators = N_OF(rows);
    has(&x, "  generators  share  host    sent   lag p99    CPU     clock\n"
            "                  1  c1     1 234   61.2 us   12 %       0 s\n"
            "                  2  c2     1 234   61.2 us   12 %   -250 ms   INVALID\n"
            "                  3  -      1 234         -      -         -   killed\n"
            "                  4  c4     1 234   61.2 us   12 %         -   WARN\n"
            "                  5  -          -         -      -         -   missing\n");
    described_fini(&x);
}

static void generators_that_are_no_shares_have_no_number(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    const struct summary_generator rows[] = { sound("a", 0), sound("b", 0) };
    x.summary.generators = rows;
    x.summary.n_generators = N_OF(rows);
    has_not(&x, "share ");
    has(&x, "  generators  host    sent   lag p99    CPU   clock\n"
            "              a      1 234   61.2 us   12 %       -\n");
    described_fini(&x);
}

static void of_many_only_those_that_stand_out_are_listed(void **state)
{
    static struct summary_generator rows[N_MANY];
    struct described x;
    (void)state;
    make(&x);
    for (size_t i = 0; i < N_MANY; i++)
        rows[i] = sound("c", i + 1);
    x.summary.generators = rows;
    x.summary.n_generators = N_MANY;
    has(&x, "  generators  1 000 that all did what they should; run.json lists all\n");
    rows[499].end = "interrupted";
    has(&x, "                500  c      1 234   61.2 us   12 %       -   interrupted\n"
            "              and 999 more; run.json lists all\n");
    for (size_t i = 0; i < N_MANY; i++)
        rows[i].level = "INVALID";
    has(&x, "              and 988 more; run.json lists all\n");
    described_fini(&x);
}

static void a_host_s_name_stays_on_its_line(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    const struct summary_generator rows[] = { sound("a\n\033[31mb", 1) };
    x.summary.generators = rows;
    x.summary.n_generators = N_OF(rows);
    has(&x, "a ?[31mb");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_says_that_the_plan_is_larger),
        cmocka_unit_test(thresholds_of_a_run_that_has_not_ended_are_not_judged),
        cmocka_unit_test(each_generator_has_a_row),
        cmocka_unit_test(generators_that_are_no_shares_have_no_number),
        cmocka_unit_test(of_many_only_those_that_stand_out_are_listed),
        cmocka_unit_test(a_host_s_name_stays_on_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
