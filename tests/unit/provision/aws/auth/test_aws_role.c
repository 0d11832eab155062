#include "aws_env.h"
#include "credentials.h"
#include "err.h"
#include "profile_set.h"
#include "role.h"
#include "role_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* An environment as a list of NAME=VALUE, ended by NULL. */
static const char *look_up(void *payload, const char *name)
{
    const size_t length = strlen(name);
    for (const char *const *at = payload; at && *at; at++)
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
            return *at + length + 1;
    return NULL;
}

static int find(struct role *r, const char *config, const char *const *environment, struct err *e)
{
    struct profile_set set = { .name = "default" };
    int status = profile_set_read_text(&set, PROFILE_FROM_CONFIG, config, strlen(config), e);
    if (status == 0)
        status = role_find(r, &set, &(struct aws_env){ look_up, (void *)(uintptr_t)environment }, e);
    profile_set_fini(&set);
    return status;
}

static void credentials_are_asked_for_near_this_machine_or_by_tls(void **state)
{
    static const char *const good[] = { "https://vault.example/creds",
                                        "http://localhost:1338/latest",
                                        "http://127.0.0.1:51679/role/x",
                                        "http://127.8.9.1/",
                                        "http://[::1]:80/x",
                                        "http://169.254.170.2/v2/credentials/id",
                                        "http://169.254.170.23/v1/credentials",
                                        "http://[fd00:ec2::23]/v1/credentials" };
    static const char *const bad[] = { "http://example.com/",
                                       "http://169.254.169.254/",
                                       "http://localhost.example/",
                                       "http://127.0.0.1.example/",
                                       "http://localhost@example.com/",
                                       "http://[fd00:ec2::24]/",
                                       "http://128.0.0.1/",
                                       "ftp://localhost/",
                                       "file:///etc/passwd",
                                       "localhost:80/x",
                                       "http://",
                                       "" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(role_may_ask(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(role_may_ask(bad[i]));
}

static void the_service_is_that_of_the_aws_tools(void **state)
{
    static const struct {
        const char *config;
        const char *environment[6];
        enum role_kind kind;
        const char *url;
        const char *name;
    } cases[] = {
        { "", { NULL }, ROLE_OF_INSTANCE, "http://169.254.169.254/", "the role of this instance" },
        { "", { "AWS_EC2_METADATA_DISABLED=True" }, ROLE_NONE, "", "" },
        { "",
          { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6" },
          ROLE_OF_INSTANCE,
          "http://[fd00:ec2::254]/",
          "the role of this instance" },
        { "[default]\nec2_metadata_service_endpoint=http://127.0.0.1:1\n",
          { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6" },
          ROLE_OF_INSTANCE,
          "http://127.0.0.1:1/",
          "the role of this instance" },
        { "",
          { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/id", "AWS_EC2_METADATA_DISABLED=true",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost/" },
          ROLE_OF_CONTAINER,
          "http://169.254.170.2/v2/id",
          "the role of this container" },
        { "",
          { "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1338/x", "AWS_EXECUTION_ENV=CloudShell" },
          ROLE_OF_CONTAINER,
          "http://localhost:1338/x",
          "this CloudShell" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct role r;
        struct err e;
        assert_int_equal(find(&r, cases[i].config, cases[i].environment, &e), 0);
        assert_int_equal(r.kind, cases[i].kind);
        assert_string_equal(r.url, cases[i].url);
        if (r.kind != ROLE_NONE)
            assert_string_equal(role_name(&r), cases[i].name);
        role_fini(&r);
    }
}

static void a_service_elsewhere_is_refused_without_its_url(void **state)
{
    static const char *const environments[][2] = {
        { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=hush", NULL },
        { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@example.com/hush", NULL },
        { "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com/hush", NULL },
        { "AWS_EC2_METADATA_SERVICE_ENDPOINT=me:hush@127.0.0.1", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
        struct role r;
        struct err e;
        assert_int_equal(find(&r, "", environments[i], &e), -1);
        assert_true(strstr(e.text, "AWS_CONTAINER_CREDENTIALS_") || strstr(e.text, "...@127.0.0.1"));
        assert_null(strstr(e.text, "hush"));
        role_fini(&r);
    }
}

static int read_reply(const char *text, struct credentials *c, struct err *e)
{
    *c = (struct credentials){ .source = "the role" };
    return role_reply_read(text, strlen(text), c, e);
}

static void a_reply_has_key_secret_token_and_expiry(void **state)
{
    static const char *const times[] = { "2026-11-29T12:00:00Z", "2026-11-29T12:00:00.123Z",
                                         "2026-11-29T12:00:00+00:00" };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char text[300];
        struct credentials c;
        struct err e;
        snprintf(text, sizeof text,
                 "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s/+\",\"Token\":\"t=="
                 "\",\"Expiration\":\"%s\"}",
                 times[i]);
        assert_int_equal(read_reply(text, &c, &e), 0);
        assert_string_equal(c.key_id, "ASIA1");
        assert_string_equal(c.secret, "s/+");
        assert_string_equal(c.token, "t==");
        assert_int_equal(c.expires_s, 1795953600);
        credentials_fini(&c);
    }
}

static void anything_else_is_refused_and_not_quoted(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        { "", "something else than credentials" },
        { "hush", "something else than credentials" },
        { "[]", "something else than credentials" },
        { "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot assume the role\"}",
          "the role has no credentials: AssumeRoleUnauthorizedAccess: EC2 cannot assume the role" },
        { "{\"message\":\"no such task\"}", "no such task" },
        { "{\"AccessKeyId\":\"K\",\"SecretAccessKey\":7,\"Token\":\"hush\"}", "something else" },
        { "{\"AccessKeyId\":\"K\",\"SecretAccessKey\":\"hush\",\"Token\":\"hush\",\"Expiration\":\"soon\"}",
          "something else" },
        { "{\"AccessKeyId\":\"K\",\"SecretAccessKey\":\"hu sh\",\"Token\":\"hush\"}", "holds a blank" },
        { "{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"hush\"}", "its session token is missing" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct credentials c;
        struct err e;
        assert_int_equal(read_reply(cases[i].text, &c, &e), -1);
        assert_non_null(strstr(e.text, cases[i].words));
        assert_null(strstr(e.text, "hush"));
        credentials_fini(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credentials_are_asked_for_near_this_machine_or_by_tls),
        cmocka_unit_test(the_service_is_that_of_the_aws_tools),
        cmocka_unit_test(a_service_elsewhere_is_refused_without_its_url),
        cmocka_unit_test(a_reply_has_key_secret_token_and_expiry),
        cmocka_unit_test(anything_else_is_refused_and_not_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
