#include "profile_set.h"

#include "err.h"
#include "files.h"
#include "profile_file.h"
#include "secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES_MOST = 4 * 1024 * 1024 };

static const struct {
    const char *name;
    enum profile_key key;
} keys[] = {
    { "aws_access_key_id", PROFILE_KEY_ID },
    { "aws_secret_access_key", PROFILE_SECRET },
    { "aws_session_token", PROFILE_TOKEN },
    { "aws_security_token", PROFILE_TOKEN },
    { "region", PROFILE_REGION },
    { "endpoint_url", PROFILE_ENDPOINT },
    { "ca_bundle", PROFILE_CA_BUNDLE },
    { "use_dualstack_endpoint", PROFILE_DUALSTACK },
    { "use_fips_endpoint", PROFILE_FIPS },
    { "services", PROFILE_SERVICES },
    { "ec2_metadata_service_endpoint", PROFILE_METADATA_ENDPOINT },
    { "ec2_metadata_service_endpoint_mode", PROFILE_METADATA_MODE },
    { "metadata_service_timeout", PROFILE_METADATA_TIMEOUT },
    { "metadata_service_num_attempts", PROFILE_METADATA_ATTEMPTS },
    { "role_arn", PROFILE_BEFORE_KEYS },
    { "web_identity_token_file", PROFILE_BEFORE_KEYS },
    { "sso_account_id", PROFILE_BEFORE_KEYS },
    { "sso_role_name", PROFILE_BEFORE_KEYS },
    { "login_session", PROFILE_BEFORE_CONFIG },
    { "credential_process", PROFILE_BEFORE_CONFIG },
};

struct gathering {
    struct profile_set *set;
    enum profile_origin origin;
    const char *services; /* name of the [services] section to take, on the second pass */
};

/* In the config file every profile but the default one is called "profile NAME". */
static bool is_profile(const struct gathering *g, struct profile_span section)
{
    const char *name = g->set->name;
    if (g->origin == PROFILE_FROM_CREDENTIALS || strcmp(name, "default") == 0)
        if (profile_span_is(section, name))
            return true;
    if (g->origin == PROFILE_FROM_CREDENTIALS || section.length_bytes < 9 ||
        strncmp(section.text, "profile", 7) != 0)
        return false;
    struct profile_span rest = { section.text + 7, section.length_bytes - 7 };
    if (*rest.text != ' ' && *rest.text != '\t')
        return false;
    while (rest.length_bytes > 0 && (*rest.text == ' ' || *rest.text == '\t')) {
        rest.text++;
        rest.length_bytes--;
    }
    if (rest.length_bytes >= 2 && *rest.text == '"' && rest.text[rest.length_bytes - 1] == '"') {
        rest.text++;
        rest.length_bytes -= 2;
    }
    return profile_span_is(rest, name);
}

static int keep(struct gathering *g, enum profile_key key, struct profile_span value, struct err *e)
{
    char **slot = &g->set->value[g->origin][key];
    if (*slot)
        return 0;
    *slot = secret_copy(value.text, value.length_bytes);
    return *slot ? 0 : err_set(e, ERR_FAILED, "out of memory");
}

/* No value read here has more than one line: a token was wrapped when it was pasted. */
static int refuse_second_line(const struct gathering *g, const struct profile_entry *entry, struct err *e)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].key < PROFILE_BEFORE_KEYS && profile_span_is_key(entry->parent, keys[i].name))
            return err_set(e, ERR_INPUT, "%s:%u: the value of %s goes on here; write it in one line",
                           g->set->path[g->origin], entry->line, keys[i].name);
    return 0;
}

static int visit_profile(void *payload, const struct profile_entry *entry, struct err *e)
{
    struct gathering *g = payload;
    if (!is_profile(g, entry->section))
        return 0;
    g->set->found[g->origin] = true;
    if (entry->parent.length_bytes > 0)
        return entry->goes_on ? refuse_second_line(g, entry, e) : 0;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (profile_span_is_key(entry->key, keys[i].name))
            return keep(g, keys[i].key, keys[i].key < PROFILE_BEFORE_KEYS ? entry->value : entry->key, e);
    return 0;
}

static int visit_services(void *payload, const struct profile_entry *entry, struct err *e)
{
    struct gathering *g = payload;
    char section[160];
    snprintf(section, sizeof section, "services %s", g->services);
    if (!profile_span_is(entry->section, section) || entry->parent.length_bytes == 0 ||
        !profile_span_is_key(entry->key, "endpoint_url") || g->set->n_services == PROFILE_SERVICES_MOST)
        return 0;
    struct profile_service *s = &g->set->services[g->set->n_services];
    if (entry->parent.length_bytes >= sizeof s->id || entry->value.length_bytes >= sizeof s->endpoint)
        return err_set(e, ERR_INPUT, "%s:%u: too long", g->set->path[g->origin], entry->line);
    snprintf(s->id, sizeof s->id, "%.*s", (int)entry->parent.length_bytes, entry->parent.text);
    snprintf(s->endpoint, sizeof s->endpoint, "%.*s", (int)entry->value.length_bytes, entry->value.text);
    g->set->n_services++;
    return 0;
}

int profile_set_read_text(struct profile_set *set, enum profile_origin origin, const char *text,
                          size_t length_bytes, struct err *e)
{
    struct gathering g = { .set = set, .origin = origin };
    if (profile_file_read(text, length_bytes, set->path[origin], visit_profile, &g, e) < 0)
        return -1;
    g.services = set->value[origin][PROFILE_SERVICES];
    if (!g.services || origin != PROFILE_FROM_CONFIG)
        return 0;
    return profile_file_read(text, length_bytes, set->path[origin], visit_services, &g, e);
}

static int read_one(struct profile_set *set, enum profile_origin origin, const char *path, struct err *e)
{
    struct stat about;
    char *text;
    size_t length;
    if (!*path || (stat(path, &about) < 0 && errno == ENOENT))
        return 0;
    snprintf(set->path[origin], PROFILE_PATH_BYTES, "%s", path);
    if (files_read(path, FILE_BYTES_MOST, &text, &length, e) < 0)
        return -1;
    if (origin == PROFILE_FROM_CREDENTIALS)
        set->readable_by_others = (about.st_mode & (S_IRGRP | S_IROTH)) != 0;
    const int status = profile_set_read_text(set, origin, text, length, e);
    secret_wipe(text, length);
    free(text);
    return status;
}

int profile_set_read(struct profile_set *set, const char *name, const char *credentials_path,
                     const char *config_path, struct err *e)
{
    if ((size_t)snprintf(set->name, sizeof set->name, "%s", name) >= sizeof set->name)
        return err_set(e, ERR_INPUT, "the profile's name is longer than %zu characters",
                       sizeof set->name - 1);
    if (read_one(set, PROFILE_FROM_CREDENTIALS, credentials_path, e) < 0)
        return -1;
    return read_one(set, PROFILE_FROM_CONFIG, config_path, e);
}

void profile_set_fini(struct profile_set *set)
{
    for (size_t origin = 0; origin < PROFILE_N_ORIGINS; origin++)
        for (size_t key = 0; key < PROFILE_N_KEYS; key++) {
            secret_free(set->value[origin][key]);
            set->value[origin][key] = NULL;
        }
}

const char *profile_set_get(const struct profile_set *set, enum profile_key key)
{
    for (size_t origin = 0; origin < PROFILE_N_ORIGINS; origin++)
        if (set->value[origin][key] && *set->value[origin][key])
            return set->value[origin][key];
    return NULL;
}
