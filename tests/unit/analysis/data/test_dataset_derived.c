/* The derived files of a run, written again. */
#include "made_duo.h"

#include "made_text.h"

#include "dataset_derived.h"

static void derived_files_are_made_again(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(dataset_derived_write(&duo, scratch_folder, &e), 0);
    static const struct {
        const char *file, *line;
        size_t n;
    } cases[] = {
        { "phases.csv", "load1,cluster1,main,rate,0,1.000000,5.000000,,1000,", 10 },
        { "phases.csv", "users1,cluster1,walk,requests,0,0.000000,5.000000,40,,", 10 },
        { "phases.csv", "load1,cluster1,last,rate,0,13.000000,19.400000,,1000,", 10 },
        { "phases.csv", "load1,cluster1,warm,rate,1,0.000000,1.000000,,100,", 10 },
        { "checks.csv", "R4,all,OK,7,%,70,90,busiest second of an event loop,", 4 },
        { "checks.csv", "R2,load2,WARN,2.5,%,2,10,the generator's share of p99,use more threads", 4 },
    };
    for (size_t i = 0; i < N_OF(cases); i++) {
        char *text = scratch_read(scratch_path(cases[i].file), NULL);
        assert_line(text, cases[i].line);
        assert_int_equal(made_lines(text, ""), cases[i].n);
        free(text);
    }
    char *text = scratch_read(scratch_path("instances.csv"), NULL);
    assert_int_equal(made_lines(text, "cluster1,i-a,"), 1);
    assert_int_equal(made_lines(text, "cluster2,i-c,"), 1);
    free(text);
    text = scratch_read(scratch_path("percentiles.csv"), NULL);
    assert_true(made_lines(text, "cluster1,load1,,main,ok,response,990000,") == 1);
    assert_true(made_lines(text, "cluster1,users1,,walk,ok,service,500000,") == 1);
    free(text);
    assert_int_equal(dataset_derived_write(&duo, "/nowhere/at/all", &e), -1);
}

static void a_phase_that_never_began_has_no_times(void **state)
{
    struct err e;
    struct dataset data;
    (void)state;
    const char *folder = made_run("short");
    made_edit(folder, "run.json", "\"start_s\": 5.2, \"end_s\": 13.2", "\"start_s\": null, \"end_s\": null");
    made_open_dataset(&data, folder);
    assert_int_equal(dataset_derived_write(&data, scratch_folder, &e), 0);
    char *text = scratch_read(scratch_path("phases.csv"), NULL);
    assert_line(text, "users1,cluster1,rest,pause,0,,,,,");
    free(text);
    dataset_fini(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_files_are_made_again),
        cmocka_unit_test(a_phase_that_never_began_has_no_times),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
