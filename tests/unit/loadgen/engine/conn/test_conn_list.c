/* The lists in which a shard keeps its connections. */
#include "wired.h"

static uint64_t at_ms(uint64_t ms)
{
    return WIRED_T0_NS + ms * NS_PER_MS;
}

static int drop(void **state)
{
    (void)state;
    wired_fini();
    return 0;
}

static void check_list(const struct conn_list *list, const char *expected)
{
    char text[32] = "", back[32] = "";
    uint32_t n = 0;
    for (const struct conn *c = list->first; c; c = c->after, n++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%u", (unsigned)c->number);
    for (const struct conn *c = list->last; c; c = c->before)
        snprintf(back + strlen(back), sizeof back - strlen(back), "%u", (unsigned)c->number);
    assert_string_equal(text, expected);
    assert_int_equal(list->n, n);
    assert_int_equal(strlen(back), n);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(back[i], text[n - 1 - i]);
}

static void a_list_loses_its_first_last_middle_and_only_one(void **state)
{
    (void)state;
    struct conn_list list = { 0 };
    wired_init(PLAN_CLOSED, 4, 1);
    for (uint32_t i = 0; i < 4; i++)
        conn_list_append(&list, wired_connect(i), at_ms(i));
    check_list(&list, "0123");
    assert_int_equal(shard_conn(&wired.shard, 2)->since_ns, at_ms(2));
    conn_list_remove(shard_conn(&wired.shard, 1));
    check_list(&list, "023");
    conn_list_remove(shard_conn(&wired.shard, 1)); /* is in none */
    check_list(&list, "023");
    conn_list_remove(shard_conn(&wired.shard, 0));
    check_list(&list, "23");
    conn_list_remove(shard_conn(&wired.shard, 3));
    check_list(&list, "2");
    conn_move(&list, shard_conn(&wired.shard, 2), at_ms(9));
    check_list(&list, "2");
    assert_int_equal(list.first->since_ns, at_ms(9));
    conn_list_remove(shard_conn(&wired.shard, 2));
    check_list(&list, "");
}

static void deadlines_are_in_order_and_of_equal_ones_the_older_is_first(void **state)
{
    (void)state;
    static const struct {
        uint32_t conn;
        uint64_t deadline;
        const char *list;
    } steps[] = {
        { 0, 10, "0" },    { 1, 20, "01" },   { 2, 20, "012" },  { 3, 10, "0312" }, { 0, 15, "3012" },
        { 0, 20, "3012" }, { 0, 21, "3120" }, { 1, 21, "3201" }, { 3, 20, "3201" }, { 3, 30, "2013" },
    };
    struct conn_list list = { 0 };
    wired_init(PLAN_CLOSED, 4, 1);
    for (uint32_t i = 0; i < 4; i++)
        wired_connect(i);
    for (size_t i = 0; i < N_OF(steps); i++) {
        struct conn *c = shard_conn(&wired.shard, steps[i].conn);
        c->deadline_ns = steps[i].deadline;
        conn_list_place(&list, c);
        check_list(&list, steps[i].list);
    }
    struct conn *c = shard_conn(&wired.shard, 3);
    conn_list_remove(c);
    c->deadline_ns = 1; /* sent again, with its old deadline */
    conn_list_place(&list, c);
    check_list(&list, "3201");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_list_loses_its_first_last_middle_and_only_one, drop),
        cmocka_unit_test_teardown(deadlines_are_in_order_and_of_equal_ones_the_older_is_first, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
