#include "fleet_inputs.h"

#include "clock.h"
#include "sim_wire.h"
#include "units.h"

#include "cm.h"

enum { N_RANKS = 5 };

static char first[] = "tp1", second[] = "--header=x: y", third[] = "";
static char *const words[] = { first, second, third };

static void fill(struct fleet_inputs *in)
{
    struct err e;
    char *key = malloc(4);
    memcpy(key, "k\0y", 4);
    assert_int_equal(fleet_inputs_init(in, words, N_OF(words), &e), 0);
    in->seed = UINT64_MAX - 1;
    assert_int_equal(input_files_add(&in->files, "share/tp1.yaml", strdup("name: tp1\n"), 10, &e), 0);
    in->files.list[0].word = strdup("tp1");
    assert_int_equal(input_files_add(&in->files, "key.pem", key, 3, &e), 0);
    assert_int_equal(input_files_add(&in->files, "empty", calloc(1, 1), 0, &e), 0);
}

static void assert_filled(const struct fleet_inputs *in)
{
    const struct input_file *f = in->files.list;
    assert_int_equal(in->n_words, N_OF(words));
    for (size_t i = 0; i < N_OF(words); i++)
        assert_string_equal(in->words[i], words[i]);
    assert_null(in->words[N_OF(words)]);
    assert_true(in->seed == UINT64_MAX - 1);
    assert_int_equal(in->files.n, 3);
    assert_string_equal(f[0].path, "share/tp1.yaml");
    assert_string_equal(f[0].word, "tp1");
    assert_string_equal(f[0].bytes, "name: tp1\n");
    assert_int_equal(f[1].length_bytes, 3);
    assert_memory_equal(f[1].bytes, "k\0y", 4);
    assert_null(f[1].word);
    assert_int_equal(f[2].length_bytes, 0);
}

static void every_rank_has_what_rank_0_has(void **state)
{
    const struct wire_patience patience = { .until_ns = clock_monotonic_ns() + 10 * NS_PER_S };
    struct fleet_inputs inputs[N_RANKS] = { 0 };
    struct sim_net net;
    struct err e;
    (void)state;
    sim_net_init(&net, N_RANKS);
    fill(&inputs[0]);
    for (uint32_t i = 0; i < N_RANKS; i++)
        assert_int_equal(fleet_inputs_share(&inputs[i], ERR_NONE, sim_net_wire(&net, i), &patience, &e), 0);
    assert_false(inputs[0].files.is_complete);
    for (uint32_t i = 0; i < N_RANKS; i++) {
        assert_filled(&inputs[i]);
        assert_true(i == 0 || inputs[i].files.is_complete);
        fleet_inputs_fini(&inputs[i]);
    }
    sim_net_fini(&net);
}

static void a_mistake_of_rank_0_ends_all(void **state)
{
    const struct wire_patience patience = { .until_ns = clock_monotonic_ns() + 10 * NS_PER_S };
    struct fleet_inputs inputs[N_RANKS] = { 0 };
    struct sim_net net;
    struct err e;
    (void)state;
    sim_net_init(&net, N_RANKS);
    fill(&inputs[0]);
    assert_int_equal(fleet_inputs_share(&inputs[0], ERR_INPUT, sim_net_wire(&net, 0), &patience, &e), 0);
    for (uint32_t i = 1; i < N_RANKS; i++) {
        assert_int_equal(fleet_inputs_share(&inputs[i], ERR_NONE, sim_net_wire(&net, i), &patience, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_int_equal(inputs[i].files.n, 0);
        fleet_inputs_fini(&inputs[i]);
    }
    fleet_inputs_fini(&inputs[0]);
    sim_net_fini(&net);
}

static void a_message_that_is_cut_or_longer_is_refused(void **state)
{
    struct fleet_inputs in, out;
    unsigned char *bytes;
    size_t n;
    struct err e;
    (void)state;
    fill(&in);
    assert_int_equal(fleet_inputs_pack(&in, &bytes, &n, &e), 0);
    for (size_t i = 0; i < n; i++) {
        unsigned char *cut = malloc(i + 1);
        memcpy(cut, bytes, i);
        assert_int_equal(fleet_inputs_unpack(&out, cut, i, &e), -1);
        assert_string_equal(e.text, "the message with the files of the run is broken");
        fleet_inputs_fini(&out);
        free(cut);
    }
    unsigned char *longer = realloc(bytes, n + 1);
    assert_non_null(longer);
    longer[n] = 0;
    assert_int_equal(fleet_inputs_unpack(&out, longer, n + 1, &e), -1);
    fleet_inputs_fini(&out);
    assert_int_equal(fleet_inputs_unpack(&out, longer, n, &e), 0);
    assert_filled(&out);
    fleet_inputs_fini(&out);
    fleet_inputs_fini(&in);
    free(longer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rank_has_what_rank_0_has),
        cmocka_unit_test(a_mistake_of_rank_0_ends_all),
        cmocka_unit_test(a_message_that_is_cut_or_longer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
