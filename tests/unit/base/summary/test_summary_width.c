/* Every extreme fits 80 columns. SHOW=1 prints them, to be looked at. */
#include "described.h"

#include "status_counts.h"

#include <stdio.h>

#define LONG_A "checkout-service-production-eu-1"
#define LONG_B "checkout-service-production-us-2"

static const struct status_count few[] = { { 200, 1203441 } };
static const struct status_count many[] = { { 0, 7 },     { 200, 1000 }, { 204, 3 }, { 301, 12345 },
                                            { 404, 900 }, { 500, 1 },    { 503, 77 } };

static void no_line_is_longer(struct described *x, size_t columns)
{
    for (const char *line = text_of(x); *line; line += strcspn(line, "\n") + 1)
        if (strcspn(line, "\n") > columns)
            fail_msg("longer than %zu: %.*s in\n%s", columns, (int)strcspn(line, "\n"), line, x->text);
    if (getenv("SHOW"))
        printf("%s\n", x->text);
}

/* One closed stream, as in quick mode. */
static void one_stream(struct described *x)
{
    described_init(x);
    x->summary.scenario = NULL;
    x->run.n_streams = 1;
    x->run.clusters = &x->clusters[2];
    x->run.n_clusters = 1;
    x->run.phases = &x->phases[5];
    x->run.n_phases = 1;
    x->streams[0] = x->streams[2];
    x->streams[0].statuses = few;
    x->streams[0].n_statuses = 1;
    x->streams[0].bytes_rx = UINT64_C(118000000);
    x->summary.duration_ns = 10 * NS_PER_S;
}

/* One bin of the histogram at once: as many answers as any run has. */
static void many_answers(struct described *x, const char *tag, uint64_t n, uint64_t us, size_t phase)
{
    struct err e;
    const size_t row = tag_set_row(&x->tags, tag, &e);
    assert_int_not_equal(row, TAG_SET_NONE);
    hist_add_bin(x->tags.rows[row].hist, hist_index(us * NS_PER_US), n);
    x->phases[phase].all.n_outcomes[OUTCOME_OK] += n;
}

static void rates_and_times_of_every_size_fit(void **state)
{
    static const struct {
        uint64_t n, us;
        double s;
    } cases[] = { { 1, 5, 10 },         { 1, 100000000, 10 },     { 3000000, 5, 10 },
                  { 30, 99900000, 60 }, { 1080000000, 41, 3600 }, { 2500, 999400, 8 } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (int failed = 0; failed < 4; failed++) {
            struct described x;
            one_stream(&x);
            x.phases[5].end_ns = (uint64_t)(cases[i].s * 1e9);
            many_answers(&x, "service.plain.web.p1.ok.all", cases[i].n, cases[i].us, 5);
            many_answers(&x, "service.plain.web.p1.ok.all", cases[i].n / 50, cases[i].us * 17 / 10, 5);
            x.phases[5].all.n_outcomes[OUTCOME_TIMEOUT] = failed == 1 ? 1 + cases[i].n / 1000 : 0;
            x.phases[5].all.n_outcomes[OUTCOME_CONNECT] = failed == 2 ? 1 + cases[i].n / 30 : 0;
            x.phases[5].all.n_outcomes[OUTCOME_CENSORED] = failed == 3 ? 1 + cases[i].n / 9 : 0;
            x.streams[0].timeout_ns = 100 * NS_PER_S;
            no_line_is_longer(&x, 80);
            described_fini(&x);
        }
}

static void all_may_fail(void **state)
{
    struct described x;
    (void)state;
    one_stream(&x);
    x.phases[5].all.n_outcomes[OUTCOME_STATUS_5XX] = 1080000000;
    x.streams[0].statuses = many;
    x.streams[0].n_statuses = N_OF(many);
    no_line_is_longer(&x, 80);
    has(&x, "100 %");
    has(&x, "301: 12 345   200: 1 000   404: 900   503: 77   others: 11\n");
    has_not(&x, "~");
    described_fini(&x);
}

/* Names of 32 characters, two of them and the load model, in front of numbers of every size. */
static void long_names(struct described *x, bool is_mixed)
{
    described_init(x);
    x->run.n_clusters = 3;
    x->clusters[0].label = LONG_A;
    x->clusters[2].name = x->streams[2].cluster = x->phases[5].cluster = LONG_B;
    x->clusters[2].label = "checkout-service-production-us-3";
    if (!is_mixed)
        x->streams[1].headline = METRIC_SERVICE;
    x->streams[0].statuses = x->streams[1].statuses = x->streams[2].statuses = many;
    x->streams[0].n_statuses = x->streams[1].n_statuses = x->streams[2].n_statuses = N_OF(many);
    x->streams[0].bytes_rx = x->streams[1].bytes_rx = x->streams[2].bytes_rx = UINT64_C(99900000000);
    if (is_mixed)
        for (int i = 0; i < 6; i++)
            if (strcmp(x->phases[i].stream, "plain") == 0)
                x->phases[i].stream = x->streams[2].name = LONG_A;
    many_answers(x, "service.steady.cluster1.p1.ok.all", 600000, 99900000, 1);
    many_answers(x, is_mixed ? "response.load.cluster1.p1.ok.all" : "service.load.cluster1.p1.ok.all", 40, 5,
                 3);
    many_answers(x,
                 is_mixed ? "service." LONG_A "." LONG_B ".p1.ok.all" : "service.plain." LONG_B ".p1.ok.all",
                 1080000000, 999, 5);
    many_answers(x, "connect.steady.cluster1.p1.ok.all", 2, 999000, 1);
    x->phases[1].all.n_outcomes[OUTCOME_OK] -= 2;
    x->phases[1].all.n_outcomes[OUTCOME_CONNECT] = 600;
    x->phases[5].all.n_outcomes[OUTCOME_TIMEOUT] = 1;
    x->causes[0] = (struct summary_cause){ 0, NULL, OUTCOME_CONNECT, 0, "connection refused", 10 };
    x->summary.n_causes = 1;
    x->checks[0] = (struct derived_check){
        "R5", LONG_A, "WARN", "%", "due requests that were dropped", "Lower the rate.", 2, 1, 5
    };
    x->checks[1] = (struct derived_check){ "R21", "run", "WARN", "%", "time in which loadgen did not run",
                                           "",    5,     1,      25 };
    x->run.n_checks = 2;
    x->thresholds[0] = (struct threshold_result){ LONG_A ".p99 < 250ms", "all",         "s", .3,
                                                  THRESHOLD_MISSED,      ATTEMPT_EXACT, NAN };
    x->summary.n_thresholds = 1;
}

static void names_of_32_characters_fit(void **state)
{
    (void)state;
    for (int is_mixed = 0; is_mixed < 2; is_mixed++) {
        struct described x;
        long_names(&x, is_mixed);
        no_line_is_longer(&x, 80);
        has(&x, LONG_A);
        has(&x, is_mixed ? "closed" : LONG_B);
        described_fini(&x);
    }
}

/* p90 is the first to go, then p99.9; failures never. */
static void narrow_terminals_lose_columns_and_no_failures(void **state)
{
    struct described x;
    (void)state;
    one_stream(&x);
    many_answers(&x, "service.plain.web.p1.ok.all", 1203441, 310, 5);
    x.phases[5].all.n_outcomes[OUTCOME_TIMEOUT] = 123;
    has(&x, "p90");
    x.summary.term = (struct term){ .live = true, .width = 64 };
    no_line_is_longer(&x, 64);
    has(&x, "failed");
    has_not(&x, "p90");
    has(&x, "p99.9");
    x.summary.term.width = 60;
    no_line_is_longer(&x, 60);
    has(&x, "failed");
    has(&x, "p99");
    has_not(&x, "p99.9");
    x.summary.term.width = 200;
    no_line_is_longer(&x, 80);
    described_fini(&x);
}

/* Taking the styles out leaves what a pipe gets. */
static void colour_only_adds(void **state)
{
    struct described x;
    (void)state;
    long_names(&x, true);
    char *plain = strdup(text_of(&x));
    assert_non_null(plain);
    x.summary.term = (struct term){ .live = true, .colour = true, .width = 80 };
    char *text = strdup(text_of(&x)), *to = text;
    assert_non_null(strstr(text, "\033[31m"));
    for (const char *from = text; *from; from++) {
        if (*from == '\033')
            from = strchr(from, 'm');
        else
            *to++ = *from;
    }
    *to = '\0';
    assert_string_equal(text, plain);
    free(text);
    free(plain);
    described_fini(&x);
}

static void without_a_folder_nothing_points_at_one(void **state)
{
    struct described x;
    (void)state;
    described_init(&x);
    x.summary.folder = NULL;
    has_not(&x, "next");
    x.summary.folder = "it's";
    has(&x, "\n  next: loadgen analysis report 'it'\\''s'\n");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_and_times_of_every_size_fit),
        cmocka_unit_test(all_may_fail),
        cmocka_unit_test(names_of_32_characters_fit),
        cmocka_unit_test(narrow_terminals_lose_columns_and_no_failures),
        cmocka_unit_test(colour_only_adds),
        cmocka_unit_test(without_a_folder_nothing_points_at_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
