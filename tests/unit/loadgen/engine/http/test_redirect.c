/* The sentence about a redirect: where it pointed, without possible secrets and terminal escapes. */
#include "redirect.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

#define WORDS "redirects are not followed; the first pointed to "

static void these_statuses_send_elsewhere(void **state)
{
    (void)state;
    for (unsigned status = 100; status < 600; status++)
        assert_int_equal(redirect_is_status(status),
                         status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

static void the_sentence_names_the_place_alone(void **state)
{
    static const struct {
        const char *location, *place;
    } cases[] = {
        { "/there", "/there" },
        { "http://a.test/b", "http://a.test/b" },
        { "http://user:word@a.test/b", "http://a.test/b" },
        { "http://user:word@a.test", "http://a.test" },
        { "//user@a.test/b", "//a.test/b" },
        { "http://u@v@a.test/b@c", "http://a.test/b@c" },
        { "http://a.test/b@c", "http://a.test/b@c" },
        { "/b@c", "/b@c" },
        { "user@a.test/b", "a.test/b" },
        { "/b?secret", "/b ..." },
        { "/b#secret", "/b ..." },
        { "http://a.test?secret@b/c", "http://a.test ..." },
        { "/b?", "/b ..." },
        { "?secret", " ..." },
        { "/b ?secret", "/b ..." },
        { "/b \t ", "/b" },
        { "  ", "" },
        { "", "" },
        { "/a b~", "/a_b~" },
        { "/\033[0m\177\200!", "/_[0m__!" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct redirect r = { 0 };
        redirect_note(&r, cases[i].location, strlen(cases[i].location));
        if (strncmp(r.sentence, WORDS, strlen(WORDS)) != 0 ||
            strcmp(r.sentence + strlen(WORDS), cases[i].place) != 0)
            fail_msg("case %zu: %s", i, r.sentence);
    }
}

static void the_first_one_stays(void **state)
{
    struct redirect r = { 0 };
    (void)state;
    redirect_note(&r, "/a", 2);
    redirect_note(&r, "/b", 2);
    assert_string_equal(r.sentence, WORDS "/a");
}

static void a_long_place_is_cut(void **state)
{
    char location[400];
    (void)state;
    memset(location, 'a', sizeof location);
    for (size_t n = 178; n < 184; n++) {
        struct redirect r = { 0 };
        redirect_note(&r, location, n);
        assert_int_equal(strlen(r.sentence), strlen(WORDS) + (n < 180 ? n : 180));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(these_statuses_send_elsewhere),
        cmocka_unit_test(the_sentence_names_the_place_alone),
        cmocka_unit_test(the_first_one_stays),
        cmocka_unit_test(a_long_place_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
