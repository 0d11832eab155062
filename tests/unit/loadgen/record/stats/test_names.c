#include "names.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

static uint32_t number(struct names *names, const char *id)
{
    return names_instance(names, id, strlen(id));
}

static void each_text_has_one_number_in_any_order(void **state)
{
    static const char *const ids[] = { "i-0aa1", "i-0aa2", "i-0aa3" };
    struct names names;
    (void)state;
    assert_int_equal(names_init(&names, 8), 0);
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < N_OF(ids); i++)
            assert_int_equal(number(&names, ids[i]), i);
    for (uint32_t i = N_OF(ids); i-- > 0;)
        assert_int_equal(number(&names, ids[i]), i);
    assert_int_equal(names_number(&names, "[::1]:80", 8), 3); /* no id: kept byte for byte */
    assert_string_equal(names_text(&names, 3), "[::1]:80");
    names_fini(&names);
}

static void two_ids_stay_two_however_alike_they_become(void **state)
{
    static const char *const ids[] = { "a b",
                                       "a_b",
                                       "a`b",
                                       "a\nb",
                                       "a\xFF"
                                       "b",
                                       "all",
                                       "all_",
                                       "`",
                                       "$(id)" };
    struct names names;
    char text[NAMES_TEXT_BYTES];
    (void)state;
    assert_int_equal(names_init(&names, 32), 0);
    for (uint32_t i = 0; i < N_OF(ids); i++)
        assert_int_equal(number(&names, ids[i]), i);
    for (uint32_t i = 0; i < N_OF(ids); i++) /* the next one is guessed */
        assert_int_equal(number(&names, ids[i]), i);
    for (uint32_t i = 0; i < N_OF(ids); i++) {
        strcpy(text, names_text(&names, i));
        assert_string_not_equal(text, "all");
        const uint32_t n = names.n;
        if (strcmp(text, ids[i]) != 0) /* an id that looks like what became of another one is another one */
            assert_int_equal(number(&names, text), n);
    }
    names_fini(&names);
}

static void the_bytes_of_any_id_become_harmless(void **state)
{
    struct names names;
    (void)state;
    assert_int_equal(names_init(&names, 1024), 0);
    for (int c = 1; c < 256; c++) {
        const char id[] = { 'x', (char)c, 'y', '\0' };
        const uint32_t at = number(&names, id);
        assert_int_equal(at, c - 1);
        const char *text = names_text(&names, at);
        assert_int_equal(
            strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@+-~"),
            strlen(text));
    }
    assert_int_equal(names_instance(&names, "a\0b", 3), 255);
    names_fini(&names);
}

static void ids_of_127_bytes_are_kept_and_longer_ones_cut(void **state)
{
    struct names names;
    char id[400], wanted[NAMES_TEXT_BYTES];
    (void)state;
    memset(id, 'f', sizeof id);
    memset(wanted, 'f', sizeof wanted);
    assert_int_equal(names_init(&names, 8), 0);
    assert_int_equal(names_instance(&names, id, 64), 0); /* that of a container */
    assert_int_equal(names_instance(&names, id, 127), 1);
    assert_memory_equal(names_text(&names, 1), wanted, 127);
    assert_int_equal(names_instance(&names, id, 128), 2);
    assert_int_equal(names_instance(&names, id, 400), 3);
    assert_memory_equal(names_text(&names, 3), wanted, 118);
    assert_int_equal(names_text(&names, 3)[118], '~');
    assert_int_equal(strlen(names_text(&names, 3)), 127);
    assert_int_equal(names_instance(&names, "", 0), NAMES_NONE);
    names_fini(&names);
}

static void a_full_table_knows_what_it_has(void **state)
{
    struct names names;
    (void)state;
    assert_int_equal(names_init(&names, 2), 0);
    assert_int_equal(number(&names, "a"), 0);
    assert_int_equal(number(&names, "b"), 1);
    assert_int_equal(number(&names, "c"), NAMES_NONE);
    assert_int_equal(number(&names, "a"), 0);
    names_fini(&names);
}

static void an_id_that_ends_with_nul_is_another(void **state)
{
    struct names names;
    (void)state;
    assert_int_equal(names_init(&names, 4), 0);
    const uint32_t plain = names_instance(&names, "i-0b", 4);
    const uint32_t longer = names_instance(&names, "i-0b\0", 5);
    assert_int_not_equal(plain, longer);
    assert_int_equal(names_instance(&names, "i-0b", 4), plain);
    assert_int_equal(names_instance(&names, "i-0b\0", 5), longer);
    names_fini(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_has_one_number_in_any_order),
        cmocka_unit_test(two_ids_stay_two_however_alike_they_become),
        cmocka_unit_test(the_bytes_of_any_id_become_harmless),
        cmocka_unit_test(ids_of_127_bytes_are_kept_and_longer_ones_cut),
        cmocka_unit_test(a_full_table_knows_what_it_has),
        cmocka_unit_test(an_id_that_ends_with_nul_is_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
