/* The rows of violins, worked out by hand from made_run.h. */
#include "figure_of_times.h"

#include "close.h"

#include "figure_set.h"

static double cell(const char *row, int column)
{
    for (; column > 0; column--)
        row = strchr(row, ',') + 1;
    return strtod(row, NULL);
}

static void violins_have_a_box_and_a_symmetric_outline(void **state)
{
    struct dataset duo;
    (void)state;
    made_open_dataset(&duo, made_run("duo"));
    struct made_figure f = made_figure(figure_violin, &duo);
    assert_line(f.rows,
                "box,1,cluster1,m4 (cluster1),1,i-a,,,1.048575,1.048575,1.048575,1.048575,1.048575,6000,");
    assert_line(f.rows,
                "box,2,cluster1,m4 (cluster1),1,i-b,,,1.048575,1.048575,1.048575,1.048575,2.097151,4000,");
    assert_line(f.rows,
                "box,3,cluster2,t2 (cluster2),2,i-c,,,2.097151,2.097151,2.097151,2.097151,2.097151,6000,");
    assert_int_equal(made_lines(f.rows, "shape,1,"), 2 * 96);
    assert_int_equal(made_lines(f.rows, "shape,"), 3 * 2 * 96);
    const char *up = strstr(f.rows, "shape,2,"), *down = up;
    double widest = 0;
    for (int i = 0; i < 96 + 95; i++)
        down = strchr(down, '\n') + 1;
    assert_close(cell(up, 6), 1.048575, 1e-9);
    for (int i = 0; i < 96; i++) { /* up the right side, down the left one */
        assert_close(cell(up, 6), cell(down, 6), 1e-9);
        assert_close(cell(up, 7), -cell(down, 7), 1e-9);
        widest = fmax(widest, cell(up, 7));
        up = strchr(up, '\n') + 1;
        while (down[-2] != '\n')
            down--;
        down--;
    }
    /* i-a, whose times are all equal, is the widest: 0.9693 * 1024 bells. i-b's 3/4 at MS1 make 5.045. */
    assert_close(widest, 0.42 * 5.0453 / 396.0, 1e-5);
    assert_close(cell(strstr(f.rows, "shape,1,"), 7), 0.42, 1e-9);
    assert_says(f.words, "Response time of each instance");
    made_figure_fini(&f);
    dataset_fini(&duo);
}

static void violins_need_twenty_requests_and_stand_as_deployed(void **state)
{
    static const struct made_times times[] = {
        { 1, 1, "response.load2.cluster2.main.ok.i-c", MADE_MS1, 20 },
        { 1, 1, "response.load1.cluster1.main.ok.i-z", MADE_MS1, 30 }, /* of no deployment, by name */
        { 1, 1, "response.load1.cluster1.main.ok.i-y", MADE_MS1, 30 },
        { 1, 1, "response.load1.cluster1.main.ok.i-b", MADE_MS1, 30 },
        { 1, 1, "response.load1.cluster1.main.ok.i-a", MADE_MS1, 15 },
        { 1, 1, "response.load1.cluster1.last.ok.i-a", MADE_MS1, 5 },  /* of two phases */
        { 1, 1, "response.load1.cluster1.main.ok.i-c", MADE_MS1, 19 }, /* too few */
        { 0, 0, "response.load1.cluster1.warm.ok.i-w", MADE_MS1, 90 },
        { 1, 1, "response.load1.cluster1.main.timeout.i-t", MADE_MS1, 90 },
        { 1, 1, "service.load1.cluster1.main.ok.i-s", MADE_MS1, 90 },
    };
    static const char *const boxes[] = { "box,1,cluster1,m4 (cluster1),1,i-a,",
                                         "box,2,cluster1,m4 (cluster1),1,i-b,",
                                         "box,3,cluster1,m4 (cluster1),1,i-y,",
                                         "box,4,cluster1,m4 (cluster1),1,i-z,",
                                         "box,5,cluster2,t2 (cluster2),2,i-c," };
    (void)state;
    struct made_figure f = figure_of_times(figure_violin, times, N_OF(times));
    for (size_t i = 0; i < N_OF(boxes); i++)
        assert_int_equal(made_lines(f.rows, boxes[i]), 1);
    assert_int_equal(made_lines(f.rows, "box,"), N_OF(boxes));
    assert_int_equal(made_lines(f.rows, "few,"), 0);
    made_figure_fini(&f);
    f = figure_of_times(figure_violin, times, 2); /* without the instances of cluster1's deployment */
    assert_line(f.rows, "few,1,cluster1,m4 (cluster1),1,i-a,,,,,,,,0,none");
    assert_line(f.rows, "few,2,cluster1,m4 (cluster1),1,i-b,,,,,,,,0,none");
    assert_int_equal(made_lines(f.rows, "box,"), 2);
    made_figure_fini(&f);
    f = figure_of_times(figure_violin, &times[6], 4);
    assert_string_equal(f.left_out, "no instance is known to have answered 20 requests");
}

static void more_than_thirty_violins_are_too_many(void **state)
{
    static char tags[31][64];
    struct made_times times[31];
    (void)state;
    for (unsigned i = 0; i < 31; i++) {
        snprintf(tags[i], sizeof tags[i], "response.load1.cluster1.main.ok.i-%02u", i);
        times[i] = (struct made_times){ 1, 1, tags[i], MADE_MS1, 20 };
    }
    struct made_figure f = figure_of_times(figure_violin, times, 30);
    assert_int_equal(made_lines(f.rows, "box,"), 30);
    made_figure_fini(&f);
    f = figure_of_times(figure_violin, times, 31);
    assert_int_equal(f.result, FIGURE_LEFT_OUT);
    assert_says(f.left_out, "more than 30 instances");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(violins_have_a_box_and_a_symmetric_outline),
        cmocka_unit_test(violins_need_twenty_requests_and_stand_as_deployed),
        cmocka_unit_test(more_than_thirty_violins_are_too_many),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
