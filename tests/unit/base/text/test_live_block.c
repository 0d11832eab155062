#include "live_block.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

#define K "\033[K\n" /* the rest of the line is erased */

struct screen {
    char *text;
    size_t length, n_seen;
    struct live_block block;
};

static void open_screen(struct screen *s)
{
    s->n_seen = 0;
    s->block = (struct live_block){ .out = open_memstream(&s->text, &s->length) };
    assert_non_null(s->block.out);
}

/* What was written since the last look. */
static void assert_written(struct screen *s, const char *right)
{
    fflush(s->block.out);
    assert_string_equal(s->text + s->n_seen, right);
    s->n_seen = s->length;
}

static void close_screen(struct screen *s)
{
    live_block_leave(&s->block);
    fclose(s->block.out);
    free(s->text);
}

static void a_block_is_written_over_the_last_one(void **state)
{
    struct screen s;
    (void)state;
    open_screen(&s);
    live_block_show(&s.block, "one\ntwo\n", 80);
    assert_written(&s, "\rone" K "two" K "\033[J");
    live_block_show(&s.block, "three\n", 80);
    assert_written(&s, "\033[2A\rthree" K "\033[J");
    live_block_show(&s.block, "four\n", 80);
    assert_written(&s, "\033[1A\rfour" K "\033[J");
    close_screen(&s);
}

static void lines_that_a_narrower_terminal_wrapped_are_counted(void **state)
{
    static const struct {
        const char *shown;
        int width;
        const char *moves;
    } cases[] = {
        { "1234567890\nab\n", 11, "\033[2A" },
        { "1234567890\nab\n", 10, "\033[2A" },
        { "1234567890\nab\n", 9, "\033[3A" },
        { "1234567890\nab\n", 5, "\033[3A" },
        { "1234567890\nab\n", 4, "\033[4A" },
        { "1234567890\n\nab\n", 1, "\033[13A" },
        { "1234567890\n", 0, "\033[10A" },
        { "\033[31m12345\033[0m\n", 5, "\033[1A" },
        { "\xC3\xA4\xC3\xB6\xC3\xBC\n", 3, "\033[1A" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct screen s;
        char right[64];
        open_screen(&s);
        live_block_show(&s.block, cases[i].shown, 80);
        fflush(s.block.out);
        s.n_seen = s.length;
        live_block_show(&s.block, "x\n", cases[i].width);
        snprintf(right, sizeof right, "%s\rx" K "\033[J", cases[i].moves);
        assert_written(&s, right);
        close_screen(&s);
    }
}

static void a_block_is_cleared_once_or_left(void **state)
{
    struct screen s;
    (void)state;
    open_screen(&s);
    live_block_clear(&s.block, 80);
    live_block_show(&s.block, "one\n", 80);
    assert_written(&s, "\rone" K "\033[J");
    live_block_clear(&s.block, 80);
    live_block_clear(&s.block, 80);
    assert_written(&s, "\033[1A\r\033[J");
    live_block_show(&s.block, "two\n", 80);
    live_block_leave(&s.block);
    live_block_show(&s.block, "three\n", 80);
    assert_written(&s, "\rtwo" K "\033[J\rthree" K "\033[J");
    close_screen(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_is_written_over_the_last_one),
        cmocka_unit_test(lines_that_a_narrower_terminal_wrapped_are_counted),
        cmocka_unit_test(a_block_is_cleared_once_or_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
