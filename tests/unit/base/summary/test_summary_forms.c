/* The summary as JUnit XML and as Markdown. */
#include "again.h"
#include "described.h"
#include "http2_counts.h"

typedef int form_fn(const struct summary *s, FILE *out);

/* The text, owned by `x`. A claim's level may be spoilt first. */
static const char *form_of(struct described *x, form_fn *form, enum claim_level level)
{
    size_t length;
    struct err e;
    struct claims *claims = claims_new(&x->run, &e);
    free(x->text);
    FILE *out = open_memstream(&x->text, &length);
    assert_non_null(claims);
    assert_non_null(out);
    for (size_t i = 0; i < claims->n_rows; i++)
        claims->rows[i].claims[CLAIM_P99].level = level;
    x->summary.claims = claims;
    assert_int_equal(form(&x->summary, out), 0);
    assert_int_equal(fclose(out), 0);
    claims_free(claims);
    return x->text;
}

static void holds(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("no '%s' in\n%s", wanted, text);
}

static void threshold(struct described *x, const char *text, enum threshold_held held, double value_s)
{
    x->thresholds[x->summary.n_thresholds++] = (struct threshold_result){ .text = text,
                                                                          .scope = "all",
                                                                          .unit = "s",
                                                                          .value = value_s,
                                                                          .at_least = NAN,
                                                                          .state = ATTEMPT_EXACT,
                                                                          .held = held };
}

static void make(struct described *x)
{
    described_init(x);
    answers(x, 1, "service.steady.cluster1.p1.ok.all", 200, 5000);
    threshold(x, "p50 < 9ms", THRESHOLD_HELD, 0.005);
    threshold(x, "p99 < 1ms", THRESHOLD_MISSED, 0.005);
    threshold(x, "p90 < 4ms", THRESHOLD_UNDECIDED, 0.005);
}

static void a_missed_threshold_is_a_failure_and_an_undecided_one_skipped(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    const char *text = form_of(&x, summary_junit, CLAIM_OK);
    holds(text,
          "<testsuite name=\"mixed\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"62.000\">");
    holds(text, "name=\"p50 &lt; 9ms\" time=\"0.000\"/>");
    holds(text, "<failure message=\"missed: p99 &lt; 1ms; it was 5.00 ms\" type=\"failure\">");
    holds(text, "<skipped message=\"not decided: it was 5.00 ms, and requests that the end of the run cut "
                "off decide\">");
    described_fini(&x);
}

static void a_threshold_that_rests_on_loadgen_is_an_error(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    const char *text = form_of(&x, summary_junit, CLAIM_INVALID);
    holds(text, "failures=\"0\" errors=\"1\" skipped=\"1\"");
    holds(text, "<error message=\"missed: it was 5.00 ms; the number may be loadgen&#39;s own doing");
    described_fini(&x);
}

static void a_run_that_was_cut_short_is_an_error_and_one_without_success_a_failure(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    x.summary.end = "interrupted";
    holds(form_of(&x, summary_junit, CLAIM_OK),
          "<error message=\"the run did not end as planned: interrupted\"");
    described_fini(&x);
    described_init(&x);
    holds(form_of(&x, summary_junit, CLAIM_OK), "<failure message=\"no request succeeded\"");
    described_fini(&x);
}

static void markdown_says_that_a_run_ended_early(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    assert_null(strstr(form_of(&x, summary_markdown, CLAIM_OK), "**interrupted**"));
    x.summary.end = "interrupted";
    holds(form_of(&x, summary_markdown, CLAIM_OK), "\n\n**interrupted** after ");
    holds(form_of(&x, summary_markdown, CLAIM_OK), "; the results cover that time\n\n|");
    described_fini(&x);
}

static void markdown_has_the_table_the_marks_and_the_thresholds(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    const char *text = form_of(&x, summary_markdown, CLAIM_WARN);
    holds(text, "|  | requests | failed | good/s | p50 | p90 | p99 | p99.9 |\n| --- | ---: |");
    holds(text, "| steady | 200 | 0 |");
    holds(text, "\\* rests on fewer than 10 requests");
    holds(text, "- held `p50 < 9ms`: it was 5.00 ms\n- **missed** `p99 < 1ms`: it was 5.00 ms\n- **not "
                "decided** `p90 < 4ms`");
    described_fini(&x);
}

/* Its raw text is read, too: there are no columns of blanks. */
static void the_title_of_markdown_is_one_line(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    const char *text = form_of(&x, summary_markdown, CLAIM_OK);
    const size_t n = strcspn(text, "\n");
    holds(text, "mixed · http://");
    holds(text, ", 1 min 2 s\n\n");
    assert_true(strstr(text, "  ") == NULL || strstr(text, "  ") > text + n);
    assert_memory_equal(text + n, "\n\n", 2);
    described_fini(&x);
}

static void markdown_has_what_http2_counted_and_what_was_sent_again(void **state)
{
    struct described x;
    (void)state;
    make(&x);
    assert_null(strstr(form_of(&x, summary_markdown, CLAIM_OK), "HTTP/2"));
    x.streams[2].streams_per_connection = 200;
    x.streams[2].http2 = &(struct http2_counts){ .has_limits = true,
                                                 .n_peer_least = 128,
                                                 .n_peer_most = 128,
                                                 .n_open_most = 100,
                                                 .n_goaways = 2,
                                                 .n_unprocessed = 29,
                                                 .n_refused = 1 };
    x.streams[2].again = &(struct again_counts){ .n = { 29, 1, 0, 4, 0, 0 } };
    const char *text = form_of(&x, summary_markdown, CLAIM_OK);
    holds(text, "HTTP/1.1 and HTTP/2, ");
    holds(text, "\n\n- HTTP/2: streams a connection: 200 asked for, 128 allowed, at most 100 open\n"
                "- HTTP/2: 2 connections ended by the peer (GOAWAY)\n"
                "- sent again: 29 requests not processed before a GOAWAY, 1 refused\n"
                "- sent again: 4 requests: another one timed out on the connection\n\n- held ");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missed_threshold_is_a_failure_and_an_undecided_one_skipped),
        cmocka_unit_test(a_threshold_that_rests_on_loadgen_is_an_error),
        cmocka_unit_test(a_run_that_was_cut_short_is_an_error_and_one_without_success_a_failure),
        cmocka_unit_test(markdown_says_that_a_run_ended_early),
        cmocka_unit_test(markdown_has_the_table_the_marks_and_the_thresholds),
        cmocka_unit_test(the_title_of_markdown_is_one_line),
        cmocka_unit_test(markdown_has_what_http2_counted_and_what_was_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
