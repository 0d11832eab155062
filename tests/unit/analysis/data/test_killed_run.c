/* A run whose process was killed reads as one that was stopped at the last second that all its files hold. */
#include "cm.h"

#include "made_run.h"

#include <math.h>

static const char errors[] = "t_s,stream,cluster,phase,class,cause,status,count_n\n"
                             "0,load1,cluster1,warm,timeout,,,7\n"
                             "2,load1,cluster1,main,timeout,,,5\n"
                             "3,load1,cluster1,main,timeout,,,3\n"
                             "3,load1,cluster1,main,status_5xx,,503,20\n"
                             "3,load1,cluster1,main,reset_idle,,,2\n"
                             "19,load2,cluster2,last,status_5xx,,503,4\n";

/* The recorder writes a row per second; the made run has a few. */
static void write_health(const char *folder)
{
    FILE *f = made_open(folder, "health.csv", "w");
    fprintf(f, "%.*s\n", (int)strcspn(made_health, "\n"), made_health);
    for (unsigned s = 0; s < MADE_SECONDS; s++)
        fprintf(f, "%u.000000,0,0.1,0.2,0.3,120,9,10,2,4,11,12,13,21,22,23,0,0.5,0,7\n", s);
    fclose(f);
}

/* What a run leaves that was killed in the beginning: run.json is that of the start. */
static const char *killed(const char *name)
{
    const char *folder = made_run(name);
    char path[512];
    made_file(folder, "errors.csv", errors);
    write_health(folder);
    made_remove(folder, "instances.csv");
    made_remove(folder, "cloudwatch.csv");
    snprintf(path, sizeof path, "%s/run.json", folder);
    json_t *run = json_load_file(path, 0, NULL), *row;
    size_t i;
    json_object_set_new(run, "end", json_string("running"));
    json_object_set_new(run, "duration_s", json_real(0));
    json_object_set_new(run, "exact", json_array());
    json_object_set_new(run, "checks", json_array());
    json_object_set_new(run, "totals",
                        json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:{}}", "intended_n", 0, "sent_n", 0,
                                  "done_n", 0, "ok_n", 0, "err_n", 0, "censored_n", 0, "errors"));
    json_array_foreach(json_object_get(run, "phases"), i, row)
    {
        static const char *const counts[] = { "done_n", "ok_n", "ok_late_n" };
        for (size_t k = 0; k < N_OF(counts); k++)
            json_object_set_new(row, counts[k], json_integer(0));
        json_object_set_new(row, "errors", json_object());
        if (json_number_value(json_object_get(row, "start_s")) > 0) {
            json_object_set_new(row, "start_s", json_null());
            json_object_set_new(row, "end_s", json_null());
        } else {
            json_object_set_new(row, "end_s", json_real(0));
        }
    }
    assert_int_equal(json_dump_file(run, path, JSON_INDENT(1)), 0);
    json_decref(run);
    return folder;
}

static char *text_of(const char *folder, const char *name, size_t *length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return scratch_read(path, length);
}

static void write_bytes(const char *folder, const char *name, const char *bytes, size_t n)
{
    FILE *f = made_open(folder, name, "w");
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

/* Whole seconds in that many bytes of intervals.csv: each has a line per stream, three. */
static unsigned seconds_in(const char *intervals, size_t length)
{
    unsigned n = 0;
    for (size_t i = 0; i < length; i++)
        n += intervals[i] == '\n';
    return n > 0 ? (n - 1) / 3 : 0;
}

static uint64_t sum_of_phases(const struct run_json *run)
{
    uint64_t n = 0;
    for (size_t i = 0; i < run->n_phases; i++)
        n += run->phases[i].done_n;
    return n;
}

static void check_reads_as_stopped_at(const char *folder, unsigned seconds)
{
    struct dataset data;
    made_open_dataset(&data, folder);
    assert_int_equal(data.run.whole_s, seconds);
    assert_true(fabs(data.run.duration_s - (seconds == MADE_SECONDS ? MADE_DURATION_S : seconds)) < 1e-9);
    assert_string_equal(data.no_counts, "");
    if (data.whole.n > 0)
        fail_msg("%u s: %s", seconds, data.whole.notes[0].text);
    assert_int_equal(data.lost_n, 0);
    assert_int_equal(data.counts.all.done_n, data.run.done_n);
    assert_int_equal(sum_of_phases(&data.run), data.run.done_n);
    dataset_fini(&data);
}

/* The recorder writes a second's rows of intervals.csv last. */
static void a_run_that_was_killed_at_any_byte_is_read_to_its_last_whole_second(void **state)
{
    enum { STEP = 101 };
    size_t length;
    (void)state;
    const char *folder = killed("at-any-byte");
    char *intervals = text_of(folder, "intervals.csv", &length);
    const size_t header = strcspn(intervals, "\n") + 1;
    for (size_t n = header; n < length + STEP; n += STEP) {
        const size_t kept = n < length ? n : length;
        write_bytes(folder, "intervals.csv", intervals, kept);
        check_reads_as_stopped_at(folder, seconds_in(intervals, kept));
    }
    free(intervals);
}

/* Offset of the first line that begins so; the length when there is none. */
static size_t line_at(const char *text, size_t length, const char *part)
{
    const char *hit = strstr(text, part);
    if (!hit)
        return length;
    hit += *part == '\n';
    while (hit > text && hit[-1] != '\n')
        hit--;
    return (size_t)(hit - text);
}

static void other_files_may_be_cut_behind_the_last_whole_second(void **state)
{
    static const struct {
        const char *file, *next; /* of second 3 */
    } files[] = { { "hist.hlog", ",3.000,1.000," }, { "errors.csv", "\n3," }, { "health.csv", "\n3." } };
    (void)state;
    for (size_t f = 0; f < N_OF(files); f++) {
        size_t length, all;
        const char *folder = killed("cut");
        char *intervals = text_of(folder, "intervals.csv", &length);
        write_bytes(folder, "intervals.csv", intervals, line_at(intervals, length, "\n3,"));
        char *text = text_of(folder, files[f].file, &all);
        const size_t from = line_at(text, all, files[f].next);
        for (size_t n = from + 1; n < all; n += 61) {
            write_bytes(folder, files[f].file, text, n);
            check_reads_as_stopped_at(folder, 3);
        }
        free(text);
        free(intervals);
    }
}

static void a_run_that_was_killed_before_it_began_is_empty(void **state)
{
    struct dataset data;
    (void)state;
    const char *folder = killed("at-once");
    made_remove(folder, "hist.hlog");
    char *intervals = text_of(folder, "intervals.csv", NULL);
    write_bytes(folder, "intervals.csv", intervals, strcspn(intervals, "\n") + 1);
    free(intervals);
    made_open_dataset(&data, folder);
    assert_int_equal(data.run.done_n, 0);
    assert_int_equal(data.whole.n, 0);
    assert_true(isnan(data.run.phases[0].start_s));
    dataset_fini(&data);
}

static void phases_end_with_the_last_whole_second(void **state)
{
    struct dataset data;
    (void)state;
    const char *folder = killed("phases");
    char *intervals = text_of(folder, "intervals.csv", NULL);
    const char *from = strstr(intervals, "\n1,");
    write_bytes(folder, "intervals.csv", intervals, (size_t)(from - intervals) + 1);
    free(intervals);
    made_open_dataset(&data, folder);
    assert_true(data.run.phases[0].end_s == 1);
    assert_true(isnan(data.run.phases[1].start_s));
    assert_int_equal(data.run.phases[0].ok_n, 100);
    assert_int_equal(data.run.phases[0].n_outcomes[OUTCOME_TIMEOUT], 7);
    dataset_fini(&data);
}

/* Every row has 2 in a column that older files do not have. */
static void requests_sent_again_are_those_of_the_seconds(void **state)
{
    struct dataset data;
    size_t n_rows = 0;
    (void)state;
    const char *folder = killed("again");
    char *intervals = text_of(folder, "intervals.csv", NULL);
    FILE *f = made_open(folder, "intervals.csv", "w");
    for (char *line = strtok(intervals, "\n"); line; line = strtok(NULL, "\n"))
        fprintf(f, "%s%s\n", line, n_rows++ ? ",2" : ",again_timeout_n");
    fclose(f);
    free(intervals);
    made_open_dataset(&data, folder);
    const json_t *again = json_object_get(json_object_get(data.run.root, "totals"), "sent_again");
    assert_int_equal(json_integer_value(json_object_get(again, "timeout")), 2 * (n_rows - 1));
    assert_int_equal(json_integer_value(json_object_get(again, "idle")), 0);
    dataset_fini(&data);
}

static void times_are_those_of_the_log(void **state)
{
    struct dataset data;
    (void)state;
    made_open_dataset(&data, killed("times"));
    assert_int_equal(data.run.n_exact, data.tags.n);
    for (size_t i = 0; i < data.run.n_exact; i++)
        assert_int_equal(data.run.exact[i].n, data.tags.rows[i].hist->n);
    dataset_fini(&data);
}

static void a_table_that_is_broken_before_its_end_is_refused(void **state)
{
    static const char *const broken[][4] = {
        { "intervals.csv", ",120,107,107,100,7,7,", ",120,x,107,100,7,7,", "'sent_n'" },
        { "intervals.csv", "users1,cluster1,walk", "users7,cluster1,walk",
          "stream 'users7' is not in run.json" },
        { "intervals.csv", ",dur_s,", ",length_s,", "'dur_s'" },
        { "errors.csv", ",timeout,,,7", ",timeout,,,x", "'count_n'" },
        { "hist.hlog", "Tag=response.load1.", "Tag=load1.", "hist.hlog:4" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(broken); i++) {
        struct dataset data;
        struct err e;
        const char *folder = killed("broken");
        made_edit(folder, broken[i][0], broken[i][1], broken[i][2]);
        assert_int_equal(dataset_open(&data, folder, &e), -1);
        if (!strstr(e.text, broken[i][3]))
            fail_msg("%s", e.text);
        dataset_fini(&data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_was_killed_at_any_byte_is_read_to_its_last_whole_second),
        cmocka_unit_test(other_files_may_be_cut_behind_the_last_whole_second),
        cmocka_unit_test(a_run_that_was_killed_before_it_began_is_empty),
        cmocka_unit_test(phases_end_with_the_last_whole_second),
        cmocka_unit_test(requests_sent_again_are_those_of_the_seconds),
        cmocka_unit_test(times_are_those_of_the_log),
        cmocka_unit_test(a_table_that_is_broken_before_its_end_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
