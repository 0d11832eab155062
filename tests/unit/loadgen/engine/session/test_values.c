/* What a user of a session knows: its variables and its feed rows. */
#include "random.h"
#include "small_user.h"

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
