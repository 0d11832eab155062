/* The result of a sweep: the rate a cluster sustains, and how reliable that is. */
#include "cm.h"

#include "err.h"
#include "scratch.h"
#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER                                                                                               \
    "cluster,offered_per_s,achieved_per_s,p_ppm,value_us,at_least_us,state,lo_us,hi_us,n,failed_n,censored_" \
    "n,"                                                                                                     \
    "held,result,level,rate_level,run\n"

static const char *result_of(char letter)
{
    unsigned i = 0;
    while (sweep_result_name((enum sweep_result)i)[0] != letter)
        i++;
    return sweep_result_name((enum sweep_result)i);
}

/* One cluster, in steps of 100 per second from 100; each letter is the first of a step's result. */
static char *curve_of(const char *results)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    fputs(HEADER, out);
    for (int i = 0; results[i]; i++)
        for (int k = 0; k < 2; k++)
            fprintf(out, "c,%d,%d,%d,2000,,exact,1900,,500,0,0,1,%s,ok,ok,c-%d\n", 100 * (i + 1),
                    100 * (i + 1), k == 0 ? 500000 : 990000, result_of(results[i]), 100 * (i + 1));
    fclose(out);
    return text;
}

static int open_text(struct sweep *s, const char *text, struct err *e)
{
    scratch_write("loadcurve.csv", text, strlen(text));
    return sweep_open(s, scratch_folder, e);
}

static char *said(void (*write)(FILE *out, const struct sweep *s), const struct sweep *s)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    write(out, s);
    fclose(out);
    return text;
}

static void the_highest_rate_that_held_is_sustained(void **state)
{
    (void)state;
    static const struct {
        const char *results, *sentence, *doubt;
    } cases[] = {
        { "hhts", "c sustains 200/s.",
          "between 200/s, which held, and 300/s, at which a threshold was missed" },
        { "hq", "c sustains 100/s.",
          "between 100/s, which held, and 200/s, at which the queue kept growing" },
        { "hhsh", "c sustains at least 400/s.", "No higher rate of c was tried" },
        { "hg", "c sustains at least 100/s.", "At 200/s to c loadgen was the limit" },
        { "h", "c sustains at least 100/s.", "No higher rate of c was tried" },
        { "s", "c does not sustain 100/s.", "Of c only 100/s was tried: too few requests were answered" },
        { "gg", "Nothing is known: loadgen was the limit at the first rate.", "In 2 of the 2 steps" },
        { "", "The sweep was ended before its first step.", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        struct sweep s;
        char *text = curve_of(cases[i].results);
        assert_int_equal(open_text(&s, text, &e), 0);
        char *sentence = said(sweep_sentence, &s), *doubts = said(sweep_doubts, &s);
        assert_string_equal(sentence, cases[i].sentence);
        assert_non_null(strstr(doubts, cases[i].doubt));
        free(sentence);
        free(doubts);
        free(text);
        sweep_fini(&s);
    }
}

static void steps_are_sorted_and_a_repeated_one_counts_as_it_ended_at_last(void **state)
{
    (void)state;
    struct err e;
    struct sweep s;
    assert_int_equal(open_text(&s,
                               HEADER "c,300,300,990000,5,,exact,,,9,0,0,1,saturated,ok,ok,c-300\n"
                                      "c,100,100,990000,5,,exact,,,9,0,0,1,generator,invalid,invalid,c-100\n"
                                      "c,100,100,990000,5,,exact,,,9,0,0,1,held,ok,ok,c-100-again\n"
                                      "d,100,100,990000,5,,exact,,,9,0,0,0,threshold,ok,ok,d-100\n"
                                      "c,200,200,990000,5,,exact,,,9,0,0,1,held,ok,ok,c-200\n",
                               &e),
                     0);
    static const char *const order[] = { "c-100", "c-100-again", "c-200", "c-300", "d-100" };
    assert_int_equal(s.n_steps, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(s.steps[i].run, order[i]);
    char *sentence = said(sweep_sentence, &s);
    assert_string_equal(sentence, "c sustains 200/s and d does not sustain 100/s.");
    free(sentence);
    sweep_fini(&s);
}

static void what_was_not_answered_is_unknown_and_no_zero(void **state)
{
    (void)state;
    struct err e;
    struct sweep s;
    assert_int_equal(open_text(&s, HEADER "c,100,0.000,990000,,,,,,0,0,0,1,saturated,ok,ok,c-100\n", &e), 0);
    assert_true(isnan(s.steps[0].times[SWEEP_P50].value_ms) && isnan(s.steps[0].times[SWEEP_P99].value_ms));
    sweep_fini(&s);
}

static void a_broken_curve_is_a_sentence_that_names_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        { HEADER "c,100,100,990000,5,,exact,,,9,0,0,1,good,ok,ok,c-100\n",
          "loadcurve.csv:2: 'result' must be held, threshold, saturated, queue or generator, not 'good'" },
        { HEADER "c,much,100,990000,5,,exact,,,9,0,0,1,held,ok,ok,c-100\n", "loadcurve.csv:2" },
        { "cluster,run\nc,c-100\n", "'result'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        struct sweep s;
        assert_int_equal(open_text(&s, cases[i].text, &e), -1);
        assert_non_null(strstr(e.text, cases[i].words));
        sweep_fini(&s);
    }
}

/* The smallest run.json of a completed step. */
static void make_step(const char *name)
{
    char file[64];
    struct err e;
    assert_int_equal(files_make_folders(scratch_path(name), &e), 0);
    snprintf(file, sizeof file, "%.40s/run.json", name);
    static const char json[] = "{\"schema_version\": 1, \"run_id\": \"x\", \"name\": \"x\", \"started_utc\": "
                               "\"x\", \"end\": \"done\", "
                               "\"t0_realtime_ns\": 1, \"duration_s\": 1, \"totals\": "
                               "{\"sent_n\": 0, \"done_n\": 0, "
                               "\"ok_n\": 0, \"err_n\": 0}, \"clusters\": [], \"streams\": [], \"phases\": "
                               "[], \"exact\": [], \"checks\": [], "
                               "\"thresholds\": []}";
    scratch_write(file, json, sizeof json - 1);
}

static void a_lost_step_of_any_name_is_fit_to_be_shown(void **state)
{
    struct sweep s;
    struct err e;
    char *text = curve_of("hh");
    (void)state;
    make_step("c-\033[2J");
    assert_int_equal(open_text(&s, text, &e), 0);
    char *doubts = said(sweep_doubts, &s);
    assert_null(strchr(doubts, '\033'));
    assert_non_null(strstr(doubts, "c-?[2J"));
    free(doubts);
    sweep_fini(&s);
    assert_int_equal(files_remove_tree(scratch_path("c-\033[2J"), &e), 0);
    free(text);
}

static void a_curve_that_lost_its_last_steps_says_so(void **state)
{
    struct sweep s;
    struct err e;
    char *text = curve_of("hh");
    (void)state;
    make_step("c-100");
    make_step("c-200");
    assert_int_equal(open_text(&s, text, &e), 0);
    assert_int_equal(s.n_lost, 0);
    sweep_fini(&s);
    make_step("c-300");
    assert_int_equal(open_text(&s, text, &e), 0);
    char *doubts = said(sweep_doubts, &s);
    assert_non_null(strstr(doubts, "loadcurve.csv lacks 1 step whose run is there, such as c-300"));
    free(doubts);
    sweep_fini(&s);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_highest_rate_that_held_is_sustained),
        cmocka_unit_test(steps_are_sorted_and_a_repeated_one_counts_as_it_ended_at_last),
        cmocka_unit_test(what_was_not_answered_is_unknown_and_no_zero),
        cmocka_unit_test(a_broken_curve_is_a_sentence_that_names_the_line),
        cmocka_unit_test(a_lost_step_of_any_name_is_fit_to_be_shown),
        cmocka_unit_test(a_curve_that_lost_its_last_steps_says_so),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
