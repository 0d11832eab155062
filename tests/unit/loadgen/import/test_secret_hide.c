/* Where secrets hide in requests that others made. */
#include "secret_hide.h"

#include "cm.h"
#include "err.h"

#include <string.h>

static struct draft_step *add_step(struct draft *d, const char *path)
{
    struct err e = { 0 };
    struct draft_step *s = draft_add_step(d, draft_stream_of(d, "http://a", &e), &e);
    s->name = "login";
    s->path = path;
    return s;
}

static void add_header(struct draft *d, struct draft_step *s, const char *name, const char *value)
{
    struct err e = { 0 };
    assert_int_equal(draft_add_field(d, &s->headers, name, value, &e), 0);
}

static void hide(struct draft *d)
{
    struct err e = { 0 };
    assert_int_equal(secret_hide(d, &e), 0);
}

static void json_needs_no_type_to_be_known(void **state)
{
    (void)state;
    struct draft d = { 0 };
    struct draft_step *s = add_step(&d, "/login");
    add_header(&d, s, "Content-Type", "application/x-www-form-urlencoded");
    s->body = DRAFT_TEXT;
    s->text = "{\"user\":\"ann\",\"password\":\"hunter2\"}";
    hide(&d);
    assert_string_equal(s->text, "{\"user\":\"ann\",\"password\":\"{env:PASSWORD|json}\"}");
    draft_fini(&d);
}

static void a_secret_is_hidden_under_any_other_name_and_however_it_is_encoded(void **state)
{
    (void)state;
    struct draft d = { 0 };
    struct draft_step *s = add_step(&d, "/a?q=hunter%262hunter");
    s->body = DRAFT_JSON;
    s->json = json_pack("{s:s,s:{s:s}}", "password", "hunter&2hunter", "again", "confirm", "hunter&2hunter");
    hide(&d);
    assert_string_equal(s->path, "/a?q={env:PASSWORD}");
    json_t *again = json_object_get(json_object_get(s->json, "again"), "confirm");
    assert_string_equal(json_string_value(again), "{env:PASSWORD}");
    draft_fini(&d);
}

static void cookies_beside_a_value_are_hidden_one_by_one(void **state)
{
    (void)state;
    struct draft d = { 0 };
    struct draft_step *s = add_step(&d, "/");
    add_header(&d, s, "Cookie", "sid=0123456789; t={env:T}; flag");
    hide(&d);
    assert_string_equal(s->headers.items[0].value, "sid={env:COOKIE_SID}; t={env:T}; flag");
    draft_fini(&d);
}

static void a_path_may_have_a_session_in_its_parameters(void **state)
{
    (void)state;
    struct draft d = { 0 };
    struct draft_step *s = add_step(&d, "/shop;jsessionid=0123456789/cart;v=1?x=1");
    hide(&d);
    assert_string_equal(s->path, "/shop;jsessionid={env:JSESSIONID}/cart;v=1?x=1");
    draft_fini(&d);
}

static void a_body_that_is_not_understood_is_noted(void **state)
{
    (void)state;
    struct draft d = { 0 };
    struct draft_step *s = add_step(&d, "/");
    add_header(&d, s, "Content-Type", "text/xml");
    s->body = DRAFT_TEXT;
    s->text = "<password>hunter2</password>";
    hide(&d);
    assert_int_equal(d.n_notes, 1);
    assert_non_null(strstr(d.notes[0], "login: secrets in its body"));
    draft_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_needs_no_type_to_be_known),
        cmocka_unit_test(a_secret_is_hidden_under_any_other_name_and_however_it_is_encoded),
        cmocka_unit_test(cookies_beside_a_value_are_hidden_one_by_one),
        cmocka_unit_test(a_path_may_have_a_session_in_its_parameters),
        cmocka_unit_test(a_body_that_is_not_understood_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
