/* Words as bash cuts them. */
#include "cm.h"
#include "err.h"
#include "shell_words.h"

#include <string.h>

/* The words of all commands, with | between words and ; between commands. */
static void cuts(const char *text, const char *expected)
{
    struct arena arena = { 0 };
    struct shell_words s;
    struct err e;
    char found[512] = "";
    int status;
    shell_words_begin(&s, &arena, "x.sh", text);
    while ((status = shell_words_next(&s, &e)) > 0) {
        strcat(found, *found ? ";" : "");
        for (size_t i = 0; i < s.n_words; i++) {
            strcat(found, i > 0 ? "|" : "");
            strcat(found, s.words[i]);
        }
    }
    assert_int_equal(status, 0);
    assert_string_equal(found, expected);
    arena_fini(&arena);
}

static void refuses(const char *text, const char *sentence)
{
    struct arena arena = { 0 };
    struct shell_words s;
    struct err e;
    int status;
    shell_words_begin(&s, &arena, "x.sh", text);
    while ((status = shell_words_next(&s, &e)) > 0)
        ;
    assert_int_equal(status, -1);
    assert_string_equal(e.text, sentence);
    arena_fini(&arena);
}

static void quotes_and_backslashes(void **state)
{
    (void)state;
    cuts("a b\tc", "a|b|c");
    cuts("a 'b  c'\"d\\\"e\"f\\ g", "a|b  cd\"ef g");
    cuts("a '' \"\"", "a||");
    cuts("\"a\\nb\"", "a\\nb");
    cuts("a\\\n b \\\r\n c", "a|b|c");
    cuts("$'a\\'b\\x41\\101\\u00e9\\t\\\\n'", "a'bAA\xC3\xA9\t\\n");
    cuts("$'a\\0b'c", "ac");
    cuts("$'\\ud83d\\ude00'", "\xF0\x9F\x98\x80");
}

static void commands_end_and_comments_are_skipped(void **state)
{
    (void)state;
    cuts("a; b && c || d | e & f\ng", "a;b;c;d;e;f;g");
    cuts("# x\na # b 'c\n  # d", "a");
    cuts("a#b http://x/#c", "a#b|http://x/#c");
    cuts("a > b 2>&1 < c d", "a|d");
    cuts("a &> /dev/null; b 2>/dev/null", "a;b");
}

static void variables_are_values_or_of_the_environment(void **state)
{
    (void)state;
    cuts("A='x y'\necho $A\"${A}b\" '$A' \\$A $B", "echo|x yx yb|$A|$A|{env:B}");
    cuts("export T=1; A=2 B=$T c $A$B", "c|{env:A}{env:B}");
    cuts("echo $ a$", "echo|$|a$");
}

static void braces_that_could_be_values_are_doubled(void **state)
{
    (void)state;
    cuts("'{a}' '{\"a\":{}}' '{' {{x", "{{a}|{\"a\":{}}|{{|{{{{x");
    cuts("{$A", "{{{env:A}");
}

static void what_only_a_shell_can_do_is_refused(void **state)
{
    (void)state;
    refuses("a\nb $(c)", "x.sh:2: $(...) is not run; put its output into a variable and write \"$NAME\"");
    refuses("\"`a`\"", "x.sh:1: `...` is not run; put its output into a variable and write \"$NAME\"");
    refuses("a 'b", "x.sh:1: a quote ' has no end");
    refuses("a \"b", "x.sh:1: a quote \" has no end");
    refuses("a $'b\\'", "x.sh:1: a quote $' has no end");
    refuses("a ${b:-c}", "x.sh:1: of ${...}, only ${NAME} is understood");
    refuses("a << b", "x.sh:1: << is not read; put the text into a file and write @FILE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_backslashes),
        cmocka_unit_test(commands_end_and_comments_are_skipped),
        cmocka_unit_test(variables_are_values_or_of_the_environment),
        cmocka_unit_test(braces_that_could_be_values_are_doubled),
        cmocka_unit_test(what_only_a_shell_can_do_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
