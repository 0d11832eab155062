#include "summary_checks.h"

#include "described.h"

static void each_cause_of_doubt_says_what_to_do_once(void **state)
{
    static const char advice[] = "The generator could not keep its schedule. Use more threads, a quieter "
                                 "machine, or a lower rate, and then run it again.";
    struct described x;
    (void)state;
    described_init(&x);
    x.checks[1] = (struct derived_check){ "R3", "load", "WARN", "%", "requests sent late", advice, 2, 1, 5 };
    x.checks[2] =
        (struct derived_check){ "R3", "plain", "INVALID", "%", "requests sent late", advice, 8, 1, 5 };
    x.checks[3] = (struct derived_check){ "R12", "run", "WARN", "%", "CPU time taken", "Wait.", 1.5, 1, NAN };
    x.checks[4] =
        (struct derived_check){ "R14", "web", "NOT JUDGED", "", "credits", "No data.", NAN, 1, NAN };
    x.checks[0] = (struct derived_check){ "R2", "steady", "OK", "%", "share", "", .41, 2, 10 };
    x.run.n_checks = 5;
    text_of(&x);
    assert_string_equal(strstr(x.text, "\n  R3 "),
                        "\n  R3          plain: requests sent late: 8.00 %; 1 more in checks.csv. The\n"
                        "              generator could not keep its schedule. Use more threads, a quieter\n"
                        "              machine, or a lower rate, and then run it again.\n"
                        "  R12         CPU time taken: 1.50 %. Wait.\n"
                        "  R14         web: credits: not judged. No data.\n"
                        "  next: loadgen analysis report results/a\n");
    described_fini(&x);
}

/* The rule and its advice stand in lines of at most 66 columns, but for a longer word. "w: 3.00 %. "
 * takes 11.
 */
static void advice_is_wrapped(void **state)
{
    static const struct {
        int n_first, n_second;
        bool breaks;
    } cases[] = { { 30, 24, false }, { 30, 25, true }, { 55, 5, true }, { 66, 5, true } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct described x;
        char advice[256] = "", wanted[512];
        described_init(&x);
        memset(advice, 'a', (size_t)cases[i].n_first);
        advice[cases[i].n_first] = ' ';
        memset(advice + cases[i].n_first + 1, 'b', (size_t)cases[i].n_second);
        x.checks[0] = (struct derived_check){ "R1", "run", "WARN", "%", "w", advice, 3, 2, 10 };
        x.run.n_checks = 1;
        if (cases[i].breaks)
            snprintf(wanted, sizeof wanted, "%.*s\n%14s%s\n", cases[i].n_first, advice, "",
                     advice + cases[i].n_first + 1);
        else
            snprintf(wanted, sizeof wanted, "\n  R1          w: 3.00 %%. %s\n", advice);
        has(&x, wanted);
        described_fini(&x);
    }
}

static void missed_thresholds_have_their_value(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.thresholds[0] =
        (struct threshold_result){ "p99 < 250ms", "all", "s", .0147, THRESHOLD_HELD, ATTEMPT_EXACT, NAN };
    x.thresholds[1] = (struct threshold_result){ "errors < 0.1%",  "all",         "share", .125,
                                                 THRESHOLD_MISSED, ATTEMPT_EXACT, NAN };
    x.thresholds[2] =
        (struct threshold_result){ "rate > 1M/s", "all", "per_s", NAN, THRESHOLD_MISSED, ATTEMPT_NONE, NAN };
    has_not(&x, "threshold");
    x.summary.n_thresholds = 1;
    has(&x, "  threshold   held\n");
    x.summary.n_thresholds = 3;
    has(&x, "  threshold   missed: errors < 0.1%; it was 12.5 %\n"
            "  threshold   missed: rate > 1M/s; there was nothing to judge\n");
    has_not(&x, "250ms");
    x.thresholds[1] =
        (struct threshold_result){ "p99 < 1s", "all", "s", NAN, THRESHOLD_UNDECIDED, ATTEMPT_AT_LEAST, .041 };
    x.thresholds[2] =
        (struct threshold_result){ "p99.9 < 1s", "all", "s", NAN, THRESHOLD_MISSED, ATTEMPT_FAILED, 2 };
    has(&x, "  threshold   not decided: p99 < 1s; it was >= 41.0 ms\n"
            "  threshold   missed: p99.9 < 1s; it was > 2.00 s\n");
    described_fini(&x);
}

static void how_it_ended_stands_first(void **state)
{
    static const struct {
        const char *end, *want;
    } cases[] = {
        { "interrupted", "\n  interrupted after 1 min 2 s; the results cover that time\n" },
        { "aborted", "\n  ended early after 1 min 2 s: a threshold with `abort`, or a step, ended it\n" },
        { "failed", "\n  run failed  after 1 min 2 s; the results are not complete\n" },
        { "running", "\n  running     still, or killed; these are its results after 1 min 2 s\n" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct described x;
        described_init(&x);
        x.summary.end = cases[i].end;
        has(&x, cases[i].want);
        described_fini(&x);
    }
}

static void what_the_log_lacks_is_named(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.summary.n_log_rows = 9000;
    has_not(&x, "requests.csv");
    x.summary.n_log_dropped = 600;
    x.summary.n_log_unwritten = 400;
    has(&x, "  log         600 of 10 000 requests are missing from requests.csv: the disk\n"
            "              could not keep up\n"
            "  log         400 of 10 000 requests are missing from requests.csv: it could not\n"
            "              be written any more\n");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cause_of_doubt_says_what_to_do_once),
        cmocka_unit_test(advice_is_wrapped),
        cmocka_unit_test(missed_thresholds_have_their_value),
        cmocka_unit_test(how_it_ended_stands_first),
        cmocka_unit_test(what_the_log_lacks_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
