#include "watch_metrics.h"

#include "cm.h"
#include "made_facts.h"
#include "text_out.h"

#include <string.h>

/* Frees the facts. */
static char *metrics_of(struct watch_facts *f, bool is_classic)
{
    struct text_out t;
    assert_true(text_out_begin(&t));
    watch_metrics_write(t.file, f, is_classic);
    watch_facts_free(f);
    return text_out_end(&t);
}

static void assert_lines(const char *text, const char *const *lines, size_t n)
{
    char line[512];
    for (size_t i = 0; i < n; i++) {
        snprintf(line, sizeof line, "\n%s\n", lines[i]);
        if (!strstr(text, line))
            fail_msg("%s is not in\n%s", lines[i], text);
    }
}

static void a_running_load_has_counts_times_and_phases(void **state)
{
    static const char *const lines[] = {
        "loadgen_run_info{run=\"2026-\\\"made\\\"\",scenario=\"made\",url=\"http://example.com/</"
        "script>\",commit=\"\"} 1",
        "loadgen_run_start_seconds 1795942133.25",
        "loadgen_run_ended 0",
        "loadgen_requests_total{stream=\"s1\",cluster=\"c1\",result=\"ok\"} 1000",
        "loadgen_requests_total{stream=\"s1\",cluster=\"c1\",result=\"failed\"} 20",
        "loadgen_requests_total{stream=\"s0\",cluster=\"c0\",result=\"censored\"} 2",
        "loadgen_failures_total{stream=\"s1\",cluster=\"c1\",class=\"timeout\"} 20",
        "loadgen_failures_total{stream=\"s0\",cluster=\"c0\",class=\"timeout\"} 0",
        "loadgen_responses_total{stream=\"s1\",cluster=\"c1\",code=\"200\"} 1000",
        "loadgen_requests_sent_total{stream=\"s0\",cluster=\"c0\"} 1100",
        "loadgen_requests_sent_again_total{stream=\"s0\",cluster=\"c0\",cause=\"timeout\"} 4",
        "loadgen_good_time_seconds_bucket{stream=\"s0\",cluster=\"c0\",le=\"1e-05\"} 0",
        "loadgen_good_time_seconds_bucket{stream=\"s0\",cluster=\"c0\",le=\"0.001\"} 0",
        "loadgen_good_time_seconds_bucket{stream=\"s0\",cluster=\"c0\",le=\"0.002\"} 1000",
        "loadgen_good_time_seconds_bucket{stream=\"s0\",cluster=\"c0\",le=\"1.0\"} 1000",
        "loadgen_good_time_seconds_bucket{stream=\"s0\",cluster=\"c0\",le=\"+Inf\"} 1000",
        "loadgen_good_time_seconds_sum{stream=\"s0\",cluster=\"c0\"} 2.5",
        "loadgen_time_seconds{stream=\"s0\",cluster=\"c0\",quantile=\"0.99\"} 0.0017",
        "loadgen_time_seconds{stream=\"s1\",cluster=\"c1\",quantile=\"0.99\"} +Inf",
        "loadgen_time_seconds_count{stream=\"s1\",cluster=\"c1\"} 1022",
        "loadgen_phase_active{stream=\"s0\",cluster=\"c0\",phase=\"warm\",kind=\"rate\",warmup=\"true\"} 0",
        "loadgen_phase_active{stream=\"s0\",cluster=\"c0\",phase=\"main\",kind=\"rate\",warmup=\"false\"} 1",
        "loadgen_generator_cpu_ratio{thread=\"1\"} 0.25",
        "loadgen_generator_receive_p99_seconds 2.5e-05",
    };
    char *text = metrics_of(made_facts(), false);
    (void)state;
    assert_lines(text, lines, N_OF(lines));
    assert_null(strstr(text, "quantile=\"0.999\"")); /* only a lower bound is known */
    assert_null(strstr(text, "NaN"));
    assert_null(strstr(text, "\nloadgen_good_per_second{"));
    free(text);
}

static void an_ended_run_has_its_claims(void **state)
{
    static const char *const lines[] = {
        "loadgen_run_ended 1",
        "loadgen_time_seconds{cluster=\"c1\",quantile=\"0.5\"} 0.0015",
        "loadgen_time_seconds_count{cluster=\"c1\"} 1022",
        "loadgen_good_per_second{cluster=\"c1\",level=\"ok\"} 83.5",
        "loadgen_good_per_second{stream=\"s1\",cluster=\"c1\",level=\"ok\"} 83.5",
        "loadgen_generator_share_ratio{cluster=\"c1\",claim=\"p99.9\",level=\"warn\"} 0.125",
        "loadgen_generator_share_ratio{stream=\"s1\",cluster=\"c1\",claim=\"p50\",level=\"warn\"} 0.125",
    };
    char *text = metrics_of(made_end(), true);
    (void)state;
    assert_lines(text, lines, N_OF(lines));
    free(text);
}

static void without_a_run_there_are_no_metrics(void **state)
{
    char *text = metrics_of(NULL, false);
    (void)state;
    assert_string_equal(text, "# EOF\n");
    free(text);
}

static void http2_has_families_where_a_stream_speaks_it(void **state)
{
    static const char *const lines[] = {
        "loadgen_http2_events_total{stream=\"s1\",cluster=\"c1\",event=\"goaway\"} 3",
        "loadgen_http2_events_total{stream=\"s1\",cluster=\"c1\",event=\"goaway_error\"} 1",
        "loadgen_http2_events_total{stream=\"s1\",cluster=\"c1\",event=\"unprocessed\"} 29",
        "loadgen_http2_resets_total{stream=\"s1\",cluster=\"c1\",code=\"INTERNAL_ERROR\"} 4",
        "loadgen_http2_held_up_seconds_total{stream=\"s1\",cluster=\"c1\"} 1.5",
        "loadgen_http2_streams_asked{stream=\"s1\",cluster=\"c1\"} 200",
        "loadgen_http2_streams_allowed{stream=\"s1\",cluster=\"c1\"} 128",
        "loadgen_http2_streams_open_most{stream=\"s1\",cluster=\"c1\"} 100",
        "loadgen_http2_requests_open_most{stream=\"s1\",cluster=\"c1\"} 190",
    };
    struct watch_facts *f = made_facts();
    (void)state;
    f->streams[1].streams_per_connection = 200;
    f->streams[1].http2 = (struct http2_counts){ .n_goaways = 3,
                                                 .n_goaway_errors = 1,
                                                 .n_unprocessed = 29,
                                                 .n_resets = { [2] = 4 },
                                                 .blocked_ns = 1500000000,
                                                 .has_limits = true,
                                                 .n_peer_least = 128,
                                                 .n_open_most = 100,
                                                 .n_in_use_most = 190 };
    char *text = metrics_of(f, false);
    assert_lines(text, lines, N_OF(lines));
    assert_null(strstr(text, "loadgen_http2_streams_allowed{stream=\"s0\""));
    free(text);
    f = made_facts();
    f->streams[1].streams_per_connection = 1;
    f->streams[1].http2.has_limits = true;
    text = metrics_of(f, false);
    assert_non_null(strstr(text, "loadgen_http2_streams_allowed{stream=\"s1\",cluster=\"c1\"} 0\n"));
    free(text);
    text = metrics_of(made_facts(), false);
    assert_null(strstr(text, "http2"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_load_has_counts_times_and_phases),
        cmocka_unit_test(an_ended_run_has_its_claims),
        cmocka_unit_test(without_a_run_there_are_no_metrics),
        cmocka_unit_test(http2_has_families_where_a_stream_speaks_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
