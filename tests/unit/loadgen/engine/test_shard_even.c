/* Which connections the open model opens so that all addresses have as many. */
#include "wired_open.h"

/* With two addresses, an even number of connections is open. */
static void addresses_have_as_many_connections_each(void **state)
{
    static const struct {
        uint32_t n_addresses;
        uint64_t per_connection;
        uint32_t n_opening[2]; /* after each request */
    } cases[] = { { 1, 0, { 1, 2 } }, { 2, 0, { 2, 2 } }, { 2, 1, { 1, 2 } },
                  { 2, 2, { 2, 2 } }, { 3, 0, { 3, 3 } }, { 4, 0, { 4, 4 } } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct shard *s = open_stream(7, 16, 1);
        wired.sets[0].n = cases[i].n_addresses;
        wired.stream.requests_per_connection = cases[i].per_connection;
        for (int k = 0; k < 2; k++) {
            due(s, at_ms(50 + 100 * (uint64_t)k));
            assert_int_equal(shard_n_opening(s), cases[i].n_opening[k]);
        }
        wired_fini();
    }
}

static void check_opening(struct shard *s, const char *numbers)
{
    char found[32] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < s->n_conns; i++)
        if (shard_conn(s, i)->list == &s->waiting)
            used += (size_t)snprintf(found + used, sizeof found - used, "%s%u", used ? " " : "", i);
    assert_string_equal(found, numbers);
}

/* Odd numbers belong to the second address, which has fewer open. */
static void an_address_with_fewer_connections_gets_more(void **state)
{
    (void)state;
    struct shard *s = open_stream(9, 16, 1);
    wired.sets[0].n = 2;
    for (uint32_t i = 0; i < 3; i++)
        idle(s, 2 * i);
    idle(s, 7);
    s->even.has_changed = true;
    due(s, at_ms(50));
    check_opening(s, "1 3");
    due(s, at_ms(150));
    check_opening(s, "1 3");
}

static void an_address_that_comes_gets_as_many_as_the_others(void **state)
{
    (void)state;
    struct shard *s = open_stream(9, 16, 1);
    idle(s, 0);
    idle(s, 2);
    due(s, at_ms(50));
    check_opening(s, "");
    wired.sets[1].n = 2;
    wired.sets[1].list = &wired.address_list[0];
    atomic_store(&wired.addresses.current, &wired.sets[1]);
    due(s, at_ms(150));
    check_opening(s, "1 3");
}

/* The last two connections belong to the first two addresses. */
static void more_addresses_than_are_told_apart_are_left_alone(void **state)
{
    (void)state;
    struct shard *s = open_stream(67, 16, 1);
    wired.sets[0].n = 65;
    for (uint32_t i = 0; i < 65; i++)
        idle(s, i);
    s->even.has_changed = true;
    due(s, at_ms(50));
    check_opening(s, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_have_as_many_connections_each),
        cmocka_unit_test_teardown(an_address_with_fewer_connections_gets_more, drop),
        cmocka_unit_test_teardown(an_address_that_comes_gets_as_many_as_the_others, drop),
        cmocka_unit_test_teardown(more_addresses_than_are_told_apart_are_left_alone, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
