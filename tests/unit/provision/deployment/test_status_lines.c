#include "status_lines.h"

#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct screen {
    char *text;
    size_t length;
    FILE *out;
    struct status_lines lines;
};

/* Not a terminal: plain lines in every mode but `none`. */
static void open_screen(struct screen *s, enum status_lines_mode mode)
{
    s->out = open_memstream(&s->text, &s->length);
    assert_non_null(s->out);
    status_lines_init(&s->lines, s->out, mode, 0);
}

static void assert_shows(struct screen *s, const char *right)
{
    fflush(s->out);
    assert_string_equal(s->text, right);
}

static void close_screen(struct screen *s)
{
    status_lines_end(&s->lines);
    fclose(s->out);
    free(s->text);
}

static void a_line_comes_when_all_is_done_and_now_and_then_before(void **state)
{
    struct screen s;
    (void)state;
    open_screen(&s, STATUS_LINES_PLAIN);
    status_lines_set(&s.lines, "targets", 1, 9, "healthy", 0, "waiting");
    status_lines_set(&s.lines, "targets", 2, 9, "healthy", 9 * NS_PER_S, "waiting");
    assert_shows(&s, "");
    status_lines_set(&s.lines, "targets", 3, 9, "healthy", 10 * NS_PER_S, "waiting for i-%d", 1);
    status_lines_set(&s.lines, "targets", 4, 9, "healthy", 19 * NS_PER_S, "waiting");
    status_lines_set(&s.lines, "targets", 9, 9, "healthy", 19 * NS_PER_S, "%s", "");
    status_lines_set(&s.lines, "targets", 9, 9, "healthy", 60 * NS_PER_S, "%s", "");
    assert_shows(&s, "targets             3/9  healthy     waiting for i-1\n"
                     "targets             9/9  healthy\n");
    close_screen(&s);
}

static void a_row_without_count_shows_each_state_once(void **state)
{
    struct screen s;
    (void)state;
    open_screen(&s, STATUS_LINES_PLAIN);
    status_lines_set(&s.lines, "load balancer", 0, 0, "creating", 0, "x");
    status_lines_set(&s.lines, "load balancer", 0, 0, "creating", 30 * NS_PER_S, "y");
    status_lines_set(&s.lines, "load balancer", 0, 0, "active", 31 * NS_PER_S, "z");
    assert_shows(&s, "load balancer            creating    x\n"
                     "load balancer            active      z\n");
    close_screen(&s);
}

static void none_is_nothing(void **state)
{
    struct screen s;
    (void)state;
    open_screen(&s, STATUS_LINES_NONE);
    status_lines_set(&s.lines, "targets", 9, 9, "healthy", 0, "x");
    status_lines_print(&s.lines, "words");
    assert_shows(&s, "");
    close_screen(&s);
}

static void more_rows_than_there_is_room_for_share_the_last(void **state)
{
    struct screen s;
    char labels[STATUS_LINES_MOST + 3][8];
    (void)state;
    open_screen(&s, STATUS_LINES_NONE);
    for (unsigned i = 0; i < STATUS_LINES_MOST + 3; i++) {
        snprintf(labels[i], sizeof labels[i], "r%u", i);
        status_lines_set(&s.lines, labels[i], 0, 0, "x", 0, "%s", "");
    }
    assert_int_equal(s.lines.n_rows, STATUS_LINES_MOST);
    close_screen(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_when_all_is_done_and_now_and_then_before),
        cmocka_unit_test(a_row_without_count_shows_each_state_once),
        cmocka_unit_test(none_is_nothing),
        cmocka_unit_test(more_rows_than_there_is_room_for_share_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
