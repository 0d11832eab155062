/* Requests as bytes, and what is refused. */
#include "made_request.h"

static void what_does_not_vary_is_one_piece(void **state)
{
    static const struct {
        const char *method, *path, *name, *value, *body, *right;
    } cases[] = {
        { "GET", "/", NULL, NULL, NULL, "GET / HTTP/1.1\r\nHost: h\r\n" AGENT "\r\n" },
        { "OPTIONS", "*", NULL, NULL, NULL, "OPTIONS * HTTP/1.1\r\nHost: h\r\n" AGENT "\r\n" },
        { "POST", "/", NULL, NULL, NULL, "POST / HTTP/1.1\r\nHost: h\r\n" AGENT "Content-Length: 0\r\n\r\n" },
        { "DELETE", "/", NULL, NULL, "",
          "DELETE / HTTP/1.1\r\nHost: h\r\n" AGENT "Content-Length: 0\r\n\r\n" },
        { "GET", "/", "host", "other:1", NULL, "GET / HTTP/1.1\r\n" AGENT "host: other:1\r\n\r\n" },
        { "GET", "/", "User-agent", "me", NULL, "GET / HTTP/1.1\r\nHost: h\r\nUser-agent: me\r\n\r\n" },
        { "PUT", "/", NULL, NULL, "{\"a\":{\"b\":1}, {{x}}",
          "PUT / HTTP/1.1\r\nHost: h\r\n" AGENT "Content-Length: 18\r\n\r\n{\"a\":{\"b\":1}, {x}}" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct plan_request r;
        struct err e;
        set_up(&f);
        assert_int_equal(
            build(&f, cases[i].method, cases[i].path, cases[i].name, cases[i].value, cases[i].body, &r, &e),
            0);
        assert_false(request_is_rendered(&r));
        char *text = strndup(r.pieces[0].text, r.pieces[0].length_bytes);
        assert_string_equal(text, cases[i].right);
        free(text);
        plan_request_fini(&r);
        tear_down(&f);
    }
}

static void a_sequence_goes_round(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    for (int i = 0; i < 3; i++)
        add_request(&f, "/", 1);
    for (uint64_t seq = 0; seq < 10; seq++)
        assert_ptr_equal(request_pick(&f.plan, &f.stream, seq), &f.stream.requests[seq % 3]);
    tear_down(&f);
}

static void a_weighted_mix_keeps_its_shares_and_can_be_repeated(void **state)
{
    enum { N = 20000 };
    static const uint32_t weights[] = { 1, 5, 2 };
    struct fixture f;
    size_t counts[3] = { 0 };
    (void)state;
    set_up(&f);
    f.stream.mix = PLAN_MIX_WEIGHTED;
    for (size_t i = 0; i < 3; i++)
        add_request(&f, "/", weights[i]);
    for (uint64_t seq = 0; seq < N; seq++) {
        const struct plan_request *r = request_pick(&f.plan, &f.stream, seq);
        assert_ptr_equal(r, request_pick(&f.plan, &f.stream, seq));
        counts[r - f.stream.requests]++;
    }
    double chi2 = 0;
    for (size_t i = 0; i < 3; i++) {
        const double expected = N * weights[i] / 8.0;
        chi2 += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    }
    assert_true(chi2 < 13.8); /* 2 degrees of freedom: passed by 99.9 % of seeds */
    tear_down(&f);
}

static void what_would_break_the_message_is_refused(void **state)
{
    static const struct {
        const char *path, *name, *value, *body, *sentence;
    } cases[] = {
        { "/{csv:name|raw}", NULL, NULL, NULL,
          "column 'name' of the feed cannot be used here: row 2 holds a blank" },
        { "/", "a", "{csv:nme}", NULL, "the feed has no column 'nme'; did you mean 'name'?" },
        { "/", "a", "{csv:other}", NULL, "the feed has no column 'other'; it has 'id', 'name'" },
        { "{csv:id}", NULL, NULL, NULL,
          "a path that begins with column 'id' of the feed must begin with / in every row, and row 1 holds "
          "'7'" },
        { "{csv:pth}", NULL, NULL, NULL, "the feed has no column 'pth'; it has 'id', 'name'" },
        { "{counter}", NULL, NULL, NULL, "'path' must begin with /, not '{counter}'" },
        { "/", "a", "b\nc", NULL,
          "the value of header a must not hold line ends or other control characters" },
        { "/", "a:", "b", NULL, "a header's name must be letters, digits and -, not 'a:'" },
        { "/", NULL, NULL, "{cuonter}", "{cuonter} is not a value; did you mean {counter}?" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct plan_request r;
        struct err e;
        set_up(&f);
        assert_int_equal(
            build(&f, "GET", cases[i].path, cases[i].name, cases[i].value, cases[i].body, &r, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
        tear_down(&f);
    }
}

static char *other_columns[] = { texts[0] };

/* Paths as access logs and lists of URLs have them. */
static void a_path_may_come_from_the_feed_as_a_whole(void **state)
{
    static char paths[][8] = { "/a?x=1", "/", "/c" };
    static char *path_cells[] = { paths[0], paths[1], paths[2] };
    struct fixture f;
    struct plan_request r;
    struct err e;
    (void)state;
    set_up(&f);
    f.feed = (struct plan_feed){ .cells = path_cells, .columns = other_columns, .n_rows = 3, .n_columns = 1 };
    for (int with_base = 0; with_base < 2; with_base++) {
        assert_int_equal(target_parse_url(&f.plan.target, with_base ? "http://h/base" : "http://h", &e), 0);
        assert_int_equal(build(&f, "GET", "{csv:id}", NULL, NULL, NULL, &r, &e), 0);
        for (uint64_t seq = 0; seq < 3; seq++) {
            char begin[32];
            char *text = render(&f, &r, seq);
            snprintf(begin, sizeof begin, "GET %s%s HTTP/1.1\r\n", with_base ? "/base" : "", paths[seq]);
            assert_memory_equal(text, begin, strlen(begin));
            free(text);
        }
        plan_request_fini(&r);
    }
    tear_down(&f);
}

static void a_path_of_the_feed_begins_with_a_slash_in_every_row(void **state)
{
    static char names[][5] = { "id", "path" }, values[][3] = { "x", "/a", "/y", "b", "z", "/c" };
    static char *two_columns[] = { names[0], names[1] };
    static char *rows[] = { values[0], values[1], values[2], values[3], values[4], values[5] };
    struct fixture f;
    struct plan_request r;
    struct err e;
    (void)state;
    set_up(&f);
    f.feed = (struct plan_feed){ .cells = rows, .columns = two_columns, .n_rows = 3, .n_columns = 2 };
    assert_int_equal(build(&f, "GET", "{csv:path}", NULL, NULL, NULL, &r, &e), -1);
    assert_string_equal(e.text,
                        "a path that begins with column 'path' of the feed must begin with / in every "
                        "row, and row 2 holds 'b'");
    rows[3] = values[2];
    assert_int_equal(build(&f, "GET", "{csv:path}", NULL, NULL, NULL, &r, &e), 0);
    plan_request_fini(&r);
    tear_down(&f);
}

static void a_feed_with_other_separators_is_reported(void **state)
{
    static char semicolons[] = "path;body";
    static char *one_column[] = { semicolons };
    struct fixture f;
    struct plan_request r;
    struct err e;
    (void)state;
    set_up(&f);
    f.feed = (struct plan_feed){ .cells = cells, .columns = one_column, .n_rows = 3, .n_columns = 1 };
    assert_int_equal(build(&f, "GET", "/{csv:path}", NULL, NULL, NULL, &r, &e), -1);
    assert_string_equal(
        e.text, "the feed has no column 'path'; it has 'path;body': between two columns must stand a comma");
    tear_down(&f);
}

static void headers_that_stand_once_are_refused_twice(void **state)
{
    static const char *const names[] = { "Host", "authorization", "COOKIE", "Content-Type", "User-Agent" };
    struct fixture f;
    struct err e;
    (void)state;
    set_up(&f);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct request_builder b;
        char sentence[64];
        assert_int_equal(request_begin(&b, &f.plan.target, &f.scope, "GET", "/", &e), 0);
        assert_int_equal(request_add_header(&b, "Accept", "a", &e), 0);
        assert_int_equal(request_add_header(&b, "Accept", "b", &e), 0);
        assert_int_equal(request_add_header(&b, names[i], "a", &e), 0);
        assert_int_equal(request_add_header(&b, names[i], "a", &e), -1);
        snprintf(sentence, sizeof sentence, "the header %s is given twice", names[i]);
        assert_string_equal(e.text, sentence);
        request_abandon(&b);
    }
    tear_down(&f);
}

static void a_given_authorization_counts_and_not_the_user(void **state)
{
    static const char *const wanted[] = { "Basic dTpw", "Bearer x" };
    struct fixture f;
    struct err e;
    (void)state;
    set_up(&f);
    for (int is_given = 0; is_given < 2; is_given++) {
        struct request_builder b;
        const struct request_body none = { 0 };
        struct plan_request r = { 0 };
        assert_int_equal(request_begin(&b, &f.plan.target, &f.scope, "GET", "/", &e), 0);
        if (is_given)
            assert_int_equal(request_add_header(&b, "authorization", "Bearer x", &e), 0);
        assert_int_equal(request_add_basic_auth(&b, "u:p", false, &e), 0);
        assert_int_equal(request_finish(&b, &none, false, &r, &e), 0);
        char *text = render(&f, &r, 0);
        const char *first = strcasestr(text, "authorization: ");
        assert_non_null(first);
        assert_memory_equal(first + 15, wanted[is_given], strlen(wanted[is_given]));
        assert_null(strcasestr(first + 15, "authorization: "));
        free(text);
        plan_request_fini(&r);
    }
    tear_down(&f);
}

/* Sixty-four are a scenario's; the command line may give any number. */
static void over_http_2_a_request_has_at_most_100_headers(void **state)
{
    (void)state;
    for (int is_http2 = 0; is_http2 < 2; is_http2++) {
        struct fixture f;
        struct request_builder b;
        struct err e = { 0 };
        int status = 0;
        set_up(&f);
        f.plan.target.http = is_http2 ? PLAN_HTTP_2_PRIOR : PLAN_HTTP_1;
        assert_int_equal(request_begin(&b, &f.plan.target, NULL, "GET", "/", &e), 0);
        for (int i = 0; i <= 100 && status == 0; i++)
            status = request_add_header(&b, "x", "y", &e);
        assert_int_equal(status, -is_http2);
        assert_string_equal(e.text, is_http2 ? "a request has at most 100 headers over HTTP/2" : "");
        request_abandon(&b);
        tear_down(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_vary_is_one_piece),
        cmocka_unit_test(a_sequence_goes_round),
        cmocka_unit_test(a_weighted_mix_keeps_its_shares_and_can_be_repeated),
        cmocka_unit_test(a_path_may_come_from_the_feed_as_a_whole),
        cmocka_unit_test(a_path_of_the_feed_begins_with_a_slash_in_every_row),
        cmocka_unit_test(a_feed_with_other_separators_is_reported),
        cmocka_unit_test(a_given_authorization_counts_and_not_the_user),
        cmocka_unit_test(headers_that_stand_once_are_refused_twice),
        cmocka_unit_test(what_would_break_the_message_is_refused),
        cmocka_unit_test(over_http_2_a_request_has_at_most_100_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
