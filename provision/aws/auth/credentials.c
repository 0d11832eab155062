#include "credentials.h"

#include "aws_env.h"
#include "err.h"
#include "profile_set.h"
#include "secret.h"

#include <stdio.h>
#include <string.h>

enum { PART_BYTES_MOST = 16 * 1024 };

/* Shorter parts stand in replies by accident: those of imitations of AWS, "test". */
enum { REDACTED_LEAST = 4, RANDOM_LEAST = 16 };

#define TEMPORARY_PREFIX "ASIA"

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

int credentials_take(struct credentials *c, const struct credentials_parts *p, struct err *e)
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
    if (strncmp(p->key_id, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0 && !p->token)
        return err_set(e, ERR_INPUT,
                       "%s has an access key id that begins with " TEMPORARY_PREFIX
                       ": it is temporary, and its session token is missing",
                       c->source);
    c->key_id = secret_copy(p->key_id, strlen(p->key_id));
    c->secret = secret_copy(p->secret, strlen(p->secret));
    c->token = p->token ? secret_copy(p->token, strlen(p->token)) : NULL;
    if (c->key_id && c->secret && (c->token || !p->token))
        return 0;
    return err_set(e, ERR_FAILED, "out of memory");
}

static struct credentials_parts from_environment(const struct aws_env *env)
{
    struct credentials_parts p = { aws_env_get(env, "AWS_ACCESS_KEY_ID"),
                                   aws_env_get(env, "AWS_SECRET_ACCESS_KEY"),
                                   aws_env_get(env, "AWS_SESSION_TOKEN") };
    if (!p.token)
        p.token = aws_env_get(env, "AWS_SECURITY_TOKEN");
    return p;
}

static struct credentials_parts from_profile(const struct profile_set *set, enum profile_origin origin)
{
    char *const *value = set->value[origin];
    return (struct credentials_parts){ non_empty(value[PROFILE_KEY_ID]), non_empty(value[PROFILE_SECRET]),
                                       non_empty(value[PROFILE_TOKEN]) };
}

static bool any(const struct credentials_parts *p)
{
    return p->key_id || p->secret || p->token;
}

/* A way to get credentials that the AWS tools would take here. */
static int refuse_method(const struct profile_set *set, enum profile_key key, struct err *e)
{
    for (int origin = 0; origin < PROFILE_N_ORIGINS; origin++)
        if (set->value[origin][key])
            return err_set(e, ERR_INPUT,
                           "profile %s in %s gets its credentials by %s, which is not built in; run `aws "
                           "configure export-credentials --profile %s --format env` and set what it prints",
                           set->name, set->path[origin], set->value[origin][key], set->name);
    return 0;
}

/* 1 taken, 0 the file has none, -1. */
static int take_from_profile(struct credentials *c, const struct profile_set *set, enum profile_origin origin,
                             struct err *e)
{
    const struct credentials_parts p = from_profile(set, origin);
    if (!any(&p))
        return 0;
    snprintf(c->source, sizeof c->source, "profile %s in %.340s", set->name, set->path[origin]);
    return credentials_take(c, &p, e) < 0 ? -1 : 1;
}

static int choose_from_profile(struct credentials *c, const struct profile_set *set, struct err *e)
{
    if (refuse_method(set, PROFILE_BEFORE_KEYS, e) < 0)
        return -1;
    int found = take_from_profile(c, set, PROFILE_FROM_CREDENTIALS, e);
    if (found == 0)
        found = refuse_method(set, PROFILE_BEFORE_CONFIG, e);
    return found ? found : take_from_profile(c, set, PROFILE_FROM_CONFIG, e);
}

int credentials_choose(struct credentials *c, const struct profile_set *profiles, bool profile_is_explicit,
                       const struct aws_env *env, struct err *e)
{
    const struct credentials_parts environment = from_environment(env);
    *c = (struct credentials){ 0 };
    if (!profile_is_explicit && any(&environment)) {
        snprintf(c->source, sizeof c->source, "the environment");
        return credentials_take(c, &environment, e) < 0 ? -1 : 1;
    }
    if (strcmp(profiles->name, "default") != 0 && !profiles->found[0] && !profiles->found[1])
        return err_set(e, ERR_INPUT, "there is no profile %s: neither %s nor %s has a section of it",
                       profiles->name,
                       *profiles->path[0] ? profiles->path[0] : "~/.aws/credentials (missing)",
                       *profiles->path[1] ? profiles->path[1] : "~/.aws/config (missing)");
    if (!profile_is_explicit && aws_env_get(env, "AWS_WEB_IDENTITY_TOKEN_FILE"))
        return err_set(
            e, ERR_INPUT,
            "AWS_WEB_IDENTITY_TOKEN_FILE gets credentials by a web identity, which is not built in; "
            "run `aws configure export-credentials --format env` and set what it prints");
    return choose_from_profile(c, profiles, e);
}

int credentials_missing(const char *profile, const char *role, struct err *e)
{
    return err_set(
        e, ERR_INPUT,
        "there are no AWS credentials: set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, "
        "or paste them under [%s] in ~/.aws/credentials (in a lab: AWS Details, Show); %s",
        profile, role);
}

void credentials_fini(struct credentials *c)
{
    secret_free(c->key_id);
    secret_free(c->secret);
    secret_free(c->token);
    *c = (struct credentials){ 0 };
}

static void redact_part(const char *part, char *text, size_t length_bytes, size_t least_bytes)
{
    const size_t length = part ? strlen(part) : 0;
    const char *end = text + length_bytes;
    if (length < least_bytes)
        return;
    for (char *at = text; (at = memmem(at, (size_t)(end - at), part, length)); at += length)
        memset(at, '*', length);
}

/* The beginning of a part that was cut off at the end of the text. */
static void redact_end(const char *part, char *text, size_t length_bytes)
{
    size_t length = part ? strlen(part) : 0;
    length = length < length_bytes ? length : length_bytes;
    while (length >= REDACTED_LEAST && memcmp(text + length_bytes - length, part, length) != 0)
        length--;
    if (length >= REDACTED_LEAST)
        memset(text + length_bytes - length, '*', length);
}

void credentials_redact_reply(const struct credentials *c, char *text, size_t length_bytes)
{
    redact_part(c->secret, text, length_bytes, RANDOM_LEAST);
    redact_part(c->token, text, length_bytes, RANDOM_LEAST);
}

void credentials_redact(const struct credentials *c, char *text)
{
    const size_t length = strlen(text);
    redact_part(c->secret, text, length, REDACTED_LEAST);
    redact_part(c->token, text, length, REDACTED_LEAST);
    redact_end(c->secret, text, length);
    redact_end(c->token, text, length);
}
