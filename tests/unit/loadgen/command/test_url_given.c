#include "url_given.h"

#include "cm.h"
#include "scratch.h"

#include <stdlib.h>
#include <unistd.h>

static void a_word_that_can_only_be_a_url_is_one(void **state)
{
    static const struct {
        const char *word, *whole;
    } urls[] = {
        { "http://h", "http://h" },
        { "HTTPS://h/x?y", "HTTPS://h/x?y" },
        { "ftp://h", "ftp://h" }, /* to be refused as a URL */
        { "localhost", "http://localhost" },
        { "localhost/x", "http://localhost/x" },
        { "localhost:8080/x?y=1", "http://localhost:8080/x?y=1" },
        { "127.0.0.1", "http://127.0.0.1" },
        { "127.0.0.1:8080", "http://127.0.0.1:8080" },
        { "[::1]:8080/x", "http://[::1]:8080/x" },
        { "[fe80::1%25eth0]", "http://[fe80::1%25eth0]" },
        { ":8080", "http://localhost:8080" },
        { ":8080/x", "http://localhost:8080/x" },
        { "example.com", "http://example.com" },
        { "example.com?q", "http://example.com?q" },
        { "api.example.com/v1/items.html", "http://api.example.com/v1/items.html" },
        { "web:80", "http://web:80" },
        { "my_service:3000/a.yaml", "http://my_service:3000/a.yaml" },
        { "joe:secret@h/", "http://joe:secret@h/" }, /* to be refused as a URL */
    };
    (void)state;
    for (size_t i = 0; i < N_OF(urls); i++) {
        if (!url_given_is(NULL, urls[i].word))
            fail_msg("%s is a URL", urls[i].word);
        char *whole = url_given_whole(urls[i].word);
        assert_string_equal(whole, urls[i].whole);
        free(whole);
    }
}

static void what_may_be_a_scenario_or_a_slip_is_none(void **state)
{
    static const char *const words[] = {
        "tp1",
        "scenarios/tp1",
        "scenarios/tp1.yaml",
        "./tp1.yaml",
        "../tp1",
        "/tmp/x.yaml",
        "load.yml",
        "v1.2/load.yaml",
        "script.js",
        "post.lua",
        "rn",
        "campain",
        "",
        ":",
        ":x",
        "a:b",
        "-c",
        "host:80x",
        "host:/x",
        "[::1",
        "a b.c",
        ".",
        "..",
        "~/x",
    };
    (void)state;
    for (size_t i = 0; i < N_OF(words); i++)
        if (url_given_is(NULL, words[i]))
            fail_msg("%s is no URL", words[i]);
}

static void a_file_of_that_name_is_a_scenario(void **state)
{
    (void)state;
    assert_int_equal(chdir(scratch_path("")), 0);
    assert_true(url_given_is(NULL, "load.test"));
    scratch_write("load.test", "name: x\n", 8);
    assert_false(url_given_is(NULL, "load.test"));
    assert_true(url_given_is(NULL, "http://load.test"));
}

static void what_a_message_quotes_holds_no_password(void **state)
{
    static const char *const words[][2] = {
        { "http://h:80/x", "http://h:80/x" },
        { "tp1", "tp1" },
        { "http://u:secret@h/x", "http://...@h/x" },
        { "u:secret@h", "...@h" },
        { "http://u:sec/r?t@h", "http://...@h" },
        { "http://u:secr@t@h", "http://...@h" },
        { "secret-secret-secret://u:p@h", "secret-secret-se...@h" },
    };
    char shown[URL_GIVEN_SHOWN_BYTES];
    char word[300];
    (void)state;
    for (size_t i = 0; i < N_OF(words); i++)
        assert_string_equal(url_given_shown(words[i][0], shown), words[i][1]);
    memset(word, '@', sizeof word);
    word[sizeof word - 1] = '\0';
    assert_true(strlen(url_given_shown(word, shown)) < URL_GIVEN_SHOWN_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_that_can_only_be_a_url_is_one),
        cmocka_unit_test(what_may_be_a_scenario_or_a_slip_is_none),
        cmocka_unit_test(a_file_of_that_name_is_a_scenario),
        cmocka_unit_test(what_a_message_quotes_holds_no_password),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
