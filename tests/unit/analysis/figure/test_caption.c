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

static void requests_are_counted_per_arm(void **state)
{
    struct arm arms[3] = { { .label = "m4" }, { .label = "t2" }, { .label = "c5" } };
    struct hist *latency[3] = { hist_new(), hist_new(), hist_new() };
    struct dataset data = { .arms = arms, .latency = latency, .headline = METRIC_RESPONSE };
    static const char *const wanted[] = { "n = 1 m4. ", "n = 1 m4 and 2 000 t2. ",
                                          "n = 1 m4, 2 000 t2 and 0 c5. " };
    (void)state;
    hist_add(latency[0], 5);
    hist_add_bin(latency[1], 5, 2000);
    for (size_t i = 0; i < 3; i++) {
        data.n_arms = i + 1;
        check(caption_counts, &data, wanted[i]);
    }
    for (size_t i = 0; i < 3; i++)
        hist_free(latency[i]);
    check(caption_latency, &data,
          "Response time: from the moment a request was due to its complete response, successful requests "
          "only. ");
    data.headline = METRIC_SERVICE;
    check(caption_latency, &data,
          "Service time: from the first byte sent to the complete response, successful requests only. ");
}

static struct derived_check checks[] = {
    { .rule = "R2",
      .level = "WARN",
      .what = "its share",
      .advice = "x",
      .scope = "a",
      .value = 3,
      .warn = 2 },
    { .rule = "R2",
      .level = "WARN",
      .what = "its share",
      .advice = "x",
      .scope = "b",
      .value = 3,
      .warn = 2 },
    { .rule = "R4",
      .level = "INVALID",
      .what = "busy",
      .advice = "y",
      .scope = "a",
      .value = 99,
      .invalid = 90 },
    { .rule = "R5", .level = "WARN", .what = "more", .advice = "z", .scope = "a", .value = 99, .warn = 90 },
    { .rule = "R6", .level = "WARN", .what = "one line too many", .advice = "w", .scope = "a" },
    { .rule = "R7", .level = "OK", .what = "all well", .advice = "y", .scope = "a" },
};

static void the_end_says_whether_to_believe_it(void **state)
{
    struct dataset data = { .run = { .duration_s = 19.4,
                                     .started_utc = "2026-11-21T22:10:04Z",
                                     .end = "done",
                                     .verdict = "INVALID",
                                     .run_id = "id",
                                     .checks = checks,
                                     .n_checks = 6 } };
    (void)state;
    check(caption_tail, &data,
          "One run of 19.4 s, 2026-11-21T22:10:04Z. Verdict on the generator: INVALID (R4: busy; R2: its "
          "share and 1 more; "
          "R5: more). Run id.");
    data.run.n_checks = 0;
    data.run.verdict = "OK";
    data.run.end = "interrupted";
    data.run.emulated = true;
    data.lost_n = 12500;
    check(caption_tail, &data,
          "One run of 19.4 s, 2026-11-21T22:10:04Z, interrupted. hist.hlog lacks 12 500 values that the run "
          "counted. "
          "Instances are emulated. Verdict on the generator: OK. Run id.");
    data.run.end = "aborted";
    data.run.emulated = false;
    data.lost_n = 1;
    data.run.checks = &checks[5];
    data.run.n_checks = 1;
    check(caption_tail, &data,
          "One run of 19.4 s, 2026-11-21T22:10:04Z, ended early. hist.hlog lacks 1 values that the run "
          "counted. Verdict on "
          "the generator: OK. Run id.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_one_load_are_told_together),
        cmocka_unit_test(requests_are_counted_per_arm),
        cmocka_unit_test(the_end_says_whether_to_believe_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
