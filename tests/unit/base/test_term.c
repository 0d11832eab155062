#include "term.h"

#include "../cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Looks at the other end of a pseudo terminal. */
static struct term look(const char *kind, const char *no_color, unsigned short width)
{
    struct winsize size = { .ws_col = width, .ws_row = 24 };
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *terminal = fopen(ptsname(master), "w");
    assert_non_null(terminal);
    assert_int_equal(ioctl(fileno(terminal), TIOCSWINSZ, &size), 0);
    setenv("TERM", kind, 1);
    setenv("NO_COLOR", no_color, 1);
    const struct term t = term_look(terminal);
    fclose(terminal);
    close(master);
    return t;
}

static void a_terminal_is_live_and_coloured(void **state)
{
    (void)state;
    const struct term t = look("xterm", "", 132);
    assert_true(t.live && t.colour);
    assert_int_equal(t.width, 132);
    assert_int_equal(look("xterm", "", 0).width, 80);
}

static void no_color_takes_the_colour_only(void **state)
{
    (void)state;
    const struct term t = look("xterm", "1", 80);
    assert_true(t.live);
    assert_false(t.colour);
}

static void dumb_terminals_and_files_get_plain_text(void **state)
{
    (void)state;
    assert_false(look("dumb", "", 80).live);
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "", 1);
    FILE *file = tmpfile();
    const struct term t = term_look(file);
    assert_false(t.live || t.colour);
    assert_int_equal(t.width, 80);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_is_live_and_coloured),
        cmocka_unit_test(no_color_takes_the_colour_only),
        cmocka_unit_test(dumb_terminals_and_files_get_plain_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
