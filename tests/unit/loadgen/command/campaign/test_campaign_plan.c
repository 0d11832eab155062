/* What the runs of a campaign send, and that its file brings all of it back. */
#include "campaign.h"
#include "campaign_course.h"
#include "campaign_lock.h"
#include "campaign_plan.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_options.h"

#include "cm.h"
#include "err.h"
#include "files.h"
#include "scratch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char scenario[] =
    "name: two\n"
    "target: http://127.0.0.1:9\n"
    "streams:\n"
    "  - { name: one, cluster: c1, users: 2, request: { path: /1 }, phases: [ { requests: 6 }, { pause: 1s } "
    "] }\n"
    "  - { name: more, cluster: c1, users: 1, request: { path: /1b }, phases: [ { requests: 6 } ] }\n"
    "  - { name: two, cluster: c2, users: 2, request: { path: /2 }, phases: [ { requests: 6 } ] }\n"
    "  - { name: other, cluster: c3, users: 2, request: { path: /3 }, phases: [ { requests: 6 } ] }\n"
    "thresholds: [ errors < 1%, c1.p99 < 1s, c2.p99 < 2s ]\n";

static const struct campaign alternating = { .arms = { "c1", "c2" } };
static const struct campaign side_by_side = { .arms = { "c1", "c2" }, .is_side_by_side = true };
static const struct campaign_pair pair = { .kind = CAMPAIGN_AB, .number = 1 };
static const struct campaign_pair control = { .kind = CAMPAIGN_AA, .number = 1 };

static void make(struct plan *plan, const struct campaign *c, const struct campaign_pair *of, bool is_b)
{
    char path[256];
    struct err e;
    snprintf(path, sizeof path, "%s/two.yaml", scratch_folder);
    scratch_write("two.yaml", scenario, strlen(scenario));
    const struct run_options run = { .command = &run_command, .parsed = &run_command, .scenario = path };
    assert_int_equal(campaign_plan(plan, c, of, is_b, &run, &e), 0);
}

/* "c1:one c1:more" */
static const char *streams_of(const struct plan *plan, char *out, size_t out_bytes)
{
    size_t used = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s:%s", i ? " " : "",
                                 plan->streams[i].cluster, plan->streams[i].name);
    return out;
}

static void assert_streams(const struct campaign *c, const struct campaign_pair *of, bool is_b,
                           const char *wanted)
{
    struct plan plan;
    char text[256];
    make(&plan, c, of, is_b);
    assert_string_equal(streams_of(&plan, text, sizeof text), wanted);
    plan_fini(&plan);
}

static void an_alternating_run_is_that_of_one_arm(void **state)
{
    (void)state;
    assert_streams(&alternating, &pair, false, "c1:one c1:more");
    assert_streams(&alternating, &pair, true, "c2:two");
    assert_streams(&alternating, &control, true, "c1:one c1:more");
}

static void side_by_side_a_run_is_that_of_both_arms_and_of_no_other(void **state)
{
    (void)state;
    assert_streams(&side_by_side, &pair, false, "c1:one c1:more c2:two");
    assert_streams(&side_by_side, &pair, true, "c1:one c1:more c2:two");
}

static void a_control_side_by_side_sends_the_first_arm_twice(void **state)
{
    struct plan plan;
    char text[256];
    (void)state;
    make(&plan, &side_by_side, &control, false);
    assert_string_equal(streams_of(&plan, text, sizeof text),
                        "c1:one c1:more c1-again:one-again c1-again:more-again");
    assert_string_equal(plan.streams[3].requests[0].path, "/1b");
    assert_int_equal(plan.streams[3].first_phase_index, 5);
    assert_int_equal(plan.n_phases, 6);
    assert_true(plan_find_cluster(&plan, "c1-again") < plan.n_clusters);
    plan_fini(&plan);
}

static void thresholds_on_either_arm_hold_side_by_side(void **state)
{
    struct plan plan;
    (void)state;
    make(&plan, &side_by_side, &pair, false);
    assert_int_equal(plan.n_thresholds, 3);
    assert_string_equal(plan.thresholds[2].text, "c2.p99 < 2s");
    plan_fini(&plan);
    make(&plan, &side_by_side, &control, false);
    assert_int_equal(plan.n_thresholds, 2);
    plan_fini(&plan);
}

static void long_names_stay_different(void **state)
{
    static const char yaml[] = "name: long\n"
                               "target: http://127.0.0.1:9\n"
                               "streams:\n"
                               "  - { name: a123456789012345678901234567890x, cluster: c1, users: 2, "
                               "request: { path: / }, phases: [ { requests: 6 } ] }\n"
                               "  - { name: a123456789012345678901234567890y, cluster: c1, users: 2, "
                               "request: { path: / }, phases: [ { requests: 6 } ] }\n";
    struct plan plan;
    struct err e;
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s/long.yaml", scratch_folder);
    scratch_write("long.yaml", yaml, strlen(yaml));
    const struct run_options run = { .command = &run_command, .parsed = &run_command, .scenario = path };
    assert_int_equal(campaign_plan(&plan, &side_by_side, &control, false, &run, &e), 0);
    assert_int_equal(plan.n_streams, 4);
    assert_string_equal(plan.streams[2].name, "a1234567890123456789012345-again");
    assert_string_equal(plan.streams[3].name, "a123456789012345678901234-again2");
    plan_fini(&plan);
}

static void the_file_brings_back_the_plan_and_the_options(void **state)
{
    char program[] = "loadgen", name[] = "tp1", gap[] = "--gap=60s", out[] = "--out=x", aa[] = "--aa=2";
    char *words[] = { program, name, gap, out, aa, NULL };
    struct campaign made = { .subjects = { name },
                             .n_subjects = 1,
                             .words = words,
                             .arms = { "c1", "c2" },
                             .primary = "p90",
                             .margin = 0.1,
                             .seed = 5,
                             .scenario_fnv = 4294967295u,
                             .width = 0.08,
                             .n_looks = 3 };
    struct campaign read;
    struct err e;
    (void)state;
    assert_int_equal(campaign_draw(&made, 8, 2), 0);
    assert_int_equal(campaign_save(&made, scratch_folder, &e), 0);
    assert_int_equal(campaign_load(&read, scratch_folder, &e), 0);
    assert_string_equal(read.kept_words[0], "--gap=60s");
    assert_string_equal(read.kept_words[1], "--aa=2");
    assert_null(read.kept_words[2]);
    assert_int_equal(read.n_looks, 3);
    assert_int_equal(read.seed, 5);
    assert_int_equal(read.scenario_fnv, 4294967295u);
    assert_int_equal(read.n_pairs, 10);
    for (size_t i = 0; i < read.n_pairs; i++) {
        assert_int_equal(read.pairs[i].kind, made.pairs[i].kind);
        assert_int_equal(read.pairs[i].b_is_first, made.pairs[i].b_is_first);
    }
    campaign_fini(&read);
    made.n_subjects = 0;
    campaign_fini(&made);
}

static void the_file_brings_back_two_urls(void **state)
{
    char a[] = "http://h:1/", b[] = "localhost:8080/x";
    struct campaign made = {
        .subjects = { a, b }, .n_subjects = 2, .arms = { "h-1", "l-8080" }, .primary = "p99"
    };
    struct campaign read;
    struct err e;
    (void)state;
    assert_int_equal(campaign_draw(&made, 1, 0), 0);
    assert_int_equal(campaign_save(&made, scratch_folder, &e), 0);
    assert_int_equal(campaign_load(&read, scratch_folder, &e), 0);
    assert_int_equal(read.n_subjects, 2);
    assert_string_equal(read.subjects[0], a);
    assert_string_equal(read.subjects[1], b);
    campaign_fini(&read);
    made.n_subjects = 0;
    campaign_fini(&made);
}

/* Each run sends to one URL; side by side, to both, and a control twice to the first. */
static void two_urls_are_two_arms_with_a_target_each(void **state)
{
    const struct run_options run = { .command = &run_command,
                                     .parsed = &campaign_command,
                                     .arms = { { "http://h:1/p?q", "old" }, { "https://i/", "new" } },
                                     .n_arms = 2,
                                     .n_connections = 3 };
    struct campaign c = { .arms = { "old", "new" } };
    struct plan plan;
    struct err e;
    (void)state;
    for (int is_b = 0; is_b < 2; is_b++) {
        assert_int_equal(campaign_plan(&plan, &c, &pair, is_b, &run, &e), 0);
        assert_int_equal(plan.n_streams, 1);
        assert_string_equal(plan.name, "old-vs-new");
        assert_string_equal(plan.streams[0].cluster, is_b ? "new" : "old");
        assert_string_equal(plan_main_target(&plan)->url, is_b ? "https://i/" : "http://h:1/p?q");
        assert_string_equal(plan.streams[0].requests[0].path, is_b ? "/" : "/p?q");
        assert_int_equal(plan.streams[0].n_users, 3);
        plan_fini(&plan);
    }
    c.is_side_by_side = true;
    for (int k = 0; k < 2; k++) {
        assert_int_equal(campaign_plan(&plan, &c, k ? &control : &pair, false, &run, &e), 0);
        assert_int_equal(plan.n_streams, 2);
        assert_string_equal(plan.streams[1].cluster, k ? "old-again" : "new");
        assert_string_equal(plan_target_of(&plan, &plan.streams[0])->url, "http://h:1/p?q");
        assert_string_equal(plan_target_of(&plan, &plan.streams[1])->url,
                            k ? "http://h:1/p?q" : "https://i/");
        plan_fini(&plan);
    }
}

static void write_levels(const char *run, const char *first, const char *second)
{
    char name[64], text[128];
    struct err e;
    assert_int_equal(files_make_folders(scratch_path(run), &e), 0);
    snprintf(name, sizeof name, "%s/run.json", run);
    snprintf(text, sizeof text, "{\"claims\": [{\"level\": \"%s\"}, {\"level\": \"%s\"}]}", first, second);
    scratch_write(name, text, strlen(text));
}

static void runs_with_an_invalid_number_are_counted(void **state)
{
    struct campaign_pair pairs[] = { { .kind = CAMPAIGN_AB, .number = 1 },
                                     { .kind = CAMPAIGN_AB, .number = 2 },
                                     { .kind = CAMPAIGN_AA, .number = 1 } };
    struct campaign c = { .pairs = pairs, .n_pairs = 3, .is_side_by_side = true };
    const struct campaign_course course = { .c = &c, .folder = scratch_folder };
    struct err e;
    size_t n;
    (void)state;
    write_levels("pair-01", "ok", "invalid");
    write_levels("pair-02", "warn", "not_judged");
    assert_int_equal(campaign_course_count_invalid(&course, &n, &e), 0);
    assert_int_equal(n, 1); /* the control is not made yet */
    write_levels("aa-01", "invalid", "ok");
    assert_int_equal(campaign_course_count_invalid(&course, &n, &e), 0);
    assert_int_equal(n, 2);
}

static void one_process_works_on_a_campaign(void **state)
{
    struct err e = { 0 };
    (void)state;
    const int first = campaign_lock(scratch_folder, &e);
    assert_true(first >= 0);
    assert_int_equal(campaign_lock(scratch_folder, &e), -1);
    assert_non_null(strstr(e.text, "is still running"));
    close(first);
    const int second = campaign_lock(scratch_folder, &e);
    assert_true(second >= 0);
    close(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alternating_run_is_that_of_one_arm),
        cmocka_unit_test(side_by_side_a_run_is_that_of_both_arms_and_of_no_other),
        cmocka_unit_test(a_control_side_by_side_sends_the_first_arm_twice),
        cmocka_unit_test(thresholds_on_either_arm_hold_side_by_side),
        cmocka_unit_test(long_names_stay_different),
        cmocka_unit_test(the_file_brings_back_two_urls),
        cmocka_unit_test(two_urls_are_two_arms_with_a_target_each),
        cmocka_unit_test(the_file_brings_back_the_plan_and_the_options),
        cmocka_unit_test(runs_with_an_invalid_number_are_counted),
        cmocka_unit_test(one_process_works_on_a_campaign),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
