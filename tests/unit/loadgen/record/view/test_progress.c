#include "progress.h"

#include "cm.h"
#include "shown_view.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void plain_lines_come_every_ten_seconds(void **state)
{
    struct progress p;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    unsigned n = 0;
    (void)state;
    progress_init(&p, PROGRESS_LIVE, out); /* not a terminal: plain */
    for (uint64_t s = 1; s <= 35; s++) {
        struct progress_view now = view;
        now.elapsed_s = s;
        if (progress_is_due(&p, s)) {
            progress_show(&p, &now);
            n++;
        }
    }
    progress_end(&p);
    fclose(out);
    assert_int_equal(n, 3);
    assert_null(strchr(text, '\033'));
    free(text);
}

static void a_display_that_never_began_ends_quietly(void **state)
{
    struct progress p = { 0 };
    (void)state;
    progress_end(&p);
}

/* What the terminal receives. */
static void a_terminal_shows_the_block_at_every_look(void **state)
{
    struct progress p;
    char text[4096];
    struct winsize size = { .ws_col = 100, .ws_row = 24 };
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    (void)state;
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    FILE *terminal = fopen(ptsname(master), "w");
    assert_non_null(terminal);
    assert_int_equal(ioctl(fileno(terminal), TIOCSWINSZ, &size), 0);
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    progress_init(&p, PROGRESS_LIVE, terminal);
    assert_int_equal(p.mode, PROGRESS_LIVE);
    assert_true(progress_is_due(&p, 1));
    progress_show(&p, &view);
    fflush(terminal);
    size_t n = 0;
    text[0] = '\0';
    while (!strstr(text, "\033[J")) { /* a terminal passes on what it has so far */
        const ssize_t got = read(master, text + n, sizeof text - 1 - n);
        assert_true(got > 0);
        n += (size_t)got;
        text[n] = '\0';
    }
    assert_memory_equal(text, "\rtp1   2 streams", 16);
    assert_non_null(strstr(text, "00:19 of about 01:04   generator"));
    progress_end(&p);
    fclose(terminal);
    close(master);
}

static void no_display_is_never_due(void **state)
{
    struct progress p;
    (void)state;
    progress_init(&p, PROGRESS_NONE, stderr);
    assert_int_equal(p.mode, PROGRESS_NONE);
    assert_false(progress_is_due(&p, 1000));
    progress_show(&p, &view); /* nothing */
    progress_init(&p, PROGRESS_PLAIN, stderr);
    assert_false(progress_is_due(&p, 9));
    assert_true(progress_is_due(&p, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lines_come_every_ten_seconds),
        cmocka_unit_test(a_display_that_never_began_ends_quietly),
        cmocka_unit_test(a_terminal_shows_the_block_at_every_look),
        cmocka_unit_test(no_display_is_never_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
