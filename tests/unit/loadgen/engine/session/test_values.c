/* What a user of a session knows, and the requests that are made of it. */
#include "err.h"
#include "plan.h"
#include "request.h"
#include "session_scope.h"
#include "target.h"
#include "values.h"

#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLES = 4, LASTING = 1, ROWS = 6 };

static char texts[ROWS][4] = { "r0", "r1", "r2", "r3", "r4", "r5" };
static char *cells[ROWS] = { texts[0], texts[1], texts[2], texts[3], texts[4], texts[5] };
static char column_text[] = "c";
static char *columns[] = { column_text };
static char names[VARIABLES][3] = { "v0", "v1", "v2", "v3" };
static char *variables[VARIABLES] = { names[0], names[1], names[2], names[3] };

struct fixture {
    struct plan plan;
    struct plan_stream stream;
    struct plan_session session;
    struct session_step step;
    struct plan_feed feed;
    struct plan_feed *feeds[1];
    struct values_shared shared;
    struct values *user;
};

static struct values *new_user(struct fixture *f)
{
    struct values *v = malloc(values_bytes(&f->stream));
    assert_non_null(v);
    values_init(v, &f->stream);
    return v;
}

static void free_user(struct values *v)
{
    values_fini(v);
    free(v);
}

static void set_up(struct fixture *f, enum plan_take take, enum plan_order order, enum plan_at_end at_end)
{
    *f = (struct fixture){ .plan = { .seed = 42, .n_streams = 1, .n_threads = 1, .n_feeds = 1 } };
    f->feed = (struct plan_feed){ .name = "f",
                                  .take = take,
                                  .order = order,
                                  .at_end = at_end,
                                  .cells = cells,
                                  .columns = columns,
                                  .n_rows = ROWS,
                                  .n_columns = 1 };
    f->feeds[0] = &f->feed;
    f->plan.feeds = f->feeds;
    f->plan.streams = &f->stream;
    f->session = (struct plan_session){ .variables = variables,
                                        .n_variables = VARIABLES,
                                        .n_lasting = LASTING,
                                        .steps = &f->step,
                                        .n_steps = 1 };
    f->stream = (struct plan_stream){ .session = &f->session, .feeds = f->feeds, .n_feeds = 1 };
    assert_int_equal(values_shared_init(&f->shared, &f->plan, 0), 0);
    f->user = new_user(f);
}

static void tear_down(struct fixture *f)
{
    free_user(f->user);
    values_shared_fini(&f->shared);
    plan_request_fini(&f->step.request);
}

static void assert_value(const struct fixture *f, uint32_t variable, const char *right)
{
    size_t n;
    const char *bytes = values_get(f->user, variable, &n);
    if (!right) {
        assert_null(bytes);
        return;
    }
    assert_non_null(bytes);
    assert_int_equal(n, strlen(right));
    assert_memory_equal(bytes, right, n);
}

static const char *set(struct fixture *f, uint32_t variable, const char *text)
{
    return values_set(f->user, &f->stream, variable, text, strlen(text));
}

static void variables_keep_their_values_as_others_change(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    assert_value(&f, 0, NULL);
    assert_null(set(&f, 0, "token"));
    assert_null(set(&f, 1, ""));
    assert_null(set(&f, 2, "two"));
    assert_null(set(&f, 0, "a longer token than before"));
    assert_null(set(&f, 2, "2"));
    assert_null(set(&f, 3, "three"));
    assert_null(set(&f, 2, "b"));
    assert_value(&f, 0, "a longer token than before");
    assert_value(&f, 1, "");
    assert_value(&f, 2, "b");
    assert_value(&f, 3, "three");
    tear_down(&f);
}

static void what_a_pass_has_set_ends_with_it(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    assert_null(set(&f, 1, "one"));
    assert_null(set(&f, 0, "token"));
    assert_null(set(&f, 3, "three"));
    values_end_pass(f.user, &f.stream, &f.shared);
    assert_value(&f, 0, "token");
    assert_value(&f, 1, NULL);
    assert_value(&f, 3, NULL);
    assert_null(set(&f, 1, "1"));
    values_end_user(f.user, &f.stream, &f.shared);
    assert_value(&f, 0, NULL);
    assert_value(&f, 1, NULL);
    tear_down(&f);
}

/* Against the plainest way to keep values, in any order of changes. */
static void any_changes_leave_what_was_set_last(void **state)
{
    enum { CHANGES = 20000, BYTES_MOST = 40 };
    struct fixture f;
    struct random r;
    char kept[VARIABLES][BYTES_MOST + 1];
    bool is_set[VARIABLES] = { false };
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    random_init(&r, 1, 0);
    for (int i = 0; i < CHANGES; i++) {
        const uint32_t k = (uint32_t)random_below(&r, VARIABLES);
        const size_t n = (size_t)random_below(&r, BYTES_MOST + 1);
        memset(kept[k], (char)('a' + i % 26), n);
        kept[k][n] = '\0';
        is_set[k] = true;
        assert_null(set(&f, k, kept[k]));
        if (random_below(&r, 10) == 0) {
            values_end_pass(f.user, &f.stream, &f.shared);
            for (size_t p = LASTING; p < VARIABLES; p++)
                is_set[p] = false;
        }
        for (uint32_t p = 0; p < VARIABLES; p++)
            assert_value(&f, p, is_set[p] ? kept[p] : NULL);
    }
    assert_true(f.user->room_bytes <= 256); /* what is gone takes no room */
    tear_down(&f);
}

static void limits_leave_the_value_before(void **state)
{
    struct fixture f;
    char *bytes = calloc(1, SESSION_USER_BYTES_MOST);
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
    for (uint32_t i = 0; i < VARIABLES; i++)
        assert_null(values_set(f.user, &f.stream, i, bytes, SESSION_VALUE_BYTES_MOST));
    assert_string_equal(values_set(f.user, &f.stream, 0, bytes, SESSION_VALUE_BYTES_MOST + 1),
                        "a captured value is longer than 16 KiB");
    size_t n;
    assert_non_null(values_get(f.user, 0, &n));
    assert_int_equal(n, SESSION_VALUE_BYTES_MOST);
    assert_null(values_set(f.user, &f.stream, 0, bytes, 1));
    tear_down(&f);
    free(bytes);
}

/* --- feed rows --- */

static void assert_row(struct fixture *f, const struct values *v, const char *right)
{
    static const struct plan_piece piece = { .kind = PLAN_PIECE_FEED };
    size_t n;
    const char *text = values_text(v, &f->stream, &f->shared, &piece, 1, &n);
    assert_non_null(text);
    assert_int_equal(n, strlen(right));
    assert_memory_equal(text, right, n);
}

static void a_row_belongs_to_the_pass_or_to_the_user(void **state)
{
    struct fixture f;
    (void)state;
    for (int per_user = 0; per_user < 2; per_user++) {
        set_up(&f, per_user ? PLAN_TAKE_USER : PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT);
        assert_int_equal(values_begin_user(f.user, &f.stream, &f.shared, 4), VALUES_TAKEN);
        for (uint64_t pass = 7; pass < 10; pass++) {
            assert_int_equal(values_begin_pass(f.user, &f.stream, &f.shared, pass), VALUES_TAKEN);
            assert_row(&f, f.user, texts[per_user ? 4 : pass % ROWS]);
            values_end_pass(f.user, &f.stream, &f.shared);
        }
        tear_down(&f);
    }
}

static void behind_the_last_row_the_phase_or_the_run_ends(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_SHUFFLE, PLAN_STOP);
    assert_int_equal(values_begin_pass(f.user, &f.stream, &f.shared, ROWS - 1), VALUES_TAKEN);
    assert_int_equal(values_begin_pass(f.user, &f.stream, &f.shared, ROWS), VALUES_STOP);
    assert_ptr_equal(values_ended_feed(f.user, &f.stream, &f.shared, PLAN_TAKE_PASS), &f.feed);
    tear_down(&f);
    set_up(&f, PLAN_TAKE_USER, PLAN_SEQUENCE, PLAN_FAIL);
    assert_int_equal(values_begin_user(f.user, &f.stream, &f.shared, ROWS), VALUES_FAIL);
    assert_int_equal(values_begin_pass(f.user, &f.stream, &f.shared, ROWS), VALUES_TAKEN);
    tear_down(&f);
}

static void a_row_is_lent_to_one_session_at_a_time(void **state)
{
    struct fixture f;
    struct values *users[ROWS + 1];
    (void)state;
    set_up(&f, PLAN_TAKE_PASS, PLAN_LEND, PLAN_REPEAT);
    for (size_t i = 0; i < N_OF(users); i++) {
        users[i] = new_user(&f);
        assert_int_equal(values_begin_pass(users[i], &f.stream, &f.shared, i),
                         i < ROWS ? VALUES_TAKEN : VALUES_WAIT);
        if (i < ROWS)
            assert_row(&f, users[i], texts[i]);
    }
    values_end_pass(users[2], &f.stream, &f.shared);
    values_end_pass(users[2], &f.stream, &f.shared); /* twice does no harm */
    assert_int_equal(values_begin_pass(users[ROWS], &f.stream, &f.shared, 9), VALUES_TAKEN);
    assert_row(&f, users[ROWS], texts[2]);
    assert_int_equal(values_begin_pass(users[2], &f.stream, &f.shared, 10), VALUES_WAIT);
    for (size_t i = 0; i < N_OF(users); i++) {
        values_end_user(users[i], &f.stream, &f.shared);
        free_user(users[i]);
    }
    tear_down(&f);
}

static void a_row_that_is_lent_to_a_user_stays_with_it(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, PLAN_TAKE_USER, PLAN_LEND, PLAN_REPEAT);
    assert_int_equal(values_begin_user(f.user, &f.stream, &f.shared, 0), VALUES_TAKEN);
    values_end_pass(f.user, &f.stream, &f.shared);
    assert_row(&f, f.user, texts[0]);
    values_end_user(f.user, &f.stream, &f.shared);
    assert_int_equal(values_begin_user(f.user, &f.stream, &f.shared, 0), VALUES_TAKEN);
    assert_row(&f, f.user, texts[1]); /* the one that was free for longest */
    tear_down(&f);
}

static void threads_and_generators_divide_the_rows_to_lend(void **state)
{
    enum { SHARES = 3, THREADS = 2, MANY = 100 };
    unsigned counts[MANY] = { 0 };
    const struct plan_feed feed = { .order = PLAN_LEND, .n_rows = MANY };
    (void)state;
    for (uint32_t share = 0; share < SHARES; share++)
        for (uint32_t thread = 0; thread < THREADS; thread++) {
            const struct plan plan = { .share = { .index = share, .count = SHARES }, .n_threads = THREADS };
            struct lend l;
            uint32_t row;
            assert_int_equal(lend_init(&l, &plan, &feed, thread), 0);
            assert_true(l.n_rows >= MANY / (SHARES * THREADS));
            while ((row = lend_take(&l)) != LEND_NONE)
                counts[row]++;
            lend_fini(&l);
        }
    for (size_t row = 0; row < MANY; row++)
        assert_int_equal(counts[row], 1);
}

/* --- requests --- */

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
                        "a variable of the request is not set");
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
    assert_memory_equal(text, "POST /a%2Fb?u=5 HTTP/1.1\r\nc: 1\r\nHost: h\r\n", 42);
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
        cmocka_unit_test(variables_keep_their_values_as_others_change),
        cmocka_unit_test(what_a_pass_has_set_ends_with_it),
        cmocka_unit_test(any_changes_leave_what_was_set_last),
        cmocka_unit_test(limits_leave_the_value_before),
        cmocka_unit_test(a_row_belongs_to_the_pass_or_to_the_user),
        cmocka_unit_test(behind_the_last_row_the_phase_or_the_run_ends),
        cmocka_unit_test(a_row_is_lent_to_one_session_at_a_time),
        cmocka_unit_test(a_row_that_is_lent_to_a_user_stays_with_it),
        cmocka_unit_test(threads_and_generators_divide_the_rows_to_lend),
        cmocka_unit_test(a_request_is_made_of_the_users_values),
        cmocka_unit_test(line_ends_and_nul_in_a_header_are_not_sent),
        cmocka_unit_test(draws_follow_from_pass_step_and_repeat),
        cmocka_unit_test(room_grows_to_the_longest_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
