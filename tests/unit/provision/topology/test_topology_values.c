#include "topology_values.h"

#include "err.h"
#include "fields.h"
#include "topology.h"
#include "topology_fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    char text[16384]; /* "\nregion=us-east-1\n..." */
    size_t used;
};

static int see(void *payload, const char *name, const char *text, struct err *e)
{
    struct seen *s = payload;
    (void)e;
    s->used += (size_t)snprintf(s->text + s->used, sizeof s->text - s->used, "\n%s=%s", name, text);
    return s->used < sizeof s->text ? 0 : -1;
}

/* One with every kind of map. */
static void see_shipped(struct seen *s)
{
    struct topology t;
    struct err e;
    *s = (struct seen){ .used = 0 };
    if (topology_load(&t, SOURCE_DIR "/provision/topologies/m4x4-t2x4.yaml", TOPOLOGY_RULES_LOCAL, &e) ||
        topology_values(&t, see, s, &e))
        fail_msg("%s", e.text);
}

static void each_value_has_a_name_and_a_text(void **state)
{
    struct seen s;
    (void)state;
    see_shipped(&s);
    static const char *const lines[] = {
        "\nzones=us-east-1a, us-east-1b\n",
        "\nclusters=cluster1, cluster2\n",
        "\nclusters.cluster1.zone=us-east-1b\n",
        "\nmonitoring=detailed\n",
        "\nlistener.port=80\n",
        "\nlistener.default.1.cluster=cluster1\n",
        "\nhealth_check.interval=10s\n",
        "\ninstance_types.t2.large.credits.baseline_pct=30\n",
        "\ninstance_types.t2.large.emulation.variation=0.25\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(s.text, lines[i]))
            fail_msg("there is no %s in %s", lines[i] + 1, s.text);
    assert_null(strstr(s.text, "description"));
}

/* A key that is added to a table is compared without a line of code. */
static void each_key_of_each_table_is_visited(void **state)
{
    static const char *const maps[] = { "file",         "cluster",   "listener",  "default_target",
                                        "health_check", "ingress",   "generator", "instance_type",
                                        "credits",      "emulation", "prices" };
    struct seen s;
    (void)state;
    see_shipped(&s);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        for (const struct field *row = topology_fields_of(maps[i]); row->key; row++) {
            char own[80];
            char inner[80];
            snprintf(own, sizeof own, "\n%s=", row->key);
            snprintf(inner, sizeof inner, ".%s=", row->key);
            if (row->kind != FIELD_NESTED && strcmp(row->key, "description") != 0 &&
                !strstr(s.text, strcmp(maps[i], "file") == 0 ? own : inner))
                fail_msg("'%s' of '%s' is not visited", row->key, maps[i]);
        }
}

static int stop_at_once(void *payload, const char *name, const char *text, struct err *e)
{
    (void)name;
    (void)text;
    ++*(unsigned *)payload;
    return err_set(e, ERR_FAILED, "enough");
}

static void a_visit_that_fails_is_the_last(void **state)
{
    struct topology t;
    struct err e;
    unsigned n = 0;
    (void)state;
    assert_int_equal(
        topology_load(&t, SOURCE_DIR "/provision/topologies/m4x4-t2x4.yaml", TOPOLOGY_RULES_LOCAL, &e), 0);
    assert_int_equal(topology_values(&t, stop_at_once, &n, &e), -1);
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_has_a_name_and_a_text),
        cmocka_unit_test(each_key_of_each_table_is_visited),
        cmocka_unit_test(a_visit_that_fails_is_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
