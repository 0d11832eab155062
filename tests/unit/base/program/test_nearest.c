#include "nearest.h"

#include "cm.h"

#include <string.h>

static const char *const words[] = { "connections", "duration", "requests", "rate",
                                     "threads",     "timeout",  "target",   "k" };

static void a_typing_mistake_finds_its_word(void **state)
{
    static const char *const cases[][2] = {
        { "conections", "connections" },
        { "durration", "duration" },
        { "ratr", "rate" },
        { "rte", "rate" },
        { "tread", "threads" },
        { "timeotu", "timeout" },
        { "tagret", "target" },
        { "request", "requests" },
        { "rate", "rate" },
        { "rats", "rate" },
        { "DURATION", NULL },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const char *got = nearest_word(cases[i][0], words, N_OF(words));
        if (cases[i][1])
            assert_string_equal(got, cases[i][1]);
        else
            assert_null(got);
    }
}

static void another_word_finds_none(void **state)
{
    static const char *const strange[] = {
        "", "x9", "colour", "zzzzzzzz",
        "a-very-long-word-that-nobody-would-ever-type-on-a-command-line-at-all"
    };
    (void)state;
    for (size_t i = 0; i < N_OF(strange); i++)
        assert_null(nearest_word(strange[i], words, N_OF(words)));
    assert_null(nearest_word("rate", words, 0));
}

static void the_closer_of_two_wins(void **state)
{
    static const char *const two[] = { "status_4xx", "status_5xx" };
    (void)state;
    assert_string_equal(nearest_word("status_5x", two, 2), "status_5xx");
    assert_string_equal(nearest_word("status_4x", two, 2), "status_4xx");
    static const char *const alike[] = { "rtaes",
                                         "rate" }; /* a letter more is as far as two in the wrong order */
    assert_string_equal(nearest_word("rtae", alike, 2), "rtaes");
}

static void words_of_63_letters_are_compared_and_longer_ones_are_not(void **state)
{
    static const size_t lengths[] = { 63, 64, 200 };
    char word[201], other[201];
    const char *candidates[] = { other };
    (void)state;
    for (size_t i = 0; i < N_OF(lengths); i++) {
        const size_t length = lengths[i];
        memset(word, 'a', length);
        memset(other, 'a', length);
        word[length] = other[length] = '\0';
        other[5] = 'b';
        const char *near = nearest_word(word, candidates, 1);
        assert_ptr_equal(near, length == 63 ? other : NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typing_mistake_finds_its_word),
        cmocka_unit_test(another_word_finds_none),
        cmocka_unit_test(the_closer_of_two_wins),
        cmocka_unit_test(words_of_63_letters_are_compared_and_longer_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
