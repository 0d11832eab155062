/* The answer of a run's report, its doubts and the numbers of each cluster, worked out by hand from
 * made_run.h. */
#include "made_report.h"

#include "arms.h"

static void too_few_seconds_carry_no_direction(void **state)
{
    static const char *const wanted[] = {
        "m4 failed 0.254 % of its requests, t2 0.0666 %: their times do not compare.\n"
        "One run per cluster is not proof; loadgen campaign duo.yaml would tell. The instances are "
        "emulated on one "
        "machine: the numbers describe the emulation and not AWS.\n",
        "\nm4 (cluster1)|11 028|0.254 %|1 058|1.05 ms?|2.10 ms?|4.19 ms?|none|4.19 ms|\n"
        "of successes| | | |1.05 ms|2.10 ms|2.10 ms|4.19 ms| |\n",
        "\nt2 (cluster2)|6 004|0.0666 %|526|4.19 ms?|8.39 ms?|16.8 ms?|16.8 ms*|16.8 ms|\n",
        "Response times, from when a request was due to its answer.",
        " * rests on fewer than 10 requests: t2 p99.9.",
        "Data: intervals.csv",
    };
    (void)state;
    check_section(report_section_answer, wanted, N_OF(wanted));
}

/* The run of made_run.h with so many good answers of either cluster instead of all times. */
static struct dataset opened_with(uint64_t n_ok, uint64_t n_other)
{
    const struct made_times times[] = { { 1, 1, "response.load1.cluster1.main.ok.all", MADE_MS1, n_ok },
                                        { 1, 1, "response.load2.cluster2.main.ok.all", MADE_MS1, n_other } };
    struct dataset data;
    const char *folder = made_run_of("one", times, n_other > 0 ? 2 : 1);
    made_edit(folder, "run.json", "\"end\": \"done\"", "\"end\": \"interrupted\"");
    made_open_dataset(&data, folder);
    return data;
}

static struct dataset opened(uint64_t n_ok)
{
    return opened_with(n_ok, 0);
}

static char *said(report_part_fn *write, const struct dataset *data)
{
    const struct report of_one = { .data = data, .drawn = &drawn };
    return plain(section_of(write, &of_one));
}

static void a_cluster_whose_requests_all_failed_does_not_compare(void **state)
{
    (void)state;
    struct dataset data = opened(10000);
    char *text = said(report_answer, &data);
    assert_string_equal(text, "t2 failed 100 % of its requests, m4 0.279 %: their times do not compare.");
    free(text);
    dataset_fini(&data);
}

/* 1.01 % and 0.94 %: chance put one p99 among failures and the other not. */
static void of_failures_alike_neither_cluster_is_the_slower_one(void **state)
{
    (void)state;
    struct dataset data = opened_with(2750, 420);
    char *text = said(report_answer, &data);
    assert_says(text, "This run does not say which is faster: ");
    assert_says_not(text, "slower");
    free(text);
    dataset_fini(&data);
}

static void where_both_failed_too_often_there_is_no_percentile(void **state)
{
    (void)state;
    struct dataset data = opened_with(500, 70);
    char *text = said(report_answer, &data);
    assert_says(
        text, "Neither t2 nor m4 has a p99: too many of their requests failed (5.41 % of t2, 5.30 % of m4).");
    free(text);
    dataset_fini(&data);
}

static void one_cluster_is_described_alone(void **state)
{
    static const struct {
        uint64_t n_ok;
        const char *begins, *ends;
    } cases[] = {
        { 10000,
          "10 028 requests to http://127.0.0.1:8080: half got a good answer within 1.05 ms? and 99 % within "
          "1.05 ms?, at ",
          " good answers per second; 0.279 % failed." },
        { 999,
          "1 027 requests to http://127.0.0.1:8080: half got a good answer within 1.05 ms? and fewer than 99 "
          "% got one, at ",
          " good answers per second; 2.73 % failed." },
        { 20, "48 requests to http://127.0.0.1:8080: fewer than half got a good answer, at ",
          " good answers per second; 58.3 % failed." },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct dataset data = opened(cases[i].n_ok);
        data.n_arms = 1;
        char *text = said(report_answer, &data);
        assert_true(strncmp(text, cases[i].begins, strlen(cases[i].begins)) == 0);
        assert_says(text, cases[i].ends);
        free(text);
        text = said(report_doubts, &data);
        assert_says(text, "One run describes itself; how much runs differ takes several.");
        assert_says(text, "The run did not reach its end: it was interrupted.");
        assert_says_not(text, "campaign");
        free(text);
        data.n_arms = 2;
        dataset_fini(&data);
    }
}

static void a_run_without_requests_says_so(void **state)
{
    const struct dataset nothing = { 0 };
    (void)state;
    char *text = said(report_answer, &nothing);
    assert_string_equal(text, "The run sent no request.");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_few_seconds_carry_no_direction),
        cmocka_unit_test(a_cluster_whose_requests_all_failed_does_not_compare),
        cmocka_unit_test(of_failures_alike_neither_cluster_is_the_slower_one),
        cmocka_unit_test(where_both_failed_too_often_there_is_no_percentile),
        cmocka_unit_test(one_cluster_is_described_alone),
        cmocka_unit_test(a_run_without_requests_says_so),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
