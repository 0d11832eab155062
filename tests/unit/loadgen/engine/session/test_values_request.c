/* Requests that are made of what a user knows. */
#include "err.h"
#include "session_scope.h"
#include "small_user.h"
#include "target.h"

static void make_request(struct fixture *f, const char *path, const char *header, const char *body)
{
    struct session_scope session = { .session = &f->session, .step = "s", .is_set = 0xF, .has_run = 0xF };
    const struct template_scope scope = { .plan = &f->plan, .stream = &f->stream, .session = &session };
    const struct request_body whole = { .bytes = body, .is_template = true, .use = TEMPLATE_JSON };
    struct plan_target target;
    struct request_builder b;
    struct err e;
    f->plan.n_feeds = 0; /* `feeds` of the stream is no list that can grow */
    target_init(&target);
    assert_int_equal(target_parse_url(&target, "http://h", &e), 0);
    assert_int_equal(request_begin(&b, &target, &scope, "POST", path, &e), 0);
    assert_int_equal(request_add_header(&b, "x", header, &e), 0);
    assert_int_equal(request_finish(&b, &whole, false, &f->step.request, &e), 0);
    struct plan only_target = { .target = target };
    plan_fini(&only_target);
}

static void a_request_is_made_of_the_users_values(void **state)
{
    struct fixture f;
    size_t n;
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    make_request(&f, "/{v1}?u={user}", "Bearer {v0}", "{{\"a\":\"{v2}\",\"n\":{v3|number},\"p\":{counter}}");
    values_begin_user(f.user, &f.stream, &f.shared, 5);
    values_begin_pass(f.user, &f.stream, &f.shared, 12);
    assert_null(set(&f, 0, "tok"));
    assert_null(set(&f, 1, "a/b"));
    assert_null(set(&f, 2, "say \"hi\""));
    assert_string_equal(values_request(f.user, &f.stream, &f.shared, 0, 0, &n),
                        "a value of the request is not set");
    assert_null(set(&f, 3, "17"));
    assert_null(values_request(f.user, &f.stream, &f.shared, 0, 0, &n));
    char *text = strndup(f.shared.request.bytes, n);
    assert_string_equal(text, "POST /a%2Fb?u=5 HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen/" LOADGEN_VERSION
                              "\r\nx: Bearer tok\r\nContent-Length: 32\r\n\r\n"
                              "{\"a\":\"say \\\"hi\\\"\",\"n\":17,\"p\":12}");
    free(text);
    char *gap = values_make_gap(&f.shared, &n, 6);
    assert_non_null(gap);
    memcpy(gap, "c: 1\r\n", 6);
    text = strndup(f.shared.request.bytes, n);
    assert_ptr_equal(strstr(text, "POST /a%2Fb?u=5 HTTP/1.1\r\nc: 1\r\nHost: h\r\n"), text);
    free(text);
    tear_down(&f);
}

static void line_ends_and_nul_in_a_header_are_not_sent(void **state)
{
    static const struct {
        const char *bytes;
        size_t n_bytes;
    } evil[] = { { "a\rb", 3 }, { "a\n", 2 }, { "\0", 1 }, { "\"\n</\xC3\xA9\0", 7 } };
    struct fixture f;
    size_t n;
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    make_request(&f, "/{v0}", "{v0}", "[\"{v0}\"]");
    for (size_t i = 0; i < N_OF(evil); i++) {
        assert_null(values_set(f.user, &f.stream, 0, evil[i].bytes, evil[i].n_bytes));
        assert_string_equal(values_request(f.user, &f.stream, &f.shared, 0, 0, &n),
                            "a value in a header holds a line end or NUL");
    }
    tear_down(&f);
}

static void draws_follow_from_pass_step_and_repeat(void **state)
{
    struct fixture f;
    char *texts_made[4];
    size_t n;
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    make_request(&f, "/{random}/{uuid}", "x", "[]");
    static const struct {
        uint64_t pass;
        uint32_t repeat;
    } at[] = { { 3, 0 }, { 3, 0 }, { 3, 1 }, { 4, 0 } };
    for (size_t i = 0; i < N_OF(at); i++) {
        values_begin_pass(f.user, &f.stream, &f.shared, at[i].pass);
        assert_null(values_request(f.user, &f.stream, &f.shared, 0, at[i].repeat, &n));
        texts_made[i] = strndup(f.shared.request.bytes, n);
    }
    assert_string_equal(texts_made[0], texts_made[1]);
    assert_string_not_equal(texts_made[0], texts_made[2]);
    assert_string_not_equal(texts_made[0], texts_made[3]);
    for (size_t i = 0; i < N_OF(at); i++)
        free(texts_made[i]);
    tear_down(&f);
}

/* The longest values where they grow most, which no room was kept for. */
static void room_grows_to_the_longest_values(void **state)
{
    struct fixture f;
    size_t n;
    char *bytes = calloc(1, SESSION_VALUE_BYTES_MOST); /* NUL becomes \u0000 */
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    make_request(&f, "/{v0}", "x", "[\"{v0}\",\"{v0|base64}\"]");
    assert_null(values_set(f.user, &f.stream, 0, bytes, SESSION_VALUE_BYTES_MOST));
    assert_null(values_request(f.user, &f.stream, &f.shared, 0, 0, &n));
    assert_true(n > (3 + 6 + 1) * (size_t)SESSION_VALUE_BYTES_MOST);
    assert_memory_equal(f.shared.request.bytes + n - 2, "\"]", 2);
    tear_down(&f);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_made_of_the_users_values),
        cmocka_unit_test(line_ends_and_nul_in_a_header_are_not_sent),
        cmocka_unit_test(draws_follow_from_pass_step_and_repeat),
        cmocka_unit_test(room_grows_to_the_longest_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
