#include "term.h"

#include "text_out.h"

#include "cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Looks at the other end of a pseudo terminal. */
static struct term look_at(const char *kind, const char *no_color, struct winsize size)
{
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

static struct term look(const char *kind, const char *no_color, unsigned short width)
{
    return look_at(kind, no_color, (struct winsize){ .ws_col = width, .ws_row = 24 });
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

static void a_name_is_one_word_of_a_shell(void **state)
{
    static const char *const cases[][2] = {
        { "results/2026-11-28T23-55-50Z-tp1", "results/2026-11-28T23-55-50Z-tp1" },
        { "a b", "'a b'" },
        { "$(id)`id`;&|", "'$(id)`id`;&|'" },
        { "it's", "'it'\\''s'" },
        { "'", "''\\'''" },
        { "-x", "./-x" },
        { "- x", "./'- x'" },
        { "~x", "'~x'" },
        { "", "''" },
        { "\xC3\xBC", "'\xC3\xBC'" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct text_out t;
        assert_true(text_out_begin(&t));
        term_word(t.file, cases[i][0]);
        char *text = text_out_end(&t);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

static void a_name_has_no_escapes_on_a_terminal_and_is_exact_elsewhere(void **state)
{
    static const char name[] = "a\x1B[2J\n\xFF";
    char shown[100] = "";
    struct text_out t;
    (void)state;
    assert_true(text_out_begin(&t));
    term_name(t.file, name);
    char *text = text_out_end(&t);
    assert_string_equal(text, name);
    free(text);
    const int ours = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(ours >= 0 && grantpt(ours) == 0 && unlockpt(ours) == 0);
    FILE *out = fopen(ptsname(ours), "w");
    assert_non_null(out);
    term_name(out, name);
    fflush(out);
    assert_true(read(ours, shown, sizeof shown - 1) > 0);
    assert_string_equal(shown, "a?[2J ?");
    fclose(out);
    close(ours);
}

static void a_size_is_known_whole_or_not_at_all(void **state)
{
    static const struct {
        struct winsize size;
        int width, height;
    } cases[] = {
        { { .ws_col = 132, .ws_row = 50 }, 132, 50 },
        { { .ws_col = 1, .ws_row = 1 }, 1, 1 },
        { { .ws_col = 132, .ws_row = 0 }, 80, 24 },
        { { .ws_col = 0, .ws_row = 50 }, 80, 24 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct term t = look_at("xterm", "", cases[i].size);
        assert_int_equal(t.width, cases[i].width);
        assert_int_equal(t.height, cases[i].height);
    }
}

static void a_terminal_without_a_kind_is_not_live(void **state)
{
    (void)state;
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *terminal = fopen(ptsname(master), "w");
    assert_non_null(terminal);
    unsetenv("TERM");
    unsetenv("NO_COLOR");
    assert_false(term_look(terminal).live);
    setenv("TERM", "xterm", 1);
    assert_true(term_look(terminal).live && term_look(terminal).colour);
    fclose(terminal);
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_is_live_and_coloured),
        cmocka_unit_test(no_color_takes_the_colour_only),
        cmocka_unit_test(dumb_terminals_and_files_get_plain_text),
        cmocka_unit_test(a_name_is_one_word_of_a_shell),
        cmocka_unit_test(a_name_has_no_escapes_on_a_terminal_and_is_exact_elsewhere),
        cmocka_unit_test(a_size_is_known_whole_or_not_at_all),
        cmocka_unit_test(a_terminal_without_a_kind_is_not_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
