#include "fleet_order.h"

#include "err.h"
#include "fleet.h"
#include "sim_wire.h"

#include "cm.h"

enum { N_RANKS = 6 };

static void begin(struct sim_net *net, struct fleet fleets[static N_RANKS])
{
    struct err e;
    sim_net_init(net, N_RANKS);
    for (uint32_t i = 0; i < N_RANKS; i++)
        assert_int_equal(fleet_init(&fleets[i], sim_net_wire(net, i), &e), 0);
}

static void end(struct sim_net *net, struct fleet fleets[static N_RANKS])
{
    for (uint32_t i = 0; i < N_RANKS; i++)
        fleet_fini(&fleets[i]);
    sim_net_fini(net);
}

static void add_file(struct fleet *f, const char *path)
{
    struct err e;
    assert_int_equal(input_files_add(&f->files, path, strdup(path), strlen(path), &e), 0);
}

/* Gives a run of these words, and checks that each rank gets it. */
static void give_run(struct fleet fleets[static N_RANKS], size_t n_files)
{
    char command[] = "loadgen-fleet sweep", folder[] = "/tmp/x\xff", word[] = "--header=\xfe";
    char *words[] = { word, NULL };
    struct err e;
    const struct fleet_order order = { .kind = FLEET_ORDER_RUN,
                                       .command = command,
                                       .inputs = { .words = words, .n_words = 1 },
                                       .step = json_pack("{s:f}", "rate_per_s", 0.1),
                                       .seed = UINT64_MAX,
                                       .folder = folder };
    assert_int_equal(fleet_order_give(&fleets[0], &order, &e), 0);
    for (uint32_t i = 1; i < N_RANKS; i++) {
        struct fleet_order got;
        assert_int_equal(fleet_order_await(&fleets[i], &got, &e), 0);
        assert_int_equal(got.kind, FLEET_ORDER_RUN);
        assert_string_equal(got.command, command);
        assert_string_equal(got.folder, folder);
        assert_string_equal(got.inputs.words[0], word);
        assert_true(got.seed == UINT64_MAX);
        assert_true(json_real_value(json_object_get(got.step, "rate_per_s")) == 0.1);
        assert_int_equal(fleets[i].files.n, n_files);
        fleet_order_fini(&got);
    }
    json_decref(order.step);
}

static void each_rank_gets_the_order_and_each_file_once(void **state)
{
    struct sim_net net;
    struct fleet fleets[N_RANKS];
    (void)state;
    begin(&net, fleets);
    add_file(&fleets[0], "s.yaml");
    add_file(&fleets[0], "rows.csv");
    give_run(fleets, 2);
    give_run(fleets, 2);
    add_file(&fleets[0], "more.csv");
    give_run(fleets, 3);
    assert_string_equal(fleets[5].files.list[2].path, "more.csv");
    end(&net, fleets);
}

static void the_end_has_the_exit_code_and_no_files(void **state)
{
    struct sim_net net;
    struct fleet fleets[N_RANKS];
    struct fleet_order got;
    struct err e;
    (void)state;
    begin(&net, fleets);
    add_file(&fleets[0], "s.yaml");
    assert_int_equal(
        fleet_order_give(&fleets[0], &(struct fleet_order){ .kind = FLEET_ORDER_END, .code = 130 }, &e), 0);
    for (uint32_t i = 1; i < N_RANKS; i++) {
        assert_int_equal(fleet_order_await(&fleets[i], &got, &e), 0);
        assert_int_equal(got.kind, FLEET_ORDER_END);
        assert_int_equal(got.code, 130);
        assert_int_equal(fleets[i].files.n, 0);
        fleet_order_fini(&got);
    }
    end(&net, fleets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rank_gets_the_order_and_each_file_once),
        cmocka_unit_test(the_end_has_the_exit_code_and_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
