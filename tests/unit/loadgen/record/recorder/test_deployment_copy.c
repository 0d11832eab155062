#include "deployment_copy.h"

#include "err.h"
#include "plan.h"

#include "cm.h"
#include "scratch.h"

#include <sys/stat.h>

#define ACCOUNT   "123412349012"
#define ARN(rest) "\"arn:aws:elasticloadbalancing:us-east-1:" ACCOUNT ":" rest "\""

static const char on_aws[] =
    "{\"schema_version\": 1, \"provider\": \"aws\", \"run_id\": \"7baa2e28\", \"account\": \"" ACCOUNT "\","
    " \"owner\": \"ada@laptop\", \"price_usd_per_hour\": 0.9315, \"unknown\": \"" ACCOUNT "\","
    " \"load_balancer\": {\"listener\": {\"certificate\": \"arn:aws:acm:us-east-1:" ACCOUNT
    ":certificate/1\"}},"
    " \"generator\": {\"id\": \"i-9\", \"instance_type\": \"t3.small\", \"zone\": \"us-east-1a\","
    " \"address\": \"198.51.100.9\", \"user\": \"ubuntu\", \"ssh_key\": \"/home/ada/key\"},"
    " \"resources\": [ {\"kind\": \"subnet\", \"id\": \"subnet-a\"}, {\"kind\": \"caller\", \"id\":"
    " \"203.0.113.9/32\"}, {\"kind\": \"target-group\", \"role\": \"cluster1\", \"id\": " ARN(
        "targetgroup/g/1") "},"
                           " {\"kind\": \"load-balancer\", \"id\": " ARN("loadbalancer/app/b/3") "} ]}";

static char *copy_of(const char *json, bool is_whole, mode_t *mode)
{
    struct plan_deployment d = { .present = true, .json = (char *)json, .is_copied_whole = is_whole };
    struct stat about;
    struct err e;
    const char *path = scratch_path("deployment.json");
    assert_int_equal(deployment_copy_write(&d, path, &e), 0);
    assert_int_equal(stat(path, &about), 0);
    *mode = about.st_mode & 0777;
    return scratch_read(path, NULL);
}

static void account_owner_and_addresses_are_left_out(void **state)
{
    static const char *const gone[] = { ACCOUNT,        "ada",      "laptop", "203.0.113.9",
                                        "198.51.100.9", "subnet-a", "caller" };
    static const char *const kept[] = { "\"run_id\": \"7baa2e28\"",
                                        "\"price_usd_per_hour\": 0.9315",
                                        "\"arn:aws:acm:us-east-1::certificate/1\"",
                                        "\"arn:aws:elasticloadbalancing:us-east-1::targetgroup/g/1\"",
                                        "\"arn:aws:elasticloadbalancing:us-east-1::loadbalancer/app/b/3\"",
                                        "\"instance_type\": \"t3.small\"",
                                        "\"redacted\": true" };
    mode_t mode;
    (void)state;
    char *copy = copy_of(on_aws, false, &mode);
    for (size_t i = 0; i < N_OF(gone); i++)
        if (strstr(copy, gone[i]))
            fail_msg("'%s' is in %s", gone[i], copy);
    for (size_t i = 0; i < N_OF(kept); i++)
        if (!strstr(copy, kept[i]))
            fail_msg("'%s' is not in %s", kept[i], copy);
    free(copy);
}

static void a_whole_copy_is_the_owners_alone(void **state)
{
    mode_t mode;
    (void)state;
    char *copy = copy_of(on_aws, true, &mode);
    assert_string_equal(copy, on_aws);
    assert_int_equal(mode, 0600);
    free(copy);
}

static void the_labs_resources_are_kept(void **state)
{
    mode_t mode;
    (void)state;
    char *copy =
        copy_of("{\"resources\": [ {\"kind\": \"process\", \"id\": \"4711\"}, {\"kind\": \"folder\", \"id\": "
                "\"/tmp/x\"}, {\"kind\": \"log\", \"id\": \"/tmp/x/access.csv\"} ]}",
                false, &mode);
    assert_non_null(strstr(copy, "4711"));
    assert_non_null(strstr(copy, "/tmp/x/access.csv"));
    assert_non_null(strstr(copy, "\"redacted\": false"));
    free(copy);
}

static void a_text_that_is_no_whole_arn_stays(void **state)
{
    mode_t mode;
    (void)state;
    char *copy = copy_of("{\"image\": \"arn:\", \"app\": \"arn:a:b:c:d\"}", false, &mode);
    assert_non_null(strstr(copy, "\"arn:\""));
    assert_non_null(strstr(copy, "\"arn:a:b:c:d\""));
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(account_owner_and_addresses_are_left_out),
        cmocka_unit_test(a_whole_copy_is_the_owners_alone),
        cmocka_unit_test(the_labs_resources_are_kept),
        cmocka_unit_test(a_text_that_is_no_whole_arn_stays),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
