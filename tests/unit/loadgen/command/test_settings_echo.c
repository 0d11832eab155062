/* What run.json shows of the options. */
#include "settings_echo.h"

#include "err.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_options.h"

#include "cm.h"

#include <string.h>

/* The options in effect of `loadgen run URL` with these words, which end with NULL. */
static void echo_of(struct settings_echo *echo, char *words[])
{
    struct run_options o = { 0 };
    struct plan plan;
    struct err e;
    int n = 0;
    while (words[n])
        n++;
    if (run_options_parse(&o, &run_command, n, words, &e) || plan_from_options(&plan, &o, &e))
        fail_msg("%s", e.text);
    settings_echo_init(echo, &o, &plan);
    assert_false(echo->is_short);
    plan_fini(&plan);
    run_options_fini(&o);
}

/* "-": not set. */
static const char *value_of(const struct settings_echo *echo, const char *name)
{
    for (size_t i = 0; i < echo->n; i++)
        if (strcmp(echo->rows[i].name, name) == 0)
            return echo->rows[i].value ? echo->rows[i].value : "-";
    return "absent";
}

static void defaults_that_the_plan_took_are_shown_and_not_0(void **state)
{
    static struct settings_echo echo;
    char url[] = "http://127.0.0.1:1/";
    (void)state;
    echo_of(&echo, (char *[]){ url, NULL });
    assert_string_equal(value_of(&echo, "connections"), "10");
    assert_string_equal(value_of(&echo, "duration"), "10s");
    assert_string_equal(value_of(&echo, "timeout"), "10s");
    assert_string_equal(value_of(&echo, "threads"), "1");
    assert_string_equal(value_of(&echo, "method"), "GET");
    assert_string_equal(value_of(&echo, "pipeline"), "1");
    assert_string_equal(value_of(&echo, "rate"), "-");
    assert_string_equal(value_of(&echo, "requests"), "-");
    assert_true(strlen(value_of(&echo, "seed")) > 1);
    assert_string_equal(value_of(&echo, "insecure"), "false");
    settings_echo_fini(&echo);
}

static void what_was_given_is_shown_and_secrets_are_not(void **state)
{
    static struct settings_echo echo;
    char url[] = "http://127.0.0.1:1/", rate[] = "--rate=50", seed[] = "--seed=7",
         user[] = "--user=a:hunter2", time[] = "--timeout=1500ms";
    (void)state;
    echo_of(&echo, (char *[]){ url, rate, seed, user, time, NULL });
    assert_string_equal(value_of(&echo, "rate"), "50");
    assert_string_equal(value_of(&echo, "seed"), "7");
    assert_string_equal(value_of(&echo, "timeout"), "1500ms");
    assert_string_equal(value_of(&echo, "user"), "(given)");
    assert_string_equal(value_of(&echo, "connections"), "256");
    settings_echo_fini(&echo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_that_the_plan_took_are_shown_and_not_0),
        cmocka_unit_test(what_was_given_is_shown_and_secrets_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
