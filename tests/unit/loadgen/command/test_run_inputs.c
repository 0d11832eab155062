/* The hashes of what a run is made from. */
#include "err.h"
#include "input_files.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_inputs.h"
#include "run_options.h"
#include "scratch.h"

#include "cm.h"

/* sha256sum of "body". */
#define BODY_HASH "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"

struct made {
    struct run_options o;
    struct plan plan;
    struct run_inputs inputs;
};

static void make(struct made *m, struct input_files *in, char *argv[], int n)
{
    struct err e;
    *m = (struct made){ .o.inputs = in };
    if (run_options_parse(&m->o, &run_command, n, argv, &e) || plan_from_options(&m->plan, &m->o, &e) ||
        run_inputs_init(&m->inputs, &m->o, &m->plan, &e))
        fail_msg("%s", e.text);
}

static void unmake(struct made *m)
{
    run_inputs_fini(&m->inputs);
    plan_fini(&m->plan);
    run_options_fini(&m->o);
}

static char *scenario_of(const char *password)
{
    static char path[256];
    char text[1024];
    const int n = snprintf(text, sizeof text,
                           "name: s\n"
                           "target: https://127.0.0.1:1\n"
                           "tls: {ca: ca.pem}\n"
                           "streams:\n"
                           "  - name: s\n"
                           "    users: 2\n"
                           "    feed: rows.csv\n"
                           "    phases: [{duration: 1s}]\n"
                           "    requests:\n"
                           "      - {method: POST, path: '/{csv:key}', body_file: body.bin, headers: "
                           "{authorization: '%s'}}\n"
                           "      - {method: POST, path: /, body_file: body.bin}\n",
                           password);
    snprintf(path, sizeof path, "%s", scratch_write("s.yaml", text, (size_t)n));
    scratch_write("rows.csv", "key\nx\n", 6);
    scratch_write("body.bin", "body", 4);
    scratch_write("ca.pem", "certificate", 11);
    return path;
}

static const struct recorder_input *find(const struct run_inputs *inputs, const char *end)
{
    for (size_t i = 0; i < inputs->n; i++) {
        const char *name = inputs->rows[i].name;
        if (strlen(name) >= strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0)
            return &inputs->rows[i];
    }
    fail_msg("no input %s", end);
    return NULL;
}

static void scenario_feed_and_body_have_a_hash_and_certificates_none(void **state)
{
    struct made m;
    (void)state;
    make(&m, NULL, (char *[]){ scenario_of("Bearer a") }, 1);
    assert_int_equal(m.inputs.n, 3);
    assert_string_equal(find(&m.inputs, "s.yaml")->what, "scenario");
    assert_string_equal(find(&m.inputs, "rows.csv")->what, "file");
    assert_string_equal(find(&m.inputs, "body.bin")->sha256, BODY_HASH);
    unmake(&m);
}

static void a_secret_does_not_change_the_scenario_s_hash(void **state)
{
    struct made a, b;
    (void)state;
    make(&a, NULL, (char *[]){ scenario_of("Bearer a") }, 1);
    make(&b, NULL, (char *[]){ scenario_of("Bearer b") }, 1);
    assert_string_equal(find(&a.inputs, "s.yaml")->sha256, find(&b.inputs, "s.yaml")->sha256);
    unmake(&a);
    unmake(&b);
}

static void files_from_another_process_have_the_same_hashes(void **state)
{
    struct input_files in = { 0 };
    struct made disk, memory;
    (void)state;
    char *scenario = scenario_of("Bearer a");
    make(&disk, &in, (char *[]){ scenario }, 1);
    in.is_complete = true;
    remove(scratch_path("rows.csv"));
    remove(scratch_path("body.bin"));
    make(&memory, &in, (char *[]){ scenario }, 1);
    for (size_t i = 0; i < disk.inputs.n; i++) {
        assert_int_equal(strlen(disk.inputs.rows[i].sha256), 64);
        assert_string_equal(disk.inputs.rows[i].sha256, memory.inputs.rows[i].sha256);
    }
    unmake(&disk);
    unmake(&memory);
    input_files_fini(&in);
}

static void a_body_given_as_a_file_has_a_hash(void **state)
{
    struct made m;
    char path[256];
    (void)state;
    snprintf(path, sizeof path, "%s", scratch_write("b", "body", 4));
    make(&m, NULL, (char *[]){ (char[]){ "http://127.0.0.1:1/" }, (char[]){ "--body-file" }, path }, 3);
    assert_int_equal(m.inputs.n, 1);
    assert_string_equal(m.inputs.rows[0].sha256, BODY_HASH);
    unmake(&m);
}

/* A pipe that was read already would block. */
static void a_file_that_is_no_file_has_no_hash(void **state)
{
    struct made m;
    (void)state;
    make(&m, NULL,
         (char *[]){ (char[]){ "http://127.0.0.1:1/" }, (char[]){ "--body-file" }, (char[]){ "/dev/null" } },
         3);
    assert_int_equal(m.inputs.n, 1);
    assert_string_equal(m.inputs.rows[0].sha256, "");
    unmake(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario_feed_and_body_have_a_hash_and_certificates_none),
        cmocka_unit_test(a_secret_does_not_change_the_scenario_s_hash),
        cmocka_unit_test(files_from_another_process_have_the_same_hashes),
        cmocka_unit_test(a_body_given_as_a_file_has_a_hash),
        cmocka_unit_test(a_file_that_is_no_file_has_no_hash),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
