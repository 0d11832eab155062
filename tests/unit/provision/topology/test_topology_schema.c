#include "topology_fields.h"

#include "schema_check.h"

static void the_schema_has_the_keys_and_limits_of_the_tables(void **state)
{
    static const char *const names[] = { "file",         "cluster",   "listener",  "default_target",
                                         "health_check", "ingress",   "generator", "instance_type",
                                         "credits",      "emulation", "prices" };
    struct schema_map maps[sizeof names / sizeof *names];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        maps[i] = (struct schema_map){ i ? names[i] : NULL, topology_fields_of(names[i]) };
    schema_check("topology", maps, sizeof maps / sizeof *maps);
    assert_null(topology_fields_of("nonsense"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_schema_has_the_keys_and_limits_of_the_tables) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
