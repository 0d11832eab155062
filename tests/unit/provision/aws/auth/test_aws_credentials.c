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

/* Chooses from the texts of a credentials file and a config file; 1: found. */
static int choose(struct credentials *c, const char *name, bool explicit, const char *credentials,
                  const char *config, const char *const *environment, struct err *e)
{
    struct profile_set set = { 0 };
    snprintf(set.name, sizeof set.name, "%s", name);
    snprintf(set.path[PROFILE_FROM_CREDENTIALS], PROFILE_PATH_BYTES, "credentials");
    snprintf(set.path[PROFILE_FROM_CONFIG], PROFILE_PATH_BYTES, "config");
    *c = (struct credentials){ 0 };
    set.found[PROFILE_FROM_CREDENTIALS] = true; /* a missing section has a test of its own */
    int status = profile_set_read_text(&set, PROFILE_FROM_CREDENTIALS, credentials, strlen(credentials), e);
    if (status == 0)
        status = profile_set_read_text(&set, PROFILE_FROM_CONFIG, config, strlen(config), e);
    if (status == 0)
        status = credentials_choose(c, &set, explicit,
                                    &(struct aws_env){ listed_env, (void *)(uintptr_t)environment }, e);
    profile_set_fini(&set);
    return status;
}

#define PAIR(id, secret) "aws_access_key_id=" id "\naws_secret_access_key=" secret "\n"

struct good {
    const char *profile;
    bool explicit;
    const char *credentials, *config;
    const char *environment[5];
    const char *id, *secret, *token;
};

static const struct good sources[] = {
    { "default",
      false,
      "[default]\n" PAIR("F", "f"),
      "",
      { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e" },
      "E",
      "e",
      NULL },
    { "lab",
      true,
      "[lab]\n" PAIR("F", "f"),
      "",
      { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e" },
      "F",
      "f",
      NULL },
    { "lab",
      false,
      "[lab]\n" PAIR("F", "f"),
      "",
      { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e" },
      "E",
      "e",
      NULL },
    { "default",
      false,
      "[default]\n" PAIR("F", "f"),
      "[default]\n" PAIR("C", "c"),
      { NULL },
      "F",
      "f",
      NULL },
    { "default", false, "", "[default]\n" PAIR("C", "c"), { NULL }, "C", "c", NULL },
    { "lab",
      false,
      "[default]\n" PAIR("F", "f"),
      "[profile lab]\n" PAIR("C", "c"),
      { NULL },
      "C",
      "c",
      NULL },
    { "lab",
      false,
      "[default]\n" PAIR("F", "f"),
      "[profile \"lab\"]\n" PAIR("C", "c"),
      { NULL },
      "C",
      "c",
      NULL },
    { "default",
      false,
      "",
      "",
      { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e", "AWS_SECURITY_TOKEN=t" },
      "E",
      "e",
      "t" },
    { "default",
      false,
      "",
      "",
      { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e", "AWS_SESSION_TOKEN=s", "AWS_SECURITY_TOKEN=t" },
      "E",
      "e",
      "s" },
    /* never a key from one place and a token from another */
    { "default",
      false,
      "[default]\naws_session_token=F\n",
      "",
      { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e" },
      "E",
      "e",
      NULL },
};

static void sources_are_tried_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const struct good *g = &sources[i];
        struct credentials c;
        struct err e;
        assert_int_equal(choose(&c, g->profile, g->explicit, g->credentials, g->config, g->environment, &e),
                         1);
        assert_string_equal(c.key_id, g->id);
        assert_string_equal(c.secret, g->secret);
        if (g->token)
            assert_string_equal(c.token, g->token);
        else
            assert_null(c.token);
        credentials_fini(&c);
    }
}

static void files_are_read_as_the_aws_tools_read_them(void **state)
{
    static const char *const texts[] = {
        "[default]\r\naws_access_key_id = K\r\naws_secret_access_key = a/b+c=d==\r\naws_session_token = "
        "t=/+=\r\n",
        "\xEF\xBB\xBF[default]\nAWS_ACCESS_KEY_ID=K\n  nested = "
        "x\naws_secret_access_key\t=\ta/b+c=d==\naws_session_token=t=/+=",
        "# a comment\n; another\n\n[other]\naws_access_key_id=no\n[ default "
        "]\naws_access_key_id=K\naws_secret_access_key=a/b+c=d==\n"
        "aws_session_token=t=/+=\n\n",
        "  [default]\n  aws_access_key_id = K\n  aws_secret_access_key = a/b+c=d==\n  aws_session_token = "
        "t=/+=\n"
        "  [other]\n  aws_access_key_id = no\n",
        " [default]\naws_access_key_id = K\naws_secret_access_key = a/b+c=d==\naws_session_token = t=/+=\n"
        "credential_source = a\n  [no section]\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct credentials c;
        struct err e;
        assert_int_equal(choose(&c, "default", false, texts[i], "", NULL, &e), 1);
        assert_string_equal(c.key_id, "K");
        assert_string_equal(c.secret, "a/b+c=d==");
        assert_string_equal(c.token, "t=/+=");
        credentials_fini(&c);
    }
}

static void long_tokens_stay_whole(void **state)
{
    enum { LENGTH = 3000 };
    char *text = malloc(LENGTH + 200);
    struct credentials c;
    struct err e;
    (void)state;
    assert_non_null(text);
    const int head =
        sprintf(text, "[default]\n" PAIR("K", "s") "aws_session_token="); /* NOLINT: the test's own literal */
    memset(text + head, 'x', LENGTH);
    text[head + LENGTH] = '\0';
    assert_int_equal(choose(&c, "default", false, text, "", NULL, &e), 1);
    assert_int_equal(strlen(c.token), LENGTH);
    credentials_fini(&c);
    free(text);
}

static const struct {
    const char *credentials;
    const char *environment[3];
    const char *words;
} mistakes[] = {
    { "", { "AWS_ACCESS_KEY_ID=E" }, "the environment has an access key id without its secret access key" },
    { "", { "AWS_SECRET_ACCESS_KEY=hush" }, "a secret access key without its access key id" },
    { "", { "AWS_SESSION_TOKEN=hush" }, "a session token without" },
    { "[default]\naws_access_key_id=K\n",
      { NULL },
      "profile default in credentials has an access key id without" },
    { "[default]\naws_access_key_id=K\naws_secret_access_key=\"hush\"\n", { NULL }, "stands in quotes" },
    { "[default]\naws_access_key_id=K\naws_secret_access_key=hush # mine\n", { NULL }, "holds a blank" },
    { "[default]\n" PAIR("K", "hush") "[default]\n",
      { NULL },
      "credentials:4: the section [default] stands in this file twice" },
    { "aws_secret_access_key=hush\n", { NULL }, "credentials:1: a setting before the first section" },
    { "[default]\nhush\n", { NULL }, "credentials:2: expected 'key = value'" },
    { "[default]\n" PAIR("K", "hush") "aws_access_key_id=L\n",
      { NULL },
      "credentials:4: 'aws_access_key_id' stands in its section twice; remove one" },
    { "[default]\n" PAIR("K", "hush") "OUTPUT=json\noutput=text\n",
      { NULL },
      "credentials:5: 'output' stands in its section twice; remove one" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\nhush/Abc==\n",
      { NULL },
      "credentials:5: expected 'key = value', all of it in one line" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\nhushAbc=\n",
      { NULL },
      "credentials:5: expected 'key = value', all of it in one line" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\n  hush/Abc==\n",
      { NULL },
      "credentials:5: the value of aws_session_token goes on here; write it in one line" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\n\thushAbc\n",
      { NULL },
      "credentials:5: the value of aws_session_token goes on here; write it in one line" },
    { "[default\n", { NULL }, "must end with ']'" },
    { "[default]\nrole_arn = arn\n", { NULL }, "gets its credentials by role_arn" },
    { "[default]\n" PAIR("ASIAK", "hush"),
      { NULL },
      "begins with ASIA: it is temporary, and its session token is missing" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\nhush==\n",
      { NULL },
      "credentials:5: expected 'key = value', all of it in one line" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\nhush1=\n",
      { NULL },
      "credentials:5: expected 'key = value', all of it in one line" },
    { "[default]\n" PAIR("K", "s") "aws_session_token=abc\nhush1=\nregion=us-east-1\n",
      { NULL },
      "credentials:5: expected 'key = value', all of it in one line" },
};

static void errors_never_quote_the_secret(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct credentials c;
        struct err e;
        assert_int_equal(
            choose(&c, "default", false, mistakes[i].credentials, "", mistakes[i].environment, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        if (!strstr(e.text, mistakes[i].words))
            fail_msg("'%s' does not say '%s'", e.text, mistakes[i].words);
        assert_null(strstr(e.text, "hush"));
        credentials_fini(&c);
    }
}

/* The AWS tools take a role before keys in any file, and a login or a process before keys in the config file.
 */
static void a_method_that_is_not_built_in_is_refused_where_the_aws_tools_prefer_it(void **state)
{
    static const struct {
        const char *credentials, *config;
        const char *id;     /* of the keys that are taken; NULL: refused */
        const char *method; /* that the refusal names */
    } cases[] = {
        { "[default]\n" PAIR("F", "f"), "[default]\nrole_arn=r\nsource_profile=p\n", NULL, "role_arn" },
        { "[default]\n" PAIR("F", "f") "role_arn=r\n", "", NULL, "role_arn" },
        { "[default]\n" PAIR("F", "f"), "[default]\nweb_identity_token_file=t\n", NULL, "web_identity" },
        { "[default]\n" PAIR("F", "f"), "[default]\nsso_session=s\nsso_account_id=1\n", NULL, "sso_account" },
        { "[default]\n" PAIR("F", "f"), "[default]\nsso_role_name=r\n", NULL, "sso_role_name" },
        { "[default]\n" PAIR("F", "f"), "[default]\nlogin_session=l\n", "F", NULL },
        { "[default]\n" PAIR("F", "f"), "[default]\ncredential_process=c\n", "F", NULL },
        { "", "[default]\n" PAIR("C", "c") "login_session=l\n", NULL, "login_session" },
        { "", "[default]\n" PAIR("C", "c") "credential_process=c\n", NULL, "credential_process" },
        { "", "[default]\n" PAIR("C", "c") "sso_session=s\n", "C", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct credentials c;
        struct err e;
        const int found = choose(&c, "default", false, cases[i].credentials, cases[i].config, NULL, &e);
        assert_int_equal(found, cases[i].id ? 1 : -1);
        if (cases[i].id)
            assert_string_equal(c.key_id, cases[i].id);
        else
            assert_non_null(strstr(e.text, cases[i].method));
        credentials_fini(&c);
    }
}

static void keys_of_the_environment_precede_every_method(void **state)
{
    static const char *const environment[] = { "AWS_ACCESS_KEY_ID=E", "AWS_SECRET_ACCESS_KEY=e",
                                               "AWS_WEB_IDENTITY_TOKEN_FILE=t", NULL };
    struct credentials c;
    struct err e;
    (void)state;
    assert_int_equal(choose(&c, "default", false, "", "[default]\nrole_arn=r\n", environment, &e), 1);
    credentials_fini(&c);
    assert_int_equal(choose(&c, "default", false, "", "", environment + 2, &e), -1);
    assert_non_null(strstr(e.text, "AWS_WEB_IDENTITY_TOKEN_FILE"));
    assert_int_equal(choose(&c, "default", false, "", "", NULL, &e), 0);
}

static void secrets_are_blanked_in_foreign_text(void **state)
{
    char secret[] = "topsecret-of-many-letters";
    char token[] = "tok/en";
    const struct credentials c = { .secret = secret, .token = token };
    char reply[] = "tok/en topsecret-of-many-letters\0tok/en";
    char whole[] = "x-amz-security-token:tok/en topsecret-of-many-letters.";
    char cut[] = "no match topsecret-of-m";
    char almost[] = "it is a stop";
    (void)state;
    credentials_redact_reply(&c, reply, sizeof reply - 1);
    assert_memory_equal(reply, "tok/en *************************\0tok/en", sizeof reply);
    credentials_redact(&c, whole);
    assert_string_equal(whole, "x-amz-security-token:****** *************************.");
    credentials_redact(&c, cut);
    assert_string_equal(cut, "no match **************");
    credentials_redact(&c, almost);
    assert_string_equal(almost, "it is a stop");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_are_tried_in_order),
        cmocka_unit_test(files_are_read_as_the_aws_tools_read_them),
        cmocka_unit_test(long_tokens_stay_whole),
        cmocka_unit_test(errors_never_quote_the_secret),
        cmocka_unit_test(a_method_that_is_not_built_in_is_refused_where_the_aws_tools_prefer_it),
        cmocka_unit_test(keys_of_the_environment_precede_every_method),
        cmocka_unit_test(secrets_are_blanked_in_foreign_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
