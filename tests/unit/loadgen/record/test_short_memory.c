/* Each allocation of a recorder's life fails in turn. Whichever it is, the result is complete and right or
 * the run has failed, without a crash or a leak; LeakSanitizer checks at the end. */
#include "cm.h"
#include "recorded_rows.h"

#include "hist.h"
#include "recorder_state.h"
#include "run_json_write.h"
#include "short_memory.h"
#include "verdict.h"

#include <inttypes.h>
#include <unistd.h>

/* Files whose contents depend only on what was recorded. */
static const char *const files[] = { "hist.hlog",       "intervals.csv", "errors.csv",
                                     "samples.csv",     "dns.csv",       "remotes.csv",
                                     "percentiles.csv", "instances.csv", "phases.csv" };

struct outcome_of_life {
    bool was_made; /* the recorder */
    int code;      /* of recorder_finish */
    char *texts[N_OF(files)];
    json_t *run; /* NULL: no run.json */
    uint64_t n_allocations;
};

/* A second of a thread: answers of some instances, of which one takes many values and so a dense histogram.
 */
static void one_second(struct recorded *x, uint32_t thread, uint64_t second)
{
    const uint32_t phase = second < 2 ? CLOSED_P1 : CLOSED_P3;
    char id[16];
    x->stats->sys.rows[x->stats->sys.n++] = (struct stats_sample){
        .seq = second, .sent_ns = at_ms(second * 1000), .done_ns = at_ms(second * 1000 + 1), .instance = 1
    };
    for (int i = 0; i < 5; i++) {
        snprintf(id, sizeof id, "i-%d", i);
        closed_ok(x, thread, phase, id, i == 0 ? 150 : 3, 1000 + (uint64_t)i * 37);
    }
    for (uint64_t i = 0; i < 300; i++)
        open_ok(x, second == 0 ? OPEN_WARM : OPEN_MAIN, 1, i, 1000 + i * 13);
    failed(x, CLOSED, phase, OUTCOME_CONNECT, "connection refused");
    failed(x, OPEN, OPEN_MAIN, OUTCOME_CONNECT, "connection refused");
    x->stats->n_remotes = 1;
    struct stats_remote *remote = stats_remote(x->stats, CLOSED, 0);
    if (!remote)
        return;
    remote->n_done++;
    stats_remote_add(x->stats, remote, 1000000);
}

static void record(struct recorded *x)
{
    recorder_start(x->recorder, RECORDED_T0_NS, RECORDED_T0_REALTIME_NS);
    phase_lasts(x, CLOSED_P1, 0, 2000);
    phase_lasts(x, CLOSED_P3, 2000, 3500);
    phase_lasts(x, OPEN_WARM, 0, 1000);
    phase_lasts(x, OPEN_MAIN, 1000, 3500);
    for (uint64_t s = 0; s < 3; s++) {
        for (uint32_t t = 0; t < RECORDED_THREADS; t++) {
            one_second(x, t, s);
            hand_over(x, t, s * 1000, (s + 1) * 1000);
        }
        dns_log_add(&x->dns, &(struct dns_answer){ .at_ns = at_ms(s * 1000),
                                                   .name = "lb",
                                                   .address = s > 1 ? "10.0.0.2" : "10.0.0.1" });
        recorder_tick(x->recorder, at_ms((s + 1) * 1000 + 10));
    }
    hand_over_last(x, 0, 3000, 3500); /* the fourth second has nothing in it */
    hand_over_last(x, 1, 3000, 3500);
}

/* json_dumps of the parts that depend only on what was recorded. */
static json_t *load_run(struct recorded *x)
{
    static const char *const of_the_machine[] = { "host", "checks", "run_id" };
    char path[256];
    snprintf(path, sizeof path, "%s/run.json", x->folder);
    json_t *run = json_load_file(path, 0, NULL);
    for (size_t i = 0; run && i < N_OF(of_the_machine); i++)
        json_object_del(run, of_the_machine[i]);
    return run;
}

static char *text_of(struct recorded *x, const char *name)
{
    char path[256];
    char *text = NULL;
    size_t length;
    struct err e;
    snprintf(path, sizeof path, "%s/%s", x->folder, name);
    return files_read(path, 1 << 24, &text, &length, &e) ? NULL : text;
}

static struct outcome_of_life live(uint64_t k, bool stays)
{
    static struct recorded x;
    struct outcome_of_life o = { .code = -1 };
    recorded_init(&x);
    for (uint32_t t = 0; t < RECORDED_THREADS; t++)
        names_number(&x.remotes[t], "10.0.0.1", 8);
    short_memory_arm(k, stays);
    x.recorder = recorder_new(&x.params, &x.e);
    o.was_made = x.recorder != NULL;
    if (o.was_made) {
        record(&x);
        o.code = recorder_finish(x.recorder, RECORDER_DONE, at_ms(3500), &x.e);
    }
    o.n_allocations = short_memory_disarm();
    if (o.code < 0 && !strstr(x.e.text, "memory"))
        fail_msg("allocation %" PRIu64 ": '%s' does not speak of memory", k, x.e.text);
    o.run = load_run(&x);
    for (size_t i = 0; i < N_OF(files); i++)
        o.texts[i] = text_of(&x, files[i]);
    recorded_fini(&x);
    return o;
}

static void outcome_fini(struct outcome_of_life *o)
{
    for (size_t i = 0; i < N_OF(files); i++)
        free(o->texts[i]);
    json_decref(o->run);
}

static const char *text_in(const json_t *run, const char *key)
{
    return json_string_value(json_object_get(run, key));
}

/* A failed run says so, and its counts are right: no count needs memory. */
static void assert_failed(const struct outcome_of_life *o, const struct outcome_of_life *whole, uint64_t k)
{
    if (!o->run)
        return;
    if (strcmp(text_in(o->run, "end"), "failed") != 0)
        fail_msg("allocation %" PRIu64 ": the run is '%s'", k, text_in(o->run, "end"));
    if (!json_equal(json_object_get(o->run, "totals"), json_object_get(whole->run, "totals")))
        fail_msg("allocation %" PRIu64 ": the totals are not those that were counted", k);
}

static void assert_whole(const struct outcome_of_life *o, const struct outcome_of_life *whole, uint64_t k)
{
    assert_int_equal(o->code, 0);
    for (size_t i = 0; i < N_OF(files); i++)
        if (!o->texts[i] || strcmp(o->texts[i], whole->texts[i]) != 0)
            fail_msg("allocation %" PRIu64 ": done, but %s differs", k, files[i]);
    if (!json_equal(o->run, whole->run))
        fail_msg("allocation %" PRIu64 ": done, but run.json differs", k);
}

/* One in `every` of them. */
static void allocations_may_be_refused(bool stays, uint64_t every)
{
    const int64_t n_mapped = short_n_mapped;
    struct outcome_of_life whole = live(0, false);
    assert_int_equal(whole.code, 0);
    assert_string_equal(text_in(whole.run, "end"), "done");
    uint64_t n_failed = 0;
    for (uint64_t k = 1; k <= whole.n_allocations; k += every) {
        struct outcome_of_life o = live(k, stays);
        n_failed += o.code < 0;
        if (o.code < 0)
            assert_failed(&o, &whole, k);
        else
            assert_whole(&o, &whole, k);
        outcome_fini(&o);
        if (short_n_mapped != n_mapped)
            fail_msg("allocation %" PRIu64 ": %" PRId64 " mappings were not given back", k,
                     short_n_mapped - n_mapped);
    }
    assert_true(n_failed > 50);
    outcome_fini(&whole);
}

static void one_that_is_refused_fails_the_run_or_does_no_harm(void **state)
{
    (void)state;
    allocations_may_be_refused(false, 1);
}

static void none_from_some_moment_on_fails_the_run(void **state)
{
    (void)state;
    allocations_may_be_refused(true, 9);
}

static void a_recorder_that_cannot_be_made_leaves_nothing_behind(void **state)
{
    static struct recorded x;
    const int64_t n_mapped = short_n_mapped;
    (void)state;
    for (uint64_t k = 1; k == 1 || !x.recorder; k++) {
        recorded_init(&x);
        x.params.log_form = REQUEST_LOG_CSV;
        short_memory_arm(k, false);
        x.recorder = recorder_new(&x.params, &x.e);
        short_memory_disarm();
        if (!x.recorder)
            assert_true(x.e.kind == ERR_FAILED && strstr(x.e.text, "memory"));
        else
            assert_true(k > 40);
        struct recorder *made = x.recorder;
        recorded_fini(&x);
        x.recorder = made; /* only to end the loop */
        assert_int_equal(short_n_mapped, n_mapped);
    }
}

static void *allocate_for_json(size_t bytes)
{
    return malloc(bytes); /* which may be refused */
}

static void run_json_is_whole_or_not_written(void **state)
{
    static struct recorded x;
    const struct recorder_ending ending = { .end = RECORDER_DONE, .end_ns = at_ms(3500) };
    const struct verdict none = { 0 };
    (void)state;
    recorded_init(&x);
    x.recorder = recorder_new(&x.params, &x.e);
    assert_non_null(x.recorder);
    record(&x);
    assert_int_equal(run_json_write(x.recorder, &ending, &none, &x.e), 0);
    char *whole = text_of(&x, "run.json");
    json_set_alloc_funcs(allocate_for_json, free);
    uint64_t n_allocations = 1;
    uint64_t n_refused = 0;
    for (uint64_t k = 0; k <= n_allocations; k += 1 + k / 40) {
        char path[256];
        snprintf(path, sizeof path, "%s/run.json", x.folder);
        unlink(path);
        short_memory_arm(k, false);
        const int status = run_json_write(x.recorder, &ending, &none, &x.e);
        const uint64_t n = short_memory_disarm();
        n_allocations = k == 0 ? n : n_allocations;
        char *text = text_of(&x, "run.json");
        n_refused += status != 0;
        if (status)
            assert_true(!text && strstr(x.e.text, "out of memory"));
        else
            assert_string_equal(text, whole);
        free(text);
    }
    assert_true(n_allocations > 1000 && n_refused > 100);
    json_set_alloc_funcs(__real_malloc, free);
    free(whole);
    recorded_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorder_that_cannot_be_made_leaves_nothing_behind),
        cmocka_unit_test(run_json_is_whole_or_not_written),
        cmocka_unit_test(one_that_is_refused_fails_the_run_or_does_no_harm),
        cmocka_unit_test(none_from_some_moment_on_fails_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
