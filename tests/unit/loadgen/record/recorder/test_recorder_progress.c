#include "recorder_state.h"

#include "cm.h"
#include "phase_clock.h"
#include "small_plan.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS = 2, T0_S = 100 };

/* The parts of a recorder that its display reads. */
struct shown {
    struct recorder r;
    struct plan plan;
    struct phase_clock phases[N_PHASES_IN_SMALL_PLAN];
    struct second_thread threads[THREADS];
    struct second second;
    char *text;
    size_t length;
    FILE *out;
};

static int make(void **state)
{
    static struct shown x;
    x = (struct shown){ .plan = small_plan };
    x.r = (struct recorder){ .params = { .plan = &x.plan, .phases = x.phases, .n_threads = THREADS },
                             .run = stats_new(&x.plan),
                             .scratch = { hist_new(), hist_new() },
                             .t0_monotonic_ns = T0_S * NS_PER_S };
    x.second = (struct second){ .sum = stats_new(&x.plan), .threads = x.threads };
    for (int t = 0; t < THREADS; t++)
        x.threads[t].lag = hist_new();
    x.out = open_memstream(&x.text, &x.length);
    *state = &x;
    return 0;
}

static int drop(void **state)
{
    struct shown *x = *state;
    run_view_fini(&x->r.progress);
    for (int t = 0; t < THREADS; t++)
        hist_free(x->threads[t].lag);
    stats_free(x->r.run);
    stats_free(x->second.sum);
    hist_free(x->r.scratch[0]);
    hist_free(x->r.scratch[1]);
    fclose(x->out);
    free(x->text);
    return 0;
}

/* A display of plain lines into `text`. */
static void begin(struct shown *x, enum recorder_progress wanted)
{
    x->r.params.progress = wanted;
    assert_int_equal(recorder_progress_init(&x->r), 0);
    x->r.progress.display.block.out = x->out;
}

static void ends(struct stats *b, uint32_t phase, enum outcome outcome, uint64_t n, uint64_t ms)
{
    struct stats_times *cell = stats_times(b, phase, outcome);
    b->cells[phase].n_outcomes[outcome] += n;
    for (uint64_t i = 0; i < n; i++)
        stats_times_add(cell, phase >= OPEN_WARM ? METRIC_RESPONSE : METRIC_SERVICE, ms * NS_PER_MS);
}

static void lasts(struct shown *x, size_t phase, uint64_t start_s, uint64_t end_s)
{
    atomic_store(&x->phases[phase].start_ns, start_s * NS_PER_S);
    atomic_store(&x->phases[phase].end_ns, end_s * NS_PER_S);
}

static void a_second_is_told_by_stream_and_in_sum(void **state)
{
    struct shown *x = *state;
    begin(x, RECORDER_PROGRESS_PLAIN);
    ends(x->second.sum, CLOSED_P1, OUTCOME_OK, 3, 10);
    ends(x->second.sum, CLOSED_P1, OUTCOME_STATUS_5XX, 1, 10);
    ends(x->second.sum, OPEN_WARM, OUTCOME_OK, 6, 20); /* warm-up is shown as well */
    recorder_progress_add(&x->r, &x->second, NS_PER_S / 2);
    const struct run_view *s = &x->r.progress;
    assert_string_equal(s->streams[CLOSED].name, "burst");
    assert_string_equal(s->streams[OPEN].name, "open");
    assert_float_equal(s->streams[CLOSED].good_per_s, 6, 1e-9);
    assert_float_equal(s->streams[OPEN].good_per_s, 12, 1e-9);
    assert_float_equal(s->sum.good_per_s, 18, 1e-9);
    assert_int_equal(s->streams[CLOSED].n_done, 4);
    assert_int_equal(s->streams[CLOSED].n_failed, 1);
    assert_int_equal(s->streams[OPEN].n_failed, 0);
    assert_int_equal(s->sum.n_done, 10);
    assert_int_equal(s->streams[CLOSED].p50.value_ns, 10 * NS_PER_MS);
    assert_int_equal(s->streams[CLOSED].p99.state, ATTEMPT_FAILED);
    assert_int_equal(s->streams[OPEN].p99.value_ns, 20 * NS_PER_MS);

    stats_clear(x->second.sum); /* counts add up; times stay until there are others */
    ends(x->second.sum, OPEN_MAIN, OUTCOME_TIMEOUT, 2, 40);
    recorder_progress_add(&x->r, &x->second, NS_PER_S);
    assert_float_equal(s->streams[CLOSED].good_per_s, 0, 1e-9);
    assert_float_equal(s->streams[OPEN].good_per_s, 0, 1e-9);
    assert_int_equal(s->streams[CLOSED].n_done, 4);
    assert_int_equal(s->streams[CLOSED].p50.value_ns, 10 * NS_PER_MS);
    assert_int_equal(s->streams[OPEN].n_done, 8);
    assert_int_equal(s->streams[OPEN].p50.state, ATTEMPT_FAILED);
    assert_int_equal(s->sum.n_done, 12);
    assert_int_equal(s->sum.n_failed, 3);
}

static void the_generator_is_told_over_all_threads(void **state)
{
    struct shown *x = *state;
    const struct run_view *s = &x->r.progress;
    begin(x, RECORDER_PROGRESS_PLAIN);
    x->threads[0].health.cpu_user_ns = 100 * NS_PER_MS;
    x->threads[0].health.cpu_sys_ns = 50 * NS_PER_MS;
    x->threads[1].health.cpu_user_ns = 200 * NS_PER_MS;
    x->threads[1].health.cpu_sys_ns = 150 * NS_PER_MS;
    recorder_progress_add(&x->r, &x->second, NS_PER_S / 2);
    assert_float_equal(s->cpu_pct, 100, 1e-9);
    assert_false(s->has_lag);
    hist_add(x->threads[0].lag, 3000);
    hist_add(x->threads[1].lag, 2000);
    recorder_progress_add(&x->r, &x->second, NS_PER_S);
    assert_float_equal(s->cpu_pct, 50, 1e-9);
    assert_true(s->has_lag);
    assert_int_equal(s->lag_p99_ns, 3000); /* the worst thread's */
    hist_clear(x->threads[0].lag);
    recorder_progress_add(&x->r, &x->second, NS_PER_S);
    assert_int_equal(s->lag_p99_ns, 2000);
    hist_clear(x->threads[1].lag);
    recorder_progress_add(&x->r, &x->second, NS_PER_S);
    assert_true(s->has_lag); /* a second without a send keeps what there was */
    assert_int_equal(s->lag_p99_ns, 2000);
}

static void without_a_display_nothing_is_noted(void **state)
{
    struct shown *x = *state;
    begin(x, RECORDER_PROGRESS_NONE);
    ends(x->second.sum, CLOSED_P1, OUTCOME_OK, 3, 10);
    recorder_progress_add(&x->r, &x->second, NS_PER_S);
    assert_int_equal(x->r.progress.sum.n_done, 0);
    recorder_progress_show(&x->r, (T0_S + 60) * NS_PER_S);
    fflush(x->out);
    assert_int_equal(x->length, 0);
}

/* 100 + 50 requests at 5/s with a pause of 1 s, beside 3 s of an open stream that are over. */
static void a_line_tells_how_far_the_run_is(void **state)
{
    struct shown *x = *state;
    begin(x, RECORDER_PROGRESS_PLAIN);
    lasts(x, CLOSED_P1, T0_S, 0);
    lasts(x, OPEN_WARM, T0_S, T0_S + 1);
    lasts(x, OPEN_MAIN, T0_S + 1, T0_S + 3);
    x->r.run->cells[CLOSED_P1].n_outcomes[OUTCOME_OK] = 30;
    x->r.run->cells[CLOSED_P1].n_outcomes[OUTCOME_TIMEOUT] = 20;
    x->r.run->cells[CLOSED_P1].n_outcomes[OUTCOME_RESET_IDLE] = 40; /* ends no request */
    x->r.run->cells[OPEN_MAIN].n_outcomes[OUTCOME_OK] = 45;
    x->r.run->cells[OPEN_MAIN].n_late = 5;
    x->r.progress.sum.n_done = 100;
    recorder_progress_show(&x->r, T0_S * NS_PER_S + 9999 * NS_PER_MS); /* not due yet */
    recorder_progress_show(&x->r, (T0_S - 50) * NS_PER_S);
    fflush(x->out);
    assert_int_equal(x->length, 0);
    recorder_progress_show(&x->r, (T0_S + 10) * NS_PER_S); /* 100 left take 20 s, and the pause 1 s */
    fflush(x->out);
    if (strstr(x->text, "00:10 of about 00:31   100/200 done") != x->text)
        fail_msg("%s", x->text);
    assert_null(strstr(x->text, "lost: "));
    assert_float_equal(x->r.progress.streams[CLOSED].fraction, 50.0 / 150, 1e-9);
    assert_float_equal(x->r.progress.streams[OPEN].fraction, 1, 1e-9);
    assert_int_equal(x->r.progress.streams[CLOSED].n_total, 150);
    assert_int_equal(x->r.progress.streams[OPEN].n_total, 50);
    assert_string_equal(x->r.progress.streams[CLOSED].phase, "p1");
    assert_string_equal(x->r.progress.streams[OPEN].phase, "done");
    assert_float_equal(x->r.progress.streams[OPEN].good_per_s, 40 / 2.0, 1e-9); /* over 2 s */
}

static void the_end_is_not_known_while_one_stream_has_no_rate(void **state)
{
    struct shown *x = *state;
    begin(x, RECORDER_PROGRESS_PLAIN);
    lasts(x, CLOSED_P1, T0_S, 0);
    lasts(x, OPEN_WARM, T0_S, 0);
    x->r.folder.failure.kind = ERR_FAILED;
    snprintf(x->r.folder.failure.text, sizeof x->r.folder.failure.text, "disk full");
    recorder_progress_show(&x->r, (T0_S + 10) * NS_PER_S);
    fflush(x->out);
    assert_null(strstr(x->text, " of "));
    assert_non_null(strstr(x->text, "   lost: disk full\n"));
}

static void the_open_stream_alone_needs_no_estimate(void **state)
{
    struct shown *x = *state;
    begin(x, RECORDER_PROGRESS_PLAIN);
    lasts(x, CLOSED_P1, T0_S, T0_S + 1);
    lasts(x, CLOSED_PAUSE, T0_S + 1, T0_S + 2);
    lasts(x, CLOSED_P3, T0_S + 2, T0_S + 3);
    lasts(x, OPEN_WARM, T0_S, T0_S + 10);
    lasts(x, OPEN_MAIN, T0_S + 10, 0);
    recorder_progress_show(&x->r, T0_S * NS_PER_S + 10400 * NS_PER_MS); /* of 2 s, 1.6 s are left */
    fflush(x->out);
    if (strstr(x->text, "00:10 of 00:12   ") != x->text)
        fail_msg("%s", x->text);
}

static void the_place_names_every_cluster(void **state)
{
    struct plan_cluster clusters[] = {
        { .name = "cluster1", .n_instances = 4, .instance_type = (char[]){ "m4.large" } },
        { .name = "cluster2", .n_instances = 5 },
    };
    struct shown *x = *state;
    begin(x, RECORDER_PROGRESS_PLAIN);
    assert_string_equal(x->r.progress.place, "");
    run_view_fini(&x->r.progress);
    x->plan.clusters = clusters;
    x->plan.deployment =
        (struct plan_deployment){ .present = true, .emulated = true, .provider = (char[]){ "local" } };
    begin(x, RECORDER_PROGRESS_PLAIN);
    assert_string_equal(x->r.progress.place, "local: 4 x m4.large, 5 x cluster2 (emulated)");
    run_view_fini(&x->r.progress);
    x->plan.deployment.emulated = false;
    x->plan.deployment.provider = NULL;
    x->plan.n_clusters = 1;
    begin(x, RECORDER_PROGRESS_PLAIN);
    assert_string_equal(x->r.progress.place, "deployed: 4 x m4.large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_is_told_by_stream_and_in_sum, make, drop),
        cmocka_unit_test_setup_teardown(the_generator_is_told_over_all_threads, make, drop),
        cmocka_unit_test_setup_teardown(without_a_display_nothing_is_noted, make, drop),
        cmocka_unit_test_setup_teardown(a_line_tells_how_far_the_run_is, make, drop),
        cmocka_unit_test_setup_teardown(the_end_is_not_known_while_one_stream_has_no_rate, make, drop),
        cmocka_unit_test_setup_teardown(the_open_stream_alone_needs_no_estimate, make, drop),
        cmocka_unit_test_setup_teardown(the_place_names_every_cluster, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
