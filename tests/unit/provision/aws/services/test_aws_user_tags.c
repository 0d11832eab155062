#include "aws_user_tags.h"
#include "err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void a_tag_is_a_key_and_a_value(void **state)
{
    const struct {
        const char *text;
        size_t key_bytes;
    } rows[] = {
        { "team=web", 4 },          { "cost center=12", 11 }, { "empty=", 5 },
        { "formula=a=b", 7 },       { "équipe=Zürich", 7 },   { "name=x", 4 },
        { "a+-._:/@b=@/:_.-+", 9 }, { "awsome=1", 6 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = { ERR_NONE, "" };
        size_t key_bytes = 0;
        if (aws_user_tags_check(rows[i].text, &key_bytes, &e) != 0)
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_int_equal(key_bytes, rows[i].key_bytes);
    }
}

static void what_aws_or_loadgen_keeps_for_itself_is_refused(void **state)
{
    const struct {
        const char *text;
        const char *why;
    } rows[] = {
        { "team", "write KEY=VALUE" },
        { "=web", "write KEY=VALUE" },
        { "", "write KEY=VALUE" },
        { "aws:team=web", "keeps the keys that begin with aws:" },
        { "AWS:team=web", "keeps the keys that begin with aws:" },
        { "Name=mine", "loadgen itself sets Name" },
        { "loadgen-run=0", "loadgen itself sets" },
        { "Loadgen-Owner=me", "loadgen itself sets" },
        { "team=a,b", "',' in the value" },
        { "team=a\tb", "in the value" },
        { "te(am=x", "'(' in the key" },
        { "team=\xff", "in the value" },
        { "team=\xe2\x82\xac", "in the value: AWS allows letters" }, /* the euro sign is no letter */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = { ERR_NONE, "" };
        size_t key_bytes;
        assert_int_equal(aws_user_tags_check(rows[i].text, &key_bytes, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        if (!strstr(e.text, rows[i].why))
            fail_msg("%s: %s", rows[i].text, e.text);
    }
}

static int check_lengths(int key, int value, struct err *e)
{
    char text[600];
    size_t key_bytes;
    snprintf(text, sizeof text, "%0*d=%0*d", key, 0, value, 0);
    return aws_user_tags_check(text, &key_bytes, e);
}

static void lengths_are_counted_in_characters(void **state)
{
    char text[2 * 128 + 3];
    size_t key_bytes;
    struct err e = { ERR_NONE, "" };
    (void)state;
    assert_int_equal(check_lengths(128, 256, &e), 0);
    assert_int_equal(check_lengths(129, 1, &e), -1);
    assert_non_null(strstr(e.text, "the key has 129 characters, and AWS allows 128"));
    assert_int_equal(check_lengths(1, 257, &e), -1);
    assert_non_null(strstr(e.text, "the value has 257 characters, and AWS allows 256"));
    for (size_t i = 0; i < 128; i++)
        memcpy(text + 2 * i, "ü", 2);
    memcpy(text + 256, "=x", 3);
    assert_int_equal(aws_user_tags_check(text, &key_bytes, &e), 0);
    assert_int_equal(key_bytes, 256);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_a_key_and_a_value),
        cmocka_unit_test(what_aws_or_loadgen_keeps_for_itself_is_refused),
        cmocka_unit_test(lengths_are_counted_in_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
