/* R13: the addresses of a balancer and how evenly they are used. */
#include "sound_run.h"

#include <math.h>

static void add_remote(struct sound *x, const char *address, uint64_t n_connections, uint64_t n_done)
{
    const uint32_t i = names_number(&x->remotes, address, strlen(address));
    x->run->n_remotes = i + 1;
    stats_remote(x->run, CLOSED, i)->n_connections = n_connections;
    stats_remote(x->run, CLOSED, i)->n_done = n_done;
}

static void add_answer_for(struct sound *x, const char *name, const char *address)
{
    dns_log_add(&x->dns, &(struct dns_answer){ .name = name, .address = address });
}

static void add_answer(struct sound *x, const char *address)
{
    add_answer_for(x, "lb", address);
}

static void r13_wants_all_addresses_of_a_balancer_used_evenly(void **state)
{
    static const struct {
        uint64_t n_first, n_second; /* connections */
        enum check_level want;
    } cases[] = {
        { 20, 20, CHECK_OK },
        { 1, 0, CHECK_WARN }, /* one user cannot be in two places */
        { 8, 0, CHECK_INVALID },
        { 36, 4, CHECK_WARN },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct sound x;
        sound_init(&x);
        add_answer(&x, "10.0.0.1");
        add_answer(&x, "10.0.0.2");
        add_answer(&x, "fd00::1"); /* of a family that this machine does not have */
        add_remote(&x, "10.0.0.1", cases[i].n_first, cases[i].n_first);
        add_remote(&x, "10.0.0.2", cases[i].n_second, cases[i].n_second);
        judge(&x);
        if (level_of(&x, "R13", "run") != cases[i].want)
            fail_msg("case %zu: %s", i, check_level_name(level_of(&x, "R13", "run")));
        sound_fini(&x);
    }
}

static void r13_says_nothing_of_a_single_address(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_answer(&x, "127.0.0.1");
    add_answer(&x, "::1");
    add_remote(&x, "127.0.0.1", 50, 50);
    judge(&x);
    assert_false(has_check(&x, "R13", "run"));
    sound_fini(&x);
}

/* Resolved addresses, connections and requests by remote address, and what R13 finds. */
struct spread {
    const char *why;
    const char *answers[4];
    struct {
        const char *address;
        uint64_t n_connections, n_done;
    } remotes[4];
    double used_pct, used_invalid; /* < 0: not judged; invalid 0: never */
    double share;                  /* < 0: not judged */
};

static void check_spread(const struct spread *c)
{
    struct sound x;
    sound_init(&x);
    for (size_t i = 0; i < N_OF(c->answers) && c->answers[i]; i++)
        add_answer(&x, c->answers[i]);
    for (size_t i = 0; i < N_OF(c->remotes) && c->remotes[i].address; i++)
        add_remote(&x, c->remotes[i].address, c->remotes[i].n_connections, c->remotes[i].n_done);
    judge(&x);
    const struct check *used = check_in(&x, "R13", "addresses that the name");
    const struct check *share = check_in(&x, "R13", "busiest");
    if ((used != NULL) != (c->used_pct >= 0) || (share != NULL) != (c->share >= 0))
        fail_msg("%s: judged or not", c->why);
    if (used && fabs(used->value - c->used_pct) > 1e-3)
        fail_msg("%s: %g %% used", c->why, used->value);
    if (used &&
        (c->used_invalid > 0 ? !(fabs(used->invalid - c->used_invalid) < 1e-9) : !isnan(used->invalid)))
        fail_msg("%s: INVALID below %g", c->why, used->invalid);
    if (share && fabs(share->value - c->share) > 1e-3)
        fail_msg("%s: share %g", c->why, share->value);
    sound_fini(&x);
}

static void r13_knows_an_address_by_its_text(void **state)
{
    static const struct spread cases[] = {
        { "with a port",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1:80", 1, 1 }, { "10.0.0.2:81", 1, 1 } },
          100,
          0,
          -1 },
        { "in brackets",
          { "fd00::1", "fd00::2" },
          { { "[fd00::1]:80", 1, 1 }, { "[fd00::2]:80", 1, 1 } },
          100,
          0,
          -1 },
        { "IPv6 alone", { "fd00::1", "fd00::2" }, { { "fd00::1", 1, 1 } }, 50, 0, -1 },
        { "the beginning of another",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.12:80", 1, 1 }, { "10.0.0.2", 1, 1 } },
          50,
          0,
          -1 },
        { "the beginning of another, of IPv6",
          { "fd00::1", "fd00::2" },
          { { "fd00::1:3", 1, 1 }, { "fd00::2", 1, 1 } },
          50,
          0,
          -1 },
        { "two ports of one",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1:80", 15, 1 }, { "10.0.0.1:81", 15, 1 } },
          50,
          75,
          2 },
        { "told twice",
          { "10.0.0.1", "10.0.0.2", "10.0.0.1" },
          { { "10.0.0.1", 1, 1 }, { "10.0.0.2", 1, 1 } },
          100,
          0,
          -1 },
        { "no address", { "", "10.0.0.2" }, { { "10.0.0.2", 9, 9 } }, -1, 0, -1 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        check_spread(&cases[i]);
}

static void r13_has_limits_by_the_connections(void **state)
{
    static const struct spread cases[] = {
        { "three would not have done", { "10.0.0.1", "10.0.0.2" }, { { "10.0.0.1", 3, 1 } }, 50, 0, -1 },
        { "four would", { "10.0.0.1", "10.0.0.2" }, { { "10.0.0.1", 4, 1 } }, 50, 75, -1 },
        { "just too few for shares",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 10, 1 }, { "10.0.0.2", 9, 1 } },
          100,
          75,
          -1 },
        { "just enough",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 12, 1 }, { "10.0.0.2", 8, 1 } },
          100,
          75,
          1.2 },
        { "the last is the busiest",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 10, 1 }, { "10.0.0.2", 30, 1 } },
          100,
          75,
          1.5 },
        { "connected, and nothing answered",
          { "10.0.0.1", "10.0.0.2" },
          { { "10.0.0.1", 4, 4 }, { "10.0.0.2", 4, 0 } },
          50,
          75,
          -1 },
        { "a family that is not used",
          { "10.0.0.1", "fd00::1", "10.0.0.2" },
          { { "10.0.0.1", 15, 1 }, { "10.0.0.2", 15, 1 }, { "fd00::1", 70, 0 } },
          100,
          75,
          1 },
        { "both families",
          { "10.0.0.1", "fd00::1" },
          { { "10.0.0.1", 1, 1 }, { "fd00::1", 1, 1 } },
          100,
          0,
          -1 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        check_spread(&cases[i]);
}

static void r13_adds_up_the_streams(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_answer(&x, "10.0.0.1");
    add_answer(&x, "10.0.0.2");
    add_remote(&x, "10.0.0.1", 10, 1);
    add_remote(&x, "10.0.0.2", 0, 0);
    stats_remote(x.run, OPEN, 1)->n_connections = 30;
    stats_remote(x.run, OPEN, 1)->n_done = 1;
    judge(&x);
    assert_float_equal(check_in(&x, "R13", "addresses that the name")->value, 100, 1e-9);
    assert_float_equal(check_in(&x, "R13", "busiest")->value, 1.5, 1e-9);
    sound_fini(&x);
}

/* Two targets get different loads, which says nothing of either's balance. */
static void r13_judges_each_name_alone(void **state)
{
    struct sound x;
    (void)state;
    sound_init(&x);
    add_answer_for(&x, "even", "10.0.0.1");
    add_answer_for(&x, "even", "10.0.0.2");
    add_answer_for(&x, "uneven", "10.0.0.3");
    add_answer_for(&x, "uneven", "10.0.0.4");
    add_answer_for(&x, "single", "10.0.0.5");
    add_remote(&x, "10.0.0.1", 10, 10);
    add_remote(&x, "10.0.0.2", 10, 10);
    add_remote(&x, "10.0.0.3", 120, 10);
    add_remote(&x, "10.0.0.4", 80, 10);
    add_remote(&x, "10.0.0.5", 900, 10);
    judge(&x);
    assert_float_equal(check_in(&x, "R13", "addresses that the name")->value, 100, 1e-9);
    assert_float_equal(check_in(&x, "R13", "busiest")->value, 1.2, 1e-9);
    sound_fini(&x);
}

/* In whatever order: of one name a single address was used, of the other even less, by a single connection.
 */
static void r13_names_first_what_is_the_generator_s_doing(void **state)
{
    static const char *const answers[][2] = {
        { "stuck", "10.0.0.1" }, { "stuck", "10.0.0.2" }, { "idle", "10.0.1.1" },
        { "idle", "10.0.1.2" },  { "idle", "10.0.1.3" },
    };
    (void)state;
    for (size_t turn = 0; turn < 2; turn++) {
        struct sound x;
        sound_init(&x);
        for (size_t i = 0; i < N_OF(answers); i++) {
            const size_t k = turn == 0 ? i : N_OF(answers) - 1 - i;
            add_answer_for(&x, answers[k][0], answers[k][1]);
        }
        add_remote(&x, "10.0.0.1", 20, 20);
        add_remote(&x, "10.0.1.1", 1, 1);
        judge(&x);
        assert_float_equal(check_in(&x, "R13", "addresses that the name")->value, 50, 1e-9);
        assert_int_equal(level_of(&x, "R13", "run"), CHECK_INVALID);
        sound_fini(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r13_wants_all_addresses_of_a_balancer_used_evenly),
        cmocka_unit_test(r13_says_nothing_of_a_single_address),
        cmocka_unit_test(r13_knows_an_address_by_its_text),
        cmocka_unit_test(r13_judges_each_name_alone),
        cmocka_unit_test(r13_names_first_what_is_the_generator_s_doing),
        cmocka_unit_test(r13_has_limits_by_the_connections),
        cmocka_unit_test(r13_adds_up_the_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
