#include "asked.h"

static void captures_are_found_however_the_bytes_are_cut(void **state)
{
    static char path[] = "$.auth.token", name[] = "x-id", cookie[] = "sid", regex[] = "\"n\": *(\\d+)";
    static const char bytes[] =
        "HTTP/1.1 200 OK\r\nX-Id:  a b \r\nSet-Cookie: sid=1; Path=/\r\n"
        "set-cookie: sid=s2\r\nTransfer-Encoding: chunked\r\n\r\n"
        "10\r\n{\"auth\": {\"token\r\n1a\r\n\": \"t\\u00e9\\\\x\"}, \"n\": 12}\r\n0\r\n\r\n";
    struct asked s;
    (void)state;
    asked_begin(&s);
    asked_capture(&s, SESSION_FROM_JSON, path);
    asked_capture(&s, SESSION_FROM_HEADER, name);
    asked_capture(&s, SESSION_FROM_COOKIE, cookie);
    asked_capture(&s, SESSION_FROM_STATUS, NULL);
    asked_capture(&s, SESSION_FROM_REGEX, regex);
    asked_look(&s);
    for (size_t step = 0; step < sizeof bytes; step++) {
        assert_int_equal(asked_feed(&s, bytes, sizeof bytes - 1, step), OUTCOME_OK);
        assert_int_equal(s.result.n_values, 5);
        assert_value(&s, 0, "t\xc3\xa9\\x");
        assert_value(&s, 1, "a b");
        assert_value(&s, 2, "s2");
        assert_value(&s, 3, "200");
        assert_value(&s, 4, "12");
    }
    asked_end(&s);
}

static void a_capture_that_finds_nothing_fails_with_its_cause_unless_it_has_another_value(void **state)
{
    static char path[] = "$.token", other[] = "none";
    struct asked s;
    (void)state;
    asked_begin(&s);
    asked_capture(&s, SESSION_FROM_JSON, path);
    asked_look(&s);
    assert_int_equal(asked_body(&s, "{\"token\": null}", 0), OUTCOME_EXPECT);
    assert_string_equal(s.result.cause, "capture found nothing");
    assert_int_equal(asked_body(&s, "<html>", 0), OUTCOME_EXPECT);
    assert_string_equal(s.result.cause, "the body is not JSON");
    s.captures[0].otherwise = other;
    assert_int_equal(asked_body(&s, "{}", 0), OUTCOME_OK);
    assert_value(&s, 0, "none");
    assert_int_equal(asked_body(&s, "<html>", 3), OUTCOME_OK);
    assert_value(&s, 0, "none");
    asked_end(&s);
}

static void expectations_are_judged(void **state)
{
    static char contains[] = "Thank you", contains_not[] = "error", regex[] = "^\\{.*\\}$", cause[] = "why";
    static char path[] = "$.n", value[] = "12", any[] = "$.any";
    struct asked s;
    (void)state;
    asked_begin(&s);
    s.texts[0] = (struct session_text_expected){ SESSION_CONTAINS, contains, cause };
    s.texts[1] = (struct session_text_expected){ SESSION_CONTAINS_NOT, contains_not, cause };
    s.texts[2] = (struct session_text_expected){ SESSION_MATCHES, regex, cause };
    s.step.n_texts = 3;
    asked_json(&s, path, value);
    asked_json(&s, any, NULL);
    asked_look(&s);
    assert_int_equal(asked_body(&s, "{\"n\":12,\"any\":[],\"t\":\"Thank you\"}", 0), OUTCOME_OK);
    assert_int_equal(asked_body(&s, "{\"n\":\"12\",\"any\":0,\"t\":\"Thank you\"}", 5), OUTCOME_OK);
    assert_int_equal(asked_body(&s, "{\"n\":12,\"any\":1,\"t\":\"Thanks\"}", 0), OUTCOME_EXPECT);
    assert_string_equal(s.result.cause, "why");
    assert_int_equal(asked_body(&s, "{\"n\":12,\"any\":1,\"t\":\"Thank you, error\"}", 0), OUTCOME_EXPECT);
    assert_int_equal(asked_body(&s, " {\"n\":12,\"any\":1,\"t\":\"Thank you\"}", 0), OUTCOME_EXPECT);
    assert_int_equal(asked_body(&s, "{\"n\":13,\"any\":1,\"t\":\"Thank you\"}", 0), OUTCOME_EXPECT);
    assert_string_equal(s.result.cause, "json differs");
    assert_int_equal(asked_body(&s, "{\"n\":12,\"any\":null,\"t\":\"Thank you\"}", 0), OUTCOME_EXPECT);
    asked_end(&s);
}

static void until_holds_or_not_and_then_nothing_is_captured(void **state)
{
    static char path[] = "$.state", token[] = "$.token", done[] = "done", cause[] = "not done";
    struct plan_piece piece = { .kind = PLAN_PIECE_LITERAL, .text = done, .length_bytes = 4 };
    struct asked s;
    (void)state;
    asked_begin(&s);
    s.until[0] = (struct session_json_expected){ path, &piece, 1, cause };
    s.step.until.n_json = 1;
    asked_capture(&s, SESSION_FROM_JSON, token);
    asked_look(&s);
    assert_int_equal(asked_body(&s, "{\"state\":\"queued\"}", 0), OUTCOME_OK);
    assert_string_equal(s.result.until_cause, "not done");
    assert_int_equal(s.result.n_values, 0);
    assert_int_equal(asked_body(&s, "{\"state\":\"done\",\"token\":7}", 0), OUTCOME_OK);
    assert_null(s.result.until_cause);
    assert_value(&s, 0, "7");
    asked_end(&s);
}

static void a_head_is_known_again_only_if_nothing_was_taken_from_it(void **state)
{
    static char path[] = "$.a";
    static const char with[] = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    static const char without[] = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":2}";
    struct asked s;
    (void)state;
    asked_begin(&s);
    s.session.cookies = SESSION_COOKIES_USER;
    asked_capture(&s, SESSION_FROM_JSON, path);
    asked_look(&s);
    assert_int_equal(asked_feed(&s, with, sizeof with - 1, 0), OUTCOME_OK);
    assert_int_equal(s.known.head_bytes, 0);
    assert_int_equal(s.jar.n_cookies, 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(asked_feed(&s, without, sizeof without - 1, 0), OUTCOME_OK);
        assert_value(&s, 0, "2");
        assert_int_equal(s.known.head_bytes, sizeof without - 8);
    }
    asked_end(&s);
}

static void a_body_above_its_limit_fails(void **state)
{
    static char path[] = "$[0]";
    struct asked s;
    (void)state;
    asked_begin(&s);
    asked_capture(&s, SESSION_FROM_JSON, path);
    s.step.body_most_bytes = 5;
    asked_look(&s);
    for (size_t step = 0; step < 10; step++) {
        assert_int_equal(asked_body(&s, "[234]", step), OUTCOME_OK);
        assert_int_equal(asked_body(&s, "[2345]", step), OUTCOME_EXPECT);
        assert_string_equal(s.result.cause, "the body is longer than 'body_most'");
    }
    asked_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_are_found_however_the_bytes_are_cut),
        cmocka_unit_test(a_capture_that_finds_nothing_fails_with_its_cause_unless_it_has_another_value),
        cmocka_unit_test(expectations_are_judged),
        cmocka_unit_test(until_holds_or_not_and_then_nothing_is_captured),
        cmocka_unit_test(a_head_is_known_again_only_if_nothing_was_taken_from_it),
        cmocka_unit_test(a_body_above_its_limit_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
