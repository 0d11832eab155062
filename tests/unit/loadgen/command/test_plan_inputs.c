/* A plan made of bytes where none of its files are. */
#include "err.h"
#include "input_files.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_options.h"
#include "scratch.h"

#include "cm.h"

static const char scenario[] = "name: bytes\n"
                               "target: https://127.0.0.1:1\n"
                               "seed: 3\n"
                               "tls: {ca: ca.pem}\n"
                               "streams:\n"
                               "  - name: s\n"
                               "    users: 2\n"
                               "    feed: rows.csv\n"
                               "    phases: [{duration: 1s}]\n"
                               "    request: {method: POST, path: '/{csv:key}', body_file: body.bin}\n";

static int make(struct plan *plan, struct input_files *in, char *argv[], int n, struct err *e)
{
    struct run_options o = { .inputs = in };
    *plan = (struct plan){ 0 };
    const int status = run_options_parse(&o, &run_command, n, argv, e) ? -1 : plan_from_options(plan, &o, e);
    run_options_fini(&o);
    return status;
}

static void write_files(void)
{
    struct err e;
    assert_int_equal(files_make_folder(scratch_path("in"), &e), 0);
    scratch_write("in/s.yaml", scenario, sizeof scenario - 1);
    scratch_write("in/rows.csv", "key\nx\ny\n", 8);
    scratch_write("in/body.bin", "\0\1\2", 3);
    scratch_write("in/ca.pem", "certificate", 11);
}

static void move_away(const struct input_files *from, struct input_files *to)
{
    struct err e;
    for (size_t i = 0; i < from->n; i++) {
        const struct input_file *f = &from->list[i];
        char *bytes = malloc(f->length_bytes + 1);
        memcpy(bytes, f->bytes, f->length_bytes + 1);
        assert_int_equal(input_files_add(to, f->path, bytes, f->length_bytes, &e), 0);
    }
    to->is_complete = true;
    assert_int_equal(files_remove_tree(scratch_path("in"), &e), 0);
}

static void assert_same(const struct plan *a, const struct plan *b)
{
    const struct plan_stream *s = &a->streams[0], *t = &b->streams[0];
    assert_string_equal(a->scenario_file, b->scenario_file);
    assert_string_equal(a->scenario_text, b->scenario_text);
    assert_int_equal(s->feeds[0]->n_rows, t->feeds[0]->n_rows);
    assert_string_equal(s->feeds[0]->cells[1], t->feeds[0]->cells[1]);
    assert_string_equal(a->target.tls_options.ca_file, b->target.tls_options.ca_file);
}

static void the_plan_of_bytes_is_that_of_the_files(void **state)
{
    struct input_files here = { 0 }, there = { 0 };
    struct plan a, b;
    struct err e;
    char path[160], opened[PATH_MAX];
    (void)state;
    write_files();
    snprintf(path, sizeof path, "%s", scratch_path("in/s.yaml"));
    assert_int_equal(make(&a, &here, (char *[]){ path }, 1, &e), 0);
    assert_int_equal(here.n, 4);
    move_away(&here, &there);
    assert_int_equal(make(&b, NULL, (char *[]){ path }, 1, &e), -1);
    plan_fini(&b);
    assert_int_equal(make(&b, &there, (char *[]){ path }, 1, &e), 0);
    assert_same(&a, &b);
    const struct plan_tls *tls = &b.target.tls_options;
    assert_int_equal(input_files_path(tls->inputs, tls->ca_file, opened, &e), 0);
    size_t length;
    char *certificate = scratch_read(opened, &length);
    assert_int_equal(length, 11);
    free(certificate);
    plan_fini(&a);
    plan_fini(&b);
    input_files_fini(&here);
    input_files_fini(&there);
}

static void mistakes_name_the_files_of_the_user(void **state)
{
    static const char broken[] = "name: x\nusers: 1\n";
    char path[] = "my/s.yaml";
    struct input_files in = { .is_complete = true };
    struct plan plan;
    struct err e;
    (void)state;
    assert_int_equal(input_files_add(&in, path, strdup(broken), sizeof broken - 1, &e), 0);
    assert_int_equal(make(&plan, &in, (char *[]){ path }, 1, &e), -1);
    assert_ptr_equal(strstr(e.text, "my/s.yaml:2:1: error: "), e.text);
    plan_fini(&plan);
    input_files_fini(&in);
}

static void a_deployment_is_read_from_bytes_too(void **state)
{
    static const char deployed[] = "{\"schema_version\": 1, \"state\": \"up\", \"url\": \"http://10.0.0.7\", "
                                   "\"clusters\": [{\"name\": \"m4\"}]}";
    static const char text[] = "name: d\ntarget: deployment\nstreams:\n"
                               "  - {name: s, cluster: m4, users: 1, request: /, phases: [{requests: 1}]}\n";
    struct input_files in = { .is_complete = true };
    struct plan plan;
    struct err e;
    char path[] = "d.yaml";
    (void)state;
    assert_int_equal(input_files_add(&in, path, strdup(text), sizeof text - 1, &e), 0);
    assert_int_equal(make(&plan, &in, (char *[]){ path }, 1, &e), -1);
    assert_non_null(strstr(e.text, "there is no deployment: results/deployment.json does not exist"));
    plan_fini(&plan);
    assert_int_equal(
        input_files_add(&in, "results/deployment.json", strdup(deployed), sizeof deployed - 1, &e), 0);
    assert_int_equal(make(&plan, &in, (char *[]){ path }, 1, &e), 0);
    assert_string_equal(plan.target.url, "http://10.0.0.7");
    plan_fini(&plan);
    input_files_fini(&in);
}

static void a_file_of_a_urls_name_matters_only_where_the_files_are(void **state)
{
    struct input_files in = { .is_complete = true };
    struct plan plan;
    struct err e;
    char path[] = "bytes.test";
    (void)state;
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(make(&plan, NULL, (char *[]){ path }, 1, &e), -1);
    plan_fini(&plan);
    assert_int_equal(make(&plan, &in, (char *[]){ path }, 1, &e), 0);
    assert_string_equal(plan.target.host, "bytes.test");
    plan_fini(&plan);
    remove(path);
    input_files_fini(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plan_of_bytes_is_that_of_the_files),
        cmocka_unit_test(mistakes_name_the_files_of_the_user),
        cmocka_unit_test(a_deployment_is_read_from_bytes_too),
        cmocka_unit_test(a_file_of_a_urls_name_matters_only_where_the_files_are),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
