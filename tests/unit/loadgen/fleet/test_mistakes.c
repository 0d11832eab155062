#include "mistakes.h"

#include "fleet.h"
#include "sim_wire.h"

#include "cm.h"

/* A fleet of ranks 0 to n - 1 on hosts c0, c1, ...; rank 1 is on c0 too if two share it. */
static void begin(struct sim_net *net, struct fleet *f, uint32_t n, bool shares_host)
{
    struct err e;
    sim_net_init(net, n);
    assert_int_equal(fleet_init(f, sim_net_wire(net, 0), &e), 0);
    for (uint32_t i = 0; i < n; i++)
        snprintf(f->hosts[i].name, sizeof f->hosts[i].name, "c%u", shares_host && i == 1 ? 0 : i);
}

static void add(struct mistakes *m, uint32_t rank, enum err_kind kind, const char *text)
{
    struct err what;
    err_set(&what, kind, "%s", text);
    mistakes_add(m, rank, &what);
}

static void assert_list(struct mistakes *m, const struct fleet *f, enum err_kind kind, const char *text)
{
    struct err e;
    assert_int_equal(mistakes_error(m, f, &e), -1);
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.text, text);
    mistakes_fini(m);
}

static void without_mistakes_there_is_no_error(void **state)
{
    struct sim_net net;
    struct fleet f;
    struct mistakes m = { 0 };
    struct err e;
    (void)state;
    begin(&net, &f, 2, false);
    assert_int_equal(mistakes_error(&m, &f, &e), 0);
    fleet_fini(&f);
    sim_net_fini(&net);
}

static void hosts_with_the_same_mistake_share_a_line(void **state)
{
    struct sim_net net;
    struct fleet f;
    struct mistakes m = { 0 };
    (void)state;
    begin(&net, &f, 4, false);
    add(&m, 1, ERR_INPUT, "10.0.1.7:80 does not answer");
    add(&m, 2, ERR_INPUT, "the disk is full");
    add(&m, 3, ERR_INPUT, "10.0.1.7:80 does not answer");
    assert_list(&m, &f, ERR_INPUT,
                "host c1, host c3: 10.0.1.7:80 does not answer\nhost c2: the disk is full");
    fleet_fini(&f);
    sim_net_fini(&net);
}

static void a_mistake_of_all_names_no_host(void **state)
{
    struct sim_net net;
    struct fleet f;
    struct mistakes m = { 0 };
    (void)state;
    begin(&net, &f, 2, false);
    add(&m, 0, ERR_INPUT, "wrong");
    add(&m, 1, ERR_INPUT, "wrong");
    assert_list(&m, &f, ERR_INPUT, "wrong");
    fleet_fini(&f);
    sim_net_fini(&net);
}

static void one_that_failed_makes_the_list_a_failure(void **state)
{
    struct sim_net net;
    struct fleet f;
    struct mistakes m = { 0 };
    (void)state;
    begin(&net, &f, 3, true);
    add(&m, 1, ERR_FAILED, "out of memory");
    add(&m, 2, ERR_INPUT, "wrong");
    assert_list(&m, &f, ERR_FAILED, "host c0 (rank 1): out of memory\nhost c2: wrong");
    fleet_fini(&f);
    sim_net_fini(&net);
}

static void a_long_list_says_how_much_it_leaves_out(void **state)
{
    struct sim_net net;
    struct fleet f;
    struct mistakes m = { 0 };
    struct err e;
    char text[32];
    (void)state;
    begin(&net, &f, 40, false);
    for (uint32_t i = 0; i < 40; i++) {
        snprintf(text, sizeof text, "wrong in way %u", i);
        add(&m, i, ERR_INPUT, text);
    }
    for (uint32_t i = 0; i < 38; i++)
        add(&m, i, ERR_INPUT, "wrong in way 0");
    assert_int_equal(mistakes_error(&m, &f, &e), -1);
    assert_non_null(strstr(e.text, "host c0, host c0, host c1, host c2 and 35 more: wrong in way 0\n"));
    assert_non_null(strstr(e.text, "\nand 28 more"));
    mistakes_fini(&m);
    fleet_fini(&f);
    sim_net_fini(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_mistakes_there_is_no_error),
        cmocka_unit_test(hosts_with_the_same_mistake_share_a_line),
        cmocka_unit_test(a_mistake_of_all_names_no_host),
        cmocka_unit_test(one_that_failed_makes_the_list_a_failure),
        cmocka_unit_test(a_long_list_says_how_much_it_leaves_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
