/* The sentences that captions share. */
#include "cm.h"

#include "arms.h"
#include "caption.h"
#include "comparison.h"
#include "dataset.h"
#include "text_out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check(void (*write)(FILE *, const struct dataset *), const struct dataset *data,
                  const char *wanted)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    write(text.file, data);
    char *got = text_out_end(&text);
    assert_string_equal(got, wanted);
    free(got);
}

#define OPEN(stream_name, how)                                                                               \
    {                                                                                                        \
        .name = stream_name, .open = true, .arrivals = how, .users = NAN                                     \
    }
/* Rates left out are unknown. */
static struct run_phase phase(struct run_phase p)
{
    p.rate_per_s = p.rate_per_s > 0 ? p.rate_per_s : NAN;
    p.rate_end_per_s = p.rate_end_per_s > 0 ? p.rate_end_per_s : NAN;
    return p;
}

#define PHASE(of, ...) phase((struct run_phase){ .stream = of, __VA_ARGS__ })

static void streams_of_one_load_are_told_together(void **state)
{
    struct run_stream streams[] = { OPEN("a", "poisson"),          { .name = "u", .users = 1 },
                                    OPEN("b", "poisson"),          { .name = "v", .users = 3 },
                                    OPEN("ramp", "constant"),      OPEN("c", NULL),
                                    { .name = "w", .users = NAN }, OPEN("burst", "constant"),
                                    { .name = "x", .users = 2 } };
    struct run_phase phases[] = {
        PHASE("a", .rate_per_s = 9000, .warmup = true),
        PHASE("a", .rate_per_s = 200),
        PHASE("b", .rate_per_s = 200, .rate_end_per_s = 200),
        PHASE("ramp", .rate_per_s = 600, .rate_end_per_s = 100),
        PHASE("ramp", .rate_per_s = 50, .rate_end_per_s = 300),
        PHASE("c", .rate_per_s = 7),
        PHASE("burst", .warmup = false),
    };
    const struct dataset data = { .run = {
                                      .streams = streams, .n_streams = 9, .phases = phases, .n_phases = 7 } };
    (void)state;
    check(caption_load, &data,
          "Load: 2 streams, each of poisson arrivals, 200 per second; 2 streams, each of 1 user who waits "
          "for each "
          "answer; 1 stream of 3 users who wait for each answer; 1 stream of constant arrivals, 50 to 600 "
          "per second; 1 "
          "stream of scheduled arrivals, 7 per second; 1 stream of constant arrivals; 1 stream of 2 users "
          "who wait for "
          "each answer. ");
}

static void beside_http2_each_load_names_its_protocol(void **state)
{
    struct run_stream streams[] = {
        { .name = "a", .users = 32, .connections = 4, .streams_per_connection = 8 },
        { .name = "b", .users = 8, .connections = 8, .streams_per_connection = NAN },
    };
    struct dataset data = { .run = { .streams = streams, .n_streams = 2 } };
    (void)state;
    check(caption_load, &data,
          "Load: 1 stream of 32 users who wait for each answer over HTTP/2, 4 connections of 8 streams; 1 "
          "stream of 8 users who wait for each answer over HTTP/1.1. ");
    streams[0] = streams[1];
    check(caption_load, &data, "Load: 2 streams, each of 8 users who wait for each answer. ");
}

static void attempts_are_counted_per_arm(void **state)
{
    struct arm arms[3] = { { .label = "m4" }, { .label = "t2" }, { .label = "c5" } };
    struct hist *ok = hist_new();
    struct attempts attempts[3] = { { .ok = ok }, { .ok = ok }, { .ok = ok } };
    struct dataset data = { .arms = arms, .attempts = attempts, .n_arms = 1, .headline = METRIC_RESPONSE };
    (void)state;
    hist_add_bin(ok, 5, 2000);
    check(caption_attempts, &data, "Attempts: m4 2 000, none failed. ");
    data.n_arms = 3;
    attempts[1].n_failed = 500;
    attempts[1].n_censored = 1;
    attempts[2].n_censored = 2;
    check(caption_attempts, &data,
          "Attempts: m4 2 000 (none failed), t2 2 501 (500 failed, 1 cut off by the end), c5 2 002 (none "
          "failed, 2 "
          "cut off by the end). ");
    hist_free(ok);
    check(caption_latency, &data, "Response time: from when a request was due to its complete response. ");
    data.headline = METRIC_SERVICE;
    check(caption_latency, &data, "Service time: from the first byte sent to the complete response. ");
}

static void the_end_names_the_run(void **state)
{
    struct dataset data = { .run = { .duration_s = 19.4,
                                     .t0_realtime_ns = UINT64_C(1795299004000000000),
                                     .end = "done",
                                     .run_id = "id" } };
    (void)state;
    check(caption_run, &data, "Run id, 2026-11-21 22:10 UTC, 19.4 s. ");
    data.run.end = "interrupted";
    data.run.emulated = true;
    data.lost_n = 12500;
    check(caption_run, &data,
          "Run id, 2026-11-21 22:10 UTC, 19.4 s, interrupted, emulated instances. hist.hlog lacks 12 500 "
          "values that "
          "the run counted. ");
    data.run.end = "aborted";
    data.run.emulated = false;
    data.lost_n = 1;
    check(
        caption_run, &data,
        "Run id, 2026-11-21 22:10 UTC, 19.4 s, ended early. hist.hlog lacks 1 value that the run counted. ");
    data.is_running = true;
    data.lost_n = 0;
    check(caption_run, &data, "Run id, 2026-11-21 22:10 UTC, 19.4 s, killed before its end. ");
}

static void check_text(char *text, const char *wanted)
{
    assert_string_equal(text, wanted);
    free(text);
}

static void periods_are_as_short_as_they_can_be(void **state)
{
    const uint64_t from = UINT64_C(1795299004000000000), minute = UINT64_C(60000000000);
    static const struct {
        unsigned minutes;
        const char *wanted;
    } cases[] = { { 0, "2026-11-21 22:10 UTC" },
                  { 30, "2026-11-21 22:10 to 22:40 UTC" },
                  { 120, "2026-11-21 22:10 to 2026-11-22 00:10 UTC" } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text_out text;
        assert_true(text_out_begin(&text));
        caption_period(text.file, from, from + cases[i].minutes * minute);
        check_text(text_out_end(&text), cases[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_one_load_are_told_together),
        cmocka_unit_test(beside_http2_each_load_names_its_protocol),
        cmocka_unit_test(attempts_are_counted_per_arm),
        cmocka_unit_test(the_end_names_the_run),
        cmocka_unit_test(periods_are_as_short_as_they_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
