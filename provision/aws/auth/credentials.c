#include "credentials.h"

#include "aws_env.h"
#include "err.h"
#include "profile_set.h"
#include "secret.h"

#include <stdio.h>
#include <string.h>

enum { PART_BYTES_MOST = 16 * 1024 };

struct parts {
    const char *key_id;
    const char *secret;
    const char *token;
};

static const char *non_empty(const char *text)
{
    return text && *text ? text : NULL;
}

/* A part goes into HTTP headers and libcurl's user name: printable, without blanks. A quote at either end is
 * a paste error that AWS would report as a wrong signature. */
static int check_part(const char *what, const char *text, const char *source, struct err *e)
{
    const size_t length = strlen(text);
    if (length > PART_BYTES_MOST)
        return err_set(e, ERR_INPUT, "%s of %s is longer than %d characters", what, source, PART_BYTES_MOST);
    if (strchr("\"'", text[0]) || strchr("\"'", text[length - 1]))
        return err_set(e, ERR_INPUT, "%s of %s stands in quotes: remove them", what, source);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 127)
            return err_set(
                e, ERR_INPUT,
                "%s of %s holds a blank or another character that cannot be part of it (position %zu)", what,
                source, i + 1);
    return 0;
}

static int take(struct credentials *c, const struct parts *p, struct err *e)
{
    if (!p->key_id || !p->secret)
        return err_set(e, ERR_INPUT, "%s has %s without %s: give both, and the session token if there is one",
                       c->source,
                       p->key_id   ? "an access key id"
                       : p->secret ? "a secret access key"
                                   : "a session token",
                       p->key_id   ? "its secret access key"
                       : p->secret ? "its access key id"
                                   : "the key and secret it belongs to");
    if (check_part("the access key id", p->key_id, c->source, e) < 0 ||
        check_part("the secret access key", p->secret, c->source, e) < 0 ||
        (p->token && check_part("the session token", p->token, c->source, e) < 0))
        return -1;
    c->key_id = secret_copy(p->key_id, strlen(p->key_id));
    c->secret = secret_copy(p->secret, strlen(p->secret));
    c->token = p->token ? secret_copy(p->token, strlen(p->token)) : NULL;
    if (c->key_id && c->secret && (c->token || !p->token))
        return 0;
    return err_set(e, ERR_FAILED, "out of memory");
}

static struct parts from_environment(const struct aws_env *env)
{
    struct parts p = { aws_env_get(env, "AWS_ACCESS_KEY_ID"), aws_env_get(env, "AWS_SECRET_ACCESS_KEY"),
                       aws_env_get(env, "AWS_SESSION_TOKEN") };
    if (!p.token)
        p.token = aws_env_get(env, "AWS_SECURITY_TOKEN");
    return p;
}

static struct parts from_profile(const struct profile_set *set, enum profile_origin origin)
{
    char *const *value = set->value[origin];
    return (struct parts){ non_empty(value[PROFILE_KEY_ID]), non_empty(value[PROFILE_SECRET]),
                           non_empty(value[PROFILE_TOKEN]) };
}

static bool any(const struct parts *p)
{
    return p->key_id || p->secret || p->token;
}

static int nothing_found(const struct profile_set *set, bool profile_is_explicit, struct err *e)
{
    for (int origin = 0; origin < PROFILE_N_ORIGINS; origin++)
        if (set->value[origin][PROFILE_UNSUPPORTED])
            return err_set(e, ERR_INPUT,
                           "profile %s in %s gets its credentials by %s, which is not built in; run `aws "
                           "configure export-credentials --profile %s --format env` and set what it prints",
                           set->name, set->path[origin], set->value[origin][PROFILE_UNSUPPORTED], set->name);
    if (profile_is_explicit || strcmp(set->name, "default") != 0)
        return err_set(
            e, ERR_INPUT,
            "there are no credentials for profile %s: neither %s nor %s has a section with its keys",
            set->name, *set->path[0] ? set->path[0] : "~/.aws/credentials (missing)",
            *set->path[1] ? set->path[1] : "~/.aws/config (missing)");
    return err_set(
        e, ERR_INPUT,
        "there are no AWS credentials: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, "
        "or paste them under [default] in ~/.aws/credentials (in a lab: AWS Details, Show)");
}

int credentials_choose(struct credentials *c, const struct profile_set *profiles, bool profile_is_explicit,
                       const struct aws_env *env, struct err *e)
{
    const struct parts environment = from_environment(env);
    *c = (struct credentials){ 0 };
    if (!profile_is_explicit && any(&environment)) {
        snprintf(c->source, sizeof c->source, "the environment");
        return take(c, &environment, e);
    }
    for (int origin = 0; origin < PROFILE_N_ORIGINS; origin++) {
        const struct parts p = from_profile(profiles, (enum profile_origin)origin);
        if (!any(&p))
            continue;
        snprintf(c->source, sizeof c->source, "profile %s in %.340s", profiles->name, profiles->path[origin]);
        return take(c, &p, e);
    }
    return nothing_found(profiles, profile_is_explicit, e);
}

void credentials_fini(struct credentials *c)
{
    secret_free(c->key_id);
    secret_free(c->secret);
    secret_free(c->token);
    *c = (struct credentials){ 0 };
}

static void redact_part(const char *part, char *text, size_t length_bytes)
{
    const size_t length = part ? strlen(part) : 0;
    const char *end = text + length_bytes;
    if (length < 4)
        return;
    for (char *at = text; (at = memmem(at, (size_t)(end - at), part, length)); at += length)
        memset(at, '*', length);
}

void credentials_redact(const struct credentials *c, char *text, size_t length_bytes)
{
    redact_part(c->secret, text, length_bytes);
    redact_part(c->token, text, length_bytes);
}
