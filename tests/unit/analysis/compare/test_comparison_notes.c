#include "comparison.h"
#include "note_list.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_heading_stands_before_the_first_note_under_it(void **state)
{
    static const char *const headings[] = { "first", "", "third" };
    struct note_list notes = { .heading = "first" };
    (void)state;
    note_list_add(&notes, "%d", 1);
    note_list_add(&notes, "%d", 2);
    notes.heading = "nothing under it";
    notes.heading = "third";
    note_list_add(&notes, "%d", 3);
    assert_int_equal(notes.n, 3);
    assert_false(notes.is_short);
    for (size_t i = 0; i < notes.n; i++) {
        assert_string_equal(notes.rows[i].heading, headings[i]);
        assert_int_equal(notes.rows[i].text[0], '1' + (int)i);
    }
    note_list_fini(&notes);
}

static void without_a_whole_pair_it_is_noted_what_is_wrong(void **state)
{
    struct comparison c = { .n_broken = 1, .why_broken = "no run.json", .n_missing = 3, .ks.distance = NAN };
    (void)state;
    struct note_list notes = comparison_notes(&c);
    assert_int_equal(notes.n, 2);
    assert_string_equal(notes.rows[0].heading, "broken");
    assert_string_equal(notes.rows[0].text, "1 pair is left out: no run.json");
    assert_string_equal(notes.rows[1].heading, "missing");
    assert_string_equal(notes.rows[1].text, "3 pairs of the campaign are still to be made");
    note_list_fini(&notes);
}

static void one_control_is_one_pair(void **state)
{
    struct comparison_pair pairs[2] = { { .order = "AB" }, { .order = "AA", .is_control = true } };
    struct comparison c = { .pairs = pairs, .n_pairs = 1, .n_controls = 1, .ks.distance = NAN };
    (void)state;
    c.results[c.primary].control =
        (struct decide_control){ .n = 1, .ratio = { 1.5, NAN, NAN }, .least = 1.5, .most = 1.5 };
    struct note_list notes = comparison_notes(&c);
    bool is_noted = false;
    for (size_t i = 0; i < notes.n; i++)
        is_noted |= strcmp(notes.rows[i].text, "1.50, 1 control pair from 1.50 to 1.50") == 0;
    assert_true(is_noted);
    note_list_fini(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heading_stands_before_the_first_note_under_it),
        cmocka_unit_test(without_a_whole_pair_it_is_noted_what_is_wrong),
        cmocka_unit_test(one_control_is_one_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
