/* Which runs of a campaign CloudWatch is asked about. */
#include "cm.h"

#include "campaign_metrics.h"
#include "scratch.h"

static bool is_lacking(const char *run_json)
{
    scratch_write("run.json", run_json, strlen(run_json));
    return campaign_metrics_lacking(scratch_folder);
}

static void only_runs_against_aws_lack_metrics(void **state)
{
    (void)state;
    assert_true(is_lacking("{\"deployment\": {\"provider\": \"aws\"}}"));
    assert_false(is_lacking("{\"deployment\": {\"provider\": \"local\"}}"));
    assert_false(is_lacking("{\"deployment\": null}"));
    assert_false(is_lacking("{}"));
    assert_false(is_lacking("half a fi"));
    assert_false(campaign_metrics_lacking("/nowhere"));
}

static void what_was_fetched_is_not_fetched_again(void **state)
{
    (void)state;
    scratch_write("cloudwatch.csv", "", 0);
    assert_false(is_lacking("{\"deployment\": {\"provider\": \"aws\"}}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_runs_against_aws_lack_metrics),
        cmocka_unit_test(what_was_fetched_is_not_fetched_again),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
