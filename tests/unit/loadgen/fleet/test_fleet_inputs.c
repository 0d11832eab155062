#include "fleet_inputs.h"

#include "err.h"
#include "input_files.h"
#include "pack.h"

#include "cm.h"

#include <stdlib.h>
#include <string.h>

static char first[] = "tp1", second[] = "--header=x: \xff", third[] = "";
static char *words[] = { first, second, third, NULL };

static void fill(struct input_files *files)
{
    struct err e;
    char *key = malloc(4);
    memcpy(key, "k\0y", 4);
    assert_int_equal(input_files_add(files, "share/tp1.yaml", strdup("name: tp1\n"), 10, &e), 0);
    files->list[0].word = strdup("tp1");
    assert_int_equal(input_files_add(files, "key.pem", key, 3, &e), 0);
    assert_int_equal(input_files_add(files, "empty", calloc(1, 1), 0, &e), 0);
}

static void assert_filled(const struct input_files *files)
{
    const struct input_file *f = files->list;
    assert_int_equal(files->n, 3);
    assert_string_equal(f[0].path, "share/tp1.yaml");
    assert_string_equal(f[0].word, "tp1");
    assert_string_equal(f[0].bytes, "name: tp1\n");
    assert_int_equal(f[1].length_bytes, 3);
    assert_memory_equal(f[1].bytes, "k\0y", 4);
    assert_null(f[1].word);
    assert_int_equal(f[2].length_bytes, 0);
}

/* Packs the files from number `from` on, and unpacks them behind those that `there` has. */
static void move(struct input_files *here, size_t from, struct input_files *there)
{
    const struct fleet_inputs given = { .words = words, .n_words = N_OF(words) - 1, .files = here };
    struct fleet_inputs got = { .files = there };
    struct pack p = { 0 };
    struct err e;
    assert_int_equal(fleet_inputs_pack(&given, from, &p, &e), 0);
    struct unpack u = { .at = p.bytes, .end = p.bytes + p.n };
    assert_int_equal(fleet_inputs_unpack(&got, &u, &e), 0);
    assert_ptr_equal(u.at, u.end);
    assert_int_equal(got.n_words, N_OF(words) - 1);
    for (size_t i = 0; i < got.n_words; i++)
        assert_string_equal(got.words[i], words[i]);
    assert_null(got.words[got.n_words]);
    fleet_inputs_fini(&got);
    pack_fini(&p);
}

static void the_others_have_what_rank_0_has(void **state)
{
    struct input_files here = { 0 }, there = { 0 };
    (void)state;
    fill(&here);
    move(&here, 0, &there);
    assert_filled(&there);
    assert_true(there.is_complete);
    assert_false(here.is_complete);
    input_files_fini(&here);
    input_files_fini(&there);
}

static void files_that_are_there_are_not_sent_again(void **state)
{
    struct input_files here = { 0 }, there = { 0 };
    struct err e;
    (void)state;
    fill(&here);
    here.n = 1;
    move(&here, 0, &there);
    assert_int_equal(there.n, 1);
    here.n = 3;
    move(&here, 1, &there);
    assert_filled(&there);
    move(&here, 3, &there);
    assert_filled(&there);
    assert_int_equal(input_files_keep(&there, "empty", 1, &e), 0);
    input_files_fini(&here);
    input_files_fini(&there);
}

static void a_message_that_is_cut_is_refused(void **state)
{
    struct input_files here = { 0 };
    const struct fleet_inputs given = { .words = words, .n_words = N_OF(words) - 1, .files = &here };
    struct pack p = { 0 };
    struct err e;
    (void)state;
    fill(&here);
    assert_int_equal(fleet_inputs_pack(&given, 0, &p, &e), 0);
    for (size_t i = 0; i < p.n; i++) {
        struct input_files there = { 0 };
        struct fleet_inputs got = { .files = &there };
        uint8_t *cut = malloc(i + 1);
        memcpy(cut, p.bytes, i);
        assert_int_equal(fleet_inputs_unpack(&got, &(struct unpack){ .at = cut, .end = cut + i }, &e), -1);
        assert_string_equal(e.text, "the message with the files of the run is broken");
        fleet_inputs_fini(&got);
        input_files_fini(&there);
        free(cut);
    }
    pack_fini(&p);
    input_files_fini(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_others_have_what_rank_0_has),
        cmocka_unit_test(files_that_are_there_are_not_sent_again),
        cmocka_unit_test(a_message_that_is_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
