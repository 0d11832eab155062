/* run.json as structs: required members, unknown values, and the messages for wrong ones. */
#include "cm.h"

#include "close.h"
#include "made_run.h"
#include "made_text.h"

#include "json_want.h"
#include "options.h"
#include "run_json.h"
#include "run_path.h"

#include <math.h>
#include <unistd.h>

static struct err e;

static void all_that_it_says_is_read(void **state)
{
    struct run_json run;
    (void)state;
    assert_int_equal(run_json_read(&run, made_run("run"), &e), 0);
    assert_string_equal(run.name, "duo");
    assert_string_equal(run.tool_version, "0.1.0");
    assert_string_equal(run.target_url, "http://127.0.0.1:8080");
    assert_true(run.emulated);
    assert_int_equal(run.seed, 42);
    assert_int_equal(run.n_clusters, 2);
    assert_int_equal(run.clusters[0].n_instances, 2);
    assert_string_equal(run.clusters[0].instances[1], "i-b");
    assert_int_equal(run.n_streams, 3);
    assert_true(run.streams[0].open);
    assert_false(run.streams[2].open);
    assert_true(isnan(run.streams[0].users));
    assert_close(run.streams[2].users, 2, 0);
    assert_null(run.streams[2].arrivals);
    assert_int_equal(run.n_phases, 9);
    assert_true(run.phases[0].warmup);
    assert_int_equal(run.phases[1].done_n, 4028);
    assert_int_equal(run.phases[1].n_outcomes[OUTCOME_OK], 4000);
    assert_int_equal(run.phases[1].n_outcomes[OUTCOME_TIMEOUT], 8);
    assert_int_equal(run.phases[1].n_outcomes[OUTCOME_STATUS_5XX], 20);
    assert_true(isnan(run.phases[1].rate_end_per_s));
    assert_int_equal(run.n_checks, 3);
    assert_close(run.checks[1].value, 2.5, 0);
    assert_int_equal(run.n_thresholds, 2);
    assert_null(run.thresholds[0].scope);
    assert_true(run.thresholds[0].held);
    run_json_fini(&run);
}

static void what_may_be_missing_is_unknown(void **state)
{
    static const char *const optional[] = { "seed",    "threads", "tool",     "target", "deployment",
                                            "label",   "zone",    "arrivals", "users",  "max_ns",
                                            "start_s", "value",   "unit" };
    (void)state;
    for (size_t i = 0; i < N_OF(optional); i++) {
        struct run_json run;
        char from[64];
        snprintf(from, sizeof from, "\"%s\":", optional[i]);
        const char *folder = made_run("run");
        made_edit(folder, "run.json", from, "\"other\":");
        /* the text is a member of checks too, where a unit must be */
        if (strcmp(optional[i], "unit") == 0)
            made_edit(folder, "run.json", "\"other\": \"%\"", "\"unit\": \"%\"");
        if (run_json_read(&run, folder, &e))
            fail_msg("%s: %s", optional[i], e.text);
        run_json_fini(&run);
    }
}

static void texts_are_fit_to_be_shown_and_the_scenario_keeps_its_lines(void **state)
{
    struct run_json run;
    (void)state;
    const char *folder = made_run("run");
    made_edit(folder, "run.json", "\"name\": \"duo\"", "\"name\": \"a\\u001b\\n\\u202eb\"");
    made_edit(folder, "run.json", "\"name: duo\\n\"", "\"name: \\u001bx\\n\\u202ey: 1\\n\"");
    assert_int_equal(run_json_read(&run, folder, &e), 0);
    assert_string_equal(run.name, "a? ???b");
    const json_t *scenario = json_object_get(run.root, "scenario");
    assert_string_equal(json_string_value(json_object_get(scenario, "text")), "name: ?x\n???y: 1\n");
    run_json_fini(&run);
}

static void what_must_be_there_is_missed_by_its_place(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        { "\"run_id\":", "\"x\":", "'run_id' is missing; it must be a text" },
        { "\"duration_s\":", "\"x\":", "'duration_s' is missing; it must be a number" },
        { "\"duration_s\": 19.4", "\"duration_s\": 1e300",
          "'duration_s' must be a number of seconds from 0 to 1e9" },
        { "\"duration_s\": 19.4", "\"duration_s\": -5",
          "'duration_s' must be a number of seconds from 0 to 1e9" },
        { "\"duration_s\": 19.4", "\"duration_s\": \"long\"", "'duration_s' must be a number, not a text" },
        { "\"clusters\": [", "\"x\": [", "'clusters' is missing; it must be an array" },
        { "\"totals\": {", "\"totals\": [], \"x\": {", "'totals' must be an object, not an array" },
        { "\"totals\":", "\"x\":", "'totals.done_n' is missing" },
        { "\"model\":", "\"x\":", "'streams[0].model' is missing" },
        { "\"captures_instance\": false", "\"captures_instance\": 0",
          "'streams[2].captures_instance' must be true or false, not a number" },
        { "\"instances\": [\"i-c\"]", "\"instances\": [7]", "'clusters[1].instances' must hold texts only" },
        { "\"instances\": [\"i-c\"]", "\"instances\": null",
          "'clusters[1].instances' must be an array, not null" },
        { "\"done_n\": 107", "\"done_n\": -1",
          "'phases[0].done_n' must be a whole number from 0, not a number" },
        { "\"done_n\": 107", "\"done_n\": 1.5", "'phases[0].done_n' must be a whole number from 0" },
        { "\"start_s\": ", "\"start_s\": -1",
          "'phases[0].start_s' must be a number of seconds from 0 to 1e9" },
        { "\"held\": false", "\"held\": 0", "'thresholds[1].held' must be true or false, not a number" },
        { "\"schema_version\": 1", "\"schema_version\": 2", "schema version 2 is unknown" },
        { "\"schema_version\": 1", "\"schema_version\": true", "'schema_version' must be a whole number" },
        { "{\"schema_version\": 1,", "{\"schema_version\": 1,,", "run.json:1:" },
        { "\"name\": \"duo\",", "\"name\": \"duo\", \"name\": \"duo\",", "duplicate" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct run_json run;
        const char *folder = made_run("run");
        made_edit(folder, "run.json", cases[i].from, cases[i].to);
        assert_int_equal(run_json_read(&run, folder, &e), -1);
        assert_says(e.text, cases[i].says);
        run_json_fini(&run);
    }
}

static void other_folders_are_told_by_what_they_are(void **state)
{
    struct run_json run;
    (void)state;
    const char *folder = made_run("run");
    made_file(folder, "run.json", "[]");
    assert_int_equal(run_json_read(&run, folder, &e), -1);
    assert_says(e.text, "the document must be an object");
    run_json_fini(&run);
    made_file(folder, "campaign.json", "{}");
    assert_false(run_json_read(&run, folder, &e) == 0);
    assert_says(e.text, "the document must be an object"); /* which it has */
    run_json_fini(&run);
    made_remove(folder, "run.json");
    assert_int_equal(run_json_read(&run, folder, &e), -1);
    assert_says(e.text, "is the folder of a campaign");
    assert_true(run_path_is_campaign(folder));
    assert_false(run_path_is_sweep(folder));
    run_json_fini(&run);
    made_remove(folder, "campaign.json");
    made_file(folder, "loadcurve.csv", "cluster\n");
    assert_int_equal(run_json_read(&run, folder, &e), -1);
    assert_says(e.text, "is the folder of a sweep");
    assert_true(run_path_is_sweep(folder));
    run_json_fini(&run);
    assert_int_equal(run_json_read(&run, "/nowhere/at/all", &e), -1);
    assert_says(e.text, "/nowhere/at/all/run.json");
    run_json_fini(&run);
}

static void one_folder_is_meant(void **state)
{
    char file[200];
    (void)state;
    char *words[] = { scratch_folder, scratch_folder };
    struct options_result given = { .positional = (const char **)words, .n_positional = 1 };
    assert_string_equal(run_path_one(&given, &e), scratch_folder);
    given.n_positional = 2;
    assert_null(run_path_one(&given, &e));
    assert_says(e.text, "not 2");
    snprintf(file, sizeof file, "%s", scratch_write("file", "", 0));
    words[0] = file;
    given.n_positional = 1;
    assert_null(run_path_one(&given, &e));
    assert_says(e.text, "is not a folder");
    given.n_positional = 0;
    assert_int_equal(chdir(scratch_folder), 0);
    assert_null(run_path_one(&given, &e));
    assert_says(e.text, "there is no results/latest here yet");
    struct err ignored;
    assert_int_equal(files_make_folders("results/latest", &ignored), 0);
    assert_string_equal(run_path_one(&given, &e), "results/latest");
}

/* After the first mismatch every call returns a neutral value. */
static void only_the_first_wish_that_fails_is_noted(void **state)
{
    json_t *root = json_pack("{s:i, s:s, s:n}", "number", 7, "text", "t", "null");
    struct json_want w = { .file = "f", .e = &e };
    const struct json_place top = { root, "" };
    (void)state;
    assert_string_equal(json_want_text(&w, top, "text"), "t");
    assert_null(json_want_text_or_null(&w, top, "null"));
    assert_int_equal(json_want_count_or(&w, top, "null", 5), 5);
    assert_int_equal(json_want_count_or(&w, top, "number", 5), 7);
    assert_true(isnan(json_want_real_or_null(&w, top, "none")));
    assert_close(json_want_real_or_null(&w, top, "number"), 7, 0);
    assert_null(json_want_object_or_null(&w, top, "null"));
    assert_false(w.failed);
    assert_string_equal(json_want_text(&w, top, "number"), "");
    assert_string_equal(e.text, "f: 'number' must be a text, not a number");
    assert_int_equal(json_want_count(&w, top, "text"), 0);
    assert_true(isnan(json_want_real(&w, top, "text")));
    assert_false(json_want_flag(&w, top, "text"));
    assert_string_equal(e.text, "f: 'number' must be a text, not a number");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_it_says_is_read),
        cmocka_unit_test(what_may_be_missing_is_unknown),
        cmocka_unit_test(texts_are_fit_to_be_shown_and_the_scenario_keeps_its_lines),
        cmocka_unit_test(what_must_be_there_is_missed_by_its_place),
        cmocka_unit_test(other_folders_are_told_by_what_they_are),
        cmocka_unit_test(one_folder_is_meant),
        cmocka_unit_test(only_the_first_wish_that_fails_is_noted),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
