#include "aws_config.h"

#include "aws_env.h"
#include "err.h"
#include "profile_set.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* An instance has new credentials at least five minutes before the old ones expire; those of a CloudShell
 * last for five to fifteen minutes. The AWS tools begin to ask fifteen minutes before. */
enum { RENEW_BEFORE_S = 15 * 60, RENEW_PAUSE_S = 60 };

bool aws_config_is_region(const char *text)
{
    const size_t length = strlen(text);
    unsigned hyphens = 0;
    if (length < 9 || length >= AWS_REGION_BYTES || text[length - 1] < '1' || text[length - 1] > '9')
        return false;
    for (size_t i = 0; i < length - 1; i++) {
        if (text[i] == '-')
            hyphens++;
        else if (text[i] < 'a' || text[i] > 'z')
            return false;
        if (text[i] == '-' && (i < 2 || text[i - 1] == '-'))
            return false;
    }
    return hyphens >= 2 && text[length - 2] == '-';
}

struct region_source {
    const char *value; /* NULL or empty: it names none */
    const char *source;
};

static const struct region_source *first_region(const struct region_source *sources)
{
    while (!sources->value || !*sources->value)
        sources++;
    return sources;
}

/* The topology comes before the environment: its zones, image and certificate are of its region. */
static int choose_region(struct aws_config *c, const struct aws_config_options *options,
                         const struct profile_set *set, const struct aws_env *env, struct err *e)
{
    const struct region_source sources[] = {
        { options->recorded_region, "the deployment file" },
        { options->region, "--region" },
        { options->topology_region, "the topology" },
        { aws_env_get(env, "AWS_REGION"), "AWS_REGION" },
        { aws_env_get(env, "AWS_DEFAULT_REGION"), "AWS_DEFAULT_REGION" },
        { profile_set_get(set, PROFILE_REGION), "the profile" },
        { "us-east-1", "the default" },
    };
    const struct region_source *chosen = first_region(sources);
    if (!aws_config_is_region(chosen->value))
        return err_set(e, ERR_INPUT, "'%.40s' (from %s) is not the name of a region, such as us-east-1",
                       chosen->value, chosen->source);
    snprintf(c->region, sizeof c->region, "%s", chosen->value);
    snprintf(c->region_source, sizeof c->region_source, "%s", chosen->source);
    const struct region_source *usual = first_region(&sources[3]);
    if (chosen == &sources[2] && usual != &sources[6] && strcmp(usual->value, c->region) != 0)
        snprintf(c->region_notice, sizeof c->region_notice,
                 "%s names %.40s, and the topology is for %s: `--region` brings it up elsewhere",
                 usual->source, usual->value, c->region);
    return 0;
}

/* As botocore does: the variable, the profile, and the variable of Python's requests. */
static int choose_ca_bundle(struct aws_config *c, const struct profile_set *set, const struct aws_env *env,
                            struct err *e)
{
    const struct {
        const char *value;
        const char *source;
    } candidates[] = {
        { aws_env_get(env, "AWS_CA_BUNDLE"), "AWS_CA_BUNDLE" },
        { profile_set_get(set, PROFILE_CA_BUNDLE), "the profile's ca_bundle" },
        { aws_env_get(env, "REQUESTS_CA_BUNDLE"), "REQUESTS_CA_BUNDLE" },
    };
    size_t i = 0;
    while (i < sizeof candidates / sizeof *candidates && !candidates[i].value)
        i++;
    if (i == sizeof candidates / sizeof *candidates)
        return 0;
    if ((size_t)snprintf(c->ca_bundle, sizeof c->ca_bundle, "%s", candidates[i].value) >= sizeof c->ca_bundle)
        return err_set(e, ERR_INPUT, "the path of %s is too long", candidates[i].source);
    if (access(c->ca_bundle, R_OK) < 0)
        return err_errno(e, ERR_INPUT, "cannot read %s, named by %s", c->ca_bundle, candidates[i].source);
    return 0;
}

static int read_profiles(struct profile_set *set, const char *name, const struct aws_env *env, struct err *e)
{
    char credentials[PROFILE_PATH_BYTES] = "";
    char config[PROFILE_PATH_BYTES] = "";
    const char *home = aws_env_get(env, "HOME");
    const char *credentials_given = aws_env_get(env, "AWS_SHARED_CREDENTIALS_FILE");
    const char *config_given = aws_env_get(env, "AWS_CONFIG_FILE");
    if (home) {
        snprintf(credentials, sizeof credentials, "%s/.aws/credentials", home);
        snprintf(config, sizeof config, "%s/.aws/config", home);
    }
    return profile_set_read(set, name, credentials_given ? credentials_given : credentials,
                            config_given ? config_given : config, e);
}

/* What the environment and the profile give, or else a role. */
static int find_credentials(struct aws_config *c, const struct profile_set *set, bool profile_is_explicit,
                            const struct aws_env *env, struct err *e)
{
    const int found = credentials_choose(&c->credentials, set, profile_is_explicit, env, e);
    if (found != 0)
        return found < 0 ? -1 : 0;
    if (role_find(&c->role, set, env, e) < 0)
        return -1;
    if (c->role.kind == ROLE_NONE)
        return credentials_missing(set->name,
                                   "the metadata of EC2 are switched off by AWS_EC2_METADATA_DISABLED", e);
    if (role_fetch(&c->role, &c->credentials, e) == 0)
        return 0;
    if (c->role.kind == ROLE_OF_CONTAINER)
        return -1;
    char cause[400];
    snprintf(cause, sizeof cause, "%.399s", e->text);
    return credentials_missing(set->name, cause, e);
}

static int read_with_profiles(struct aws_config *c, const struct aws_config_options *options,
                              const struct profile_set *set, const struct aws_env *env, struct err *e)
{
    if (choose_region(c, options, set, env, e) < 0 || choose_ca_bundle(c, set, env, e) < 0 ||
        find_credentials(c, set, options->profile != NULL, env, e) < 0)
        return -1;
    for (size_t i = 0; i < AWS_N_SERVICES; i++)
        if (aws_endpoint_choose(c->endpoint[i], (enum aws_service)i, c->region, set, env, e) < 0)
            return -1;
    if (set->readable_by_others && strncmp(c->credentials.source, "profile", 7) == 0)
        snprintf(c->notice, sizeof c->notice,
                 "other users of this machine can read %.400s: run `chmod 600` on it",
                 set->path[PROFILE_FROM_CREDENTIALS]);
    return 0;
}

int aws_config_read(struct aws_config *c, const struct aws_config_options *options, const struct aws_env *env,
                    struct err *e)
{
    struct profile_set set = { 0 };
    const char *name = options->profile;

    *c = (struct aws_config){ 0 };
    name = name ? name : aws_env_get(env, "AWS_PROFILE");
    name = name ? name : aws_env_get(env, "AWS_DEFAULT_PROFILE");
    int status = read_profiles(&set, name ? name : "default", env, e);
    if (status == 0)
        status = read_with_profiles(c, options, &set, env, e);
    profile_set_fini(&set);
    return status;
}

void aws_config_fini(struct aws_config *c)
{
    credentials_fini(&c->credentials);
    role_fini(&c->role);
}

int aws_config_renew(struct aws_config *c, int64_t now_s, struct err *e)
{
    struct credentials fresh = { 0 };
    struct err cause;
    const int64_t expires_s = c->credentials.expires_s;
    const bool is_late = now_s >= expires_s - RENEW_PAUSE_S;
    if (c->role.kind == ROLE_NONE || expires_s == 0 || now_s < expires_s - RENEW_BEFORE_S ||
        (now_s < c->role_asked_s + RENEW_PAUSE_S && !is_late))
        return 0;
    c->role_asked_s = now_s;
    if (role_fetch(&c->role, &fresh, &cause) == 0) {
        credentials_fini(&c->credentials);
        c->credentials = fresh;
        return 0;
    }
    credentials_fini(&fresh);
    if (now_s < expires_s)
        return 0;
    return err_set(e, ERR_FAILED, "the credentials have expired, and new ones cannot be had: %.400s",
                   cause.text);
}
