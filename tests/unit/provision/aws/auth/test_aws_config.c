#include "aws_config.h"
#include "aws_env.h"
#include "credentials.h"
#include "err.h"
#include "listed_env.h"
#include "profile_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *option;
    const char *topology;
    const char *environment[6];
    const char *region;
    const char *ec2;
    const char *elb;
} conventions[] = {
    { NULL,
      NULL,
      { NULL },
      "us-east-1",
      "https://ec2.us-east-1.amazonaws.com/",
      "https://elasticloadbalancing.us-east-1.amazonaws.com/" },
    { NULL,
      "us-west-2",
      { NULL },
      "us-west-2",
      "https://ec2.us-west-2.amazonaws.com/",
      "https://elasticloadbalancing.us-west-2.amazonaws.com/" },
    { NULL,
      "us-west-2",
      { "AWS_DEFAULT_REGION=eu-west-3" },
      "us-west-2",
      "https://ec2.us-west-2.amazonaws.com/",
      "https://elasticloadbalancing.us-west-2.amazonaws.com/" },
    { NULL,
      NULL,
      { "AWS_DEFAULT_REGION=eu-west-3" },
      "eu-west-3",
      "https://ec2.eu-west-3.amazonaws.com/",
      "https://elasticloadbalancing.eu-west-3.amazonaws.com/" },
    { "ap-south-1",
      NULL,
      { "AWS_REGION=eu-west-3", "AWS_ENDPOINT_URL=http://127.0.0.1:5000" },
      "ap-south-1",
      "http://127.0.0.1:5000/",
      "http://127.0.0.1:5000/" },
    { NULL,
      NULL,
      { "AWS_REGION=eu-west-3", "AWS_DEFAULT_REGION=us-west-1", "AWS_ENDPOINT_URL=http://all/",
        "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2=https://elb:8443" },
      "eu-west-3",
      "http://all/",
      "https://elb:8443/" },
    { NULL,
      NULL,
      { "AWS_USE_DUALSTACK_ENDPOINT=true" },
      "us-east-1",
      "https://ec2.us-east-1.api.aws/",
      "https://elasticloadbalancing.us-east-1.api.aws/" },
    { "us-west-2",
      NULL,
      { "AWS_USE_FIPS_ENDPOINT=True", "AWS_USE_DUALSTACK_ENDPOINT=false" },
      "us-west-2",
      "https://ec2-fips.us-west-2.amazonaws.com/",
      "https://elasticloadbalancing-fips.us-west-2.amazonaws.com/" },
    { "us-gov-west-1",
      NULL,
      { "AWS_USE_FIPS_ENDPOINT=true" },
      "us-gov-west-1",
      "https://ec2.us-gov-west-1.amazonaws.com/",
      "https://elasticloadbalancing.us-gov-west-1.amazonaws.com/" },
    { "us-gov-west-1",
      NULL,
      { "AWS_USE_FIPS_ENDPOINT=true", "AWS_USE_DUALSTACK_ENDPOINT=true" },
      "us-gov-west-1",
      "https://ec2-fips.us-gov-west-1.api.aws/",
      "https://elasticloadbalancing-fips.us-gov-west-1.api.aws/" },
    { "cn-north-1",
      NULL,
      { "AWS_USE_DUALSTACK_ENDPOINT=true" },
      "cn-north-1",
      "https://ec2.cn-north-1.api.amazonwebservices.com.cn/",
      "https://elasticloadbalancing.cn-north-1.api.amazonwebservices.com.cn/" },
    { "eusc-de-east-1",
      NULL,
      { NULL },
      "eusc-de-east-1",
      "https://ec2.eusc-de-east-1.amazonaws.eu/",
      "https://elasticloadbalancing.eusc-de-east-1.amazonaws.eu/" },
    { NULL,
      NULL,
      { "AWS_ENDPOINT_URL=http://all/", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true" },
      "us-east-1",
      "https://ec2.us-east-1.amazonaws.com/",
      "https://elasticloadbalancing.us-east-1.amazonaws.com/" },
};

static void region_and_endpoints_follow_the_conventions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof conventions / sizeof conventions[0]; i++) {
        const char *environment[9] = { "AWS_ACCESS_KEY_ID=K", "AWS_SECRET_ACCESS_KEY=s" };
        memcpy(environment + 2, conventions[i].environment, sizeof conventions[i].environment);
        const struct aws_config_options options = { .region = conventions[i].option,
                                                    .topology_region = conventions[i].topology };
        struct aws_config c;
        struct err e;
        const struct aws_env env = { listed_env, (void *)(uintptr_t)environment };
        assert_int_equal(aws_config_read(&c, &options, &env, &e), 0);
        assert_string_equal(c.region, conventions[i].region);
        assert_string_equal(c.endpoint[AWS_EC2], conventions[i].ec2);
        assert_string_equal(c.endpoint[AWS_ELB], conventions[i].elb);
        aws_config_fini(&c);
    }
}

static void an_endpoint_of_another_form_is_refused_without_its_password(void **state)
{
    static const char *const urls[] = { "me:hush@host",
                                        "http://me:hush@host/",
                                        "https://host/?key=hush",
                                        "https://me:hu/hush@host",
                                        "ftp://host",
                                        "https://" };
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char variable[80];
        const char *environment[] = { "AWS_ACCESS_KEY_ID=K", "AWS_SECRET_ACCESS_KEY=s", variable, NULL };
        const struct aws_env env = { listed_env, environment };
        struct aws_config c;
        struct err e;
        snprintf(variable, sizeof variable, "AWS_ENDPOINT_URL=%s", urls[i]);
        assert_int_equal(aws_config_read(&c, &(struct aws_config_options){ 0 }, &env, &e), -1);
        assert_non_null(strstr(e.text, "for EC2 is not of the form http(s)://host[:port]"));
        assert_null(strstr(e.text, "hush"));
        aws_config_fini(&c);
    }
}

static void region_names_have_a_form(void **state)
{
    static const char *const good[] = { "us-east-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1" };
    static const char *const bad[] = { "",          "us-east",    "us-east1",   "US-EAST-1", "us-east-1a",
                                       "us:east-1", "-us-east-1", "us--east-1", "us-east-0" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(aws_config_is_region(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(aws_config_is_region(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(region_and_endpoints_follow_the_conventions),
        cmocka_unit_test(an_endpoint_of_another_form_is_refused_without_its_password),
        cmocka_unit_test(region_names_have_a_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
