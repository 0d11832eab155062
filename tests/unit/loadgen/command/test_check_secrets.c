/* What a check shows of texts that hold secrets. */
#include "check_secrets.h"
#include "err.h"
#include "plan.h"
#include "scenario.h"
#include "scratch.h"
#include "text_out.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

static const char scenario[] =
    "target: http://h\nstreams:\n  - name: s\n    users: 1\n    phases: [ { passes: 1 } ]\n    session:\n"
    "      steps:\n"
    "        - { name: a, path: /, headers: { x-api-key: \"{env:CHECK_KEY}\" },"
    " capture: { sid: { json: $.sid }, id: { json: $.id }, bearer: { json: $.t }, my_token: { json: $.x } } "
    "}\n"
    "        - { name: b, path: \"/{id}\", headers: { authorization: \"Bearer {bearer}\" }, method: POST,"
    " json: { password: \"{sid}\", name: \"{id}\" } }\n";

struct fixture {
    struct plan plan;
    struct check_secrets secrets;
};

static void begin(struct fixture *f)
{
    static const struct scenario_overrides none = { 0 };
    struct err e = { 0 };
    setenv("CHECK_KEY", "k/e y", 1);
    if (scenario_parse(&f->plan, "s.yaml", scenario, strlen(scenario), &none, &e))
        fail_msg("%s", e.text);
    assert_int_equal(check_secrets_init(&f->secrets, &f->plan, &f->plan.streams[0], 1), 0);
}

static void end(struct fixture *f)
{
    check_secrets_fini(&f->secrets);
    plan_fini(&f->plan);
}

static void assert_shown(const struct check_secrets *s, const char *text, const char *expected)
{
    struct text_out out;
    if (text_out_begin(&out))
        check_secrets_write(s, text, strlen(text), out.file);
    char *shown = text_out_end(&out);
    assert_string_equal(shown, expected);
    free(shown);
}

static void assert_header_shown(const struct check_secrets *s, const char *line, const char *expected)
{
    struct text_out out;
    if (text_out_begin(&out))
        check_secrets_write_header(s, line, strlen(line), out.file);
    char *shown = text_out_end(&out);
    assert_string_equal(shown, expected);
    free(shown);
}

static void captured_values_are_secret_where_they_are_used_as_such(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    assert_true(check_secrets_has_variable(&f.secrets, 0));  /* sid: used as a password */
    assert_false(check_secrets_has_variable(&f.secrets, 1)); /* id */
    assert_true(check_secrets_has_variable(&f.secrets, 2));  /* bearer: in an authorization header */
    assert_true(check_secrets_has_variable(&f.secrets, 3));  /* my_token: by its name */
    end(&f);
}

static void fields_are_secret_by_their_names(void **state)
{
    static const char *const cases[][2] = {
        { "{\"password\":\"a\\\"b\",\"n\":1}", "{\"password\":\"(given)\",\"n\":1}" },
        { "{ \"access_token\" : 17 , \"x\": 1 }", "{ \"access_token\" : (given), \"x\": 1 }" },
        { "{\"tokens\":[\"a\"],\"b\":{\"secret\":true}}", "{\"tokens\":[\"a\"],\"b\":{\"secret\":(given)}}" },
        { "user=x&password=y%20z&n=1", "user=x&password=(given)&n=1" },
        { "GET /a?api-key=b&c=d HTTP/1.1", "GET /a?api-key=(given)&c=d HTTP/1.1" },
        { "{\"password\":\"never closed", "{\"password\":\"(given)" },
        { "{\"password\":", "{\"password\":" },
        { "password", "password" },
        { "", "" },
    };
    struct fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_shown(&f.secrets, cases[i][0], cases[i][1]);
    end(&f);
}

static void values_are_hidden_wherever_they_stand_and_however_they_are_escaped(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    assert_int_equal(check_secrets_add(&f.secrets, "q\"w e", 5), 0);
    assert_int_equal(check_secrets_add(&f.secrets, "abc", 3), 0); /* too short to be distinct */
    assert_shown(&f.secrets, "<q\"w e> q%22w%20e q%22w+e q\\\"w e abc",
                 "<(given)> (given) (given) (given) abc");
    assert_shown(&f.secrets, "q&quot;w e cSJ3IGU=", "(given) (given)");
    assert_shown(&f.secrets, "k/e y, k%2Fe%20y", "(given), (given)"); /* from the environment */
    end(&f);
}

static void headers_are_secret_by_their_names_and_cookies_keep_theirs(void **state)
{
    static const char *const cases[][2] = {
        { "Authorization: Bearer x", "Authorization: (given)" },
        { "Cookie: a=1; b=2", "Cookie: a=(given); b=(given)" },
        { "Set-Cookie: sid=x; Path=/; Max-Age=5", "Set-Cookie: sid=(given); Path=/; Max-Age=5" },
        { "Location: /a?token=b", "Location: /a?token=(given)" },
        { "Host: h", "Host: h" },
        { "no header", "no header" },
    };
    struct fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_header_shown(&f.secrets, cases[i][0], cases[i][1]);
    end(&f);
}

static void values_of_the_row_are_secret_by_their_column_and_by_their_use(void **state)
{
    static const char rows[] = "name,password,word\nann,wrong1,wrong2\njoe,right1,right2\n";
    static const struct scenario_overrides none = { 0 };
    char text[1024];
    struct fixture f;
    struct err e = { 0 };
    (void)state;
    scratch_write("users.csv", rows, sizeof rows - 1);
    snprintf(text, sizeof text,
             "target: http://h\nfeeds: { users: { file: \"%s\" } }\nstreams:\n  - name: s\n    users: 1\n"
             "    phases: [ { passes: 1 } ]\n    session:\n      cookies: none\n      steps:\n"
             "        - { name: a, path: \"/{users.password}/{users.name}\", headers: { x-api-key: "
             "\"{users.word}\" },"
             " capture: { a: { cookie: a }, b: { header: x-token }, c: { header: x-id } } }\n",
             scratch_path("users.csv"));
    if (scenario_parse(&f.plan, "s.yaml", text, strlen(text), &none, &e))
        fail_msg("%s", e.text);
    assert_int_equal(check_secrets_init(&f.secrets, &f.plan, &f.plan.streams[0], 1), 0);
    assert_shown(&f.secrets, "joe right1 right2 wrong1", "joe (given) (given) wrong1");
    assert_true(check_secrets_has_variable(&f.secrets, 0)); /* a cookie */
    assert_true(check_secrets_has_variable(&f.secrets, 1)); /* from x-token */
    assert_false(check_secrets_has_variable(&f.secrets, 2));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captured_values_are_secret_where_they_are_used_as_such),
        cmocka_unit_test(fields_are_secret_by_their_names),
        cmocka_unit_test(values_are_hidden_wherever_they_stand_and_however_they_are_escaped),
        cmocka_unit_test(headers_are_secret_by_their_names_and_cookies_keep_theirs),
        cmocka_unit_test(values_of_the_row_are_secret_by_their_column_and_by_their_use),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
