/* A run of a campaign that is made elsewhere: the plan there is the plan here. */
#include "cm.h"

#include "campaign.h"
#include "campaign_line.h"
#include "campaign_run.h"
#include "err.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_member.h"

#include <stdio.h>
#include <string.h>

struct seen {
    char names[512]; /* of the streams, with their clusters and targets */
    uint64_t seed;
    json_t *step;
};

static int see(void *payload, const struct run_options *o, char *const argv[], const struct plan *plan,
               char folder[static PATH_MAX], struct err *e)
{
    struct seen *seen = payload;
    size_t used = 0;
    (void)folder;
    (void)e;
    assert_string_equal(argv[1], "campaign");
    for (size_t i = 0; i < plan->n_streams; i++)
        used += (size_t)snprintf(seen->names + used, sizeof seen->names - used, "%s %s %s;",
                                 plan->streams[i].name, plan->streams[i].cluster,
                                 plan_target_of(plan, &plan->streams[i])->url);
    seen->seed = plan->seed;
    seen->step = o->recipe ? json_deep_copy(o->recipe->step) : NULL;
    return 0;
}

static char old[] = "http://h:1/", new[] = "http://h:2/", beside[] = "--side-by-side", users[] = "-c3";
static char *const words[] = { old, new, users, beside };

static void assert_made_again(int n, const struct campaign_pair *pair, bool is_b, const char *names)
{
    struct seen here = { .seed = 0 }, there = { .seed = 1 };
    const struct run_maker makers[] = { { .payload = &here, .make = see },
                                        { .payload = &there, .make = see } };
    struct run_options begin = { .command = &run_command, .parsed = &campaign_command, .maker = &makers[0] };
    struct campaign_line line = { .begin = &begin };
    char first[] = "loadgen", second[] = "campaign", folder[PATH_MAX] = "x";
    char *const shown[] = { first, second, NULL };
    struct campaign c = {
        .words = shown, .arms = { "port-1", "port-2" }, .seed = 5, .is_side_by_side = n == 4
    };
    struct err e;
    assert_int_equal(campaign_line_parse(&line, n, words, &e), 0);
    assert_int_equal(campaign_options_check(&line.options, &line.given, &e), 0);
    assert_int_equal(campaign_run_make(&c, &line.options, pair, is_b, folder, &e), 0);
    campaign_line_fini(&line);
    assert_string_equal(here.names, names);
    begin.maker = &makers[1];
    begin.seed = here.seed;
    const struct run_recipe recipe = { .words = words, .n_words = (size_t)n, .step = here.step };
    assert_int_equal(campaign_run_follow(&begin, &recipe, &e), 0);
    assert_string_equal(there.names, names);
    assert_true(there.seed == here.seed);
    json_decref(here.step);
}

static void each_role_is_made_again(void **state)
{
    const struct campaign_pair pair = { .kind = CAMPAIGN_AB, .number = 2 };
    const struct campaign_pair control = { .kind = CAMPAIGN_AA, .number = 1 };
    (void)state;
    assert_made_again(3, &pair, false, "port-1 port-1 http://h:1/;");
    assert_made_again(3, &pair, true, "port-2 port-2 http://h:2/;");
    assert_made_again(3, &control, true, "port-1 port-1 http://h:1/;");
}

static void both_arms_at_once_are_made_again(void **state)
{
    const struct campaign_pair pair = { .kind = CAMPAIGN_AB, .number = 1 };
    const struct campaign_pair control = { .kind = CAMPAIGN_AA, .number = 1 };
    (void)state;
    assert_made_again(4, &pair, false, "port-1 port-1 http://h:1/;port-2 port-2 http://h:2/;");
    assert_made_again(4, &control, false, "port-1 port-1 http://h:1/;port-1-again port-1-again http://h:1/;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_is_made_again),
        cmocka_unit_test(both_arms_at_once_are_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
