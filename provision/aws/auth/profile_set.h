/* The settings of one profile, gathered from the credentials file and the config file. */
#ifndef PROVISION_AWS_PROFILE_SET_H
#define PROVISION_AWS_PROFILE_SET_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum profile_origin { PROFILE_FROM_CREDENTIALS, PROFILE_FROM_CONFIG, PROFILE_N_ORIGINS };

enum profile_key {
    PROFILE_KEY_ID,
    PROFILE_SECRET,
    PROFILE_TOKEN,
    PROFILE_REGION,
    PROFILE_ENDPOINT,
    PROFILE_CA_BUNDLE,
    PROFILE_DUALSTACK,
    PROFILE_FIPS,
    PROFILE_SERVICES, /* the name of a [services ...] section */
    PROFILE_METADATA_ENDPOINT,
    PROFILE_METADATA_MODE,
    PROFILE_METADATA_TIMEOUT,
    PROFILE_METADATA_ATTEMPTS,
    /* The key of a setting that gets credentials in a way that is not built in, and that the AWS tools prefer
     * to keys in any file, or to keys in the config file. */
    PROFILE_BEFORE_KEYS,
    PROFILE_BEFORE_CONFIG,
    PROFILE_N_KEYS,
};

enum { PROFILE_SERVICES_MOST = 8, PROFILE_PATH_BYTES = 4096 };

struct profile_service {
    char id[48]; /* "ec2", "elastic_load_balancing_v2" */
    char endpoint[512];
};

struct profile_set {
    char name[128];
    char path[PROFILE_N_ORIGINS][PROFILE_PATH_BYTES]; /* "": no such file */
    bool found[PROFILE_N_ORIGINS];                    /* the file has the profile's section */
    bool readable_by_others;                          /* the credentials file's mode */
    char *value[PROFILE_N_ORIGINS][PROFILE_N_KEYS];   /* owned secrets; NULL when absent */
    struct profile_service services[PROFILE_SERVICES_MOST];
    size_t n_services;
};

/* Reads both files for profile `name` into a zeroed set. A path of "" or a missing file gives nothing; an
 * unreadable one is an error. Call profile_set_fini in every case. */
int profile_set_read(struct profile_set *set, const char *name, const char *credentials_path,
                     const char *config_path, struct err *e);
/* The same from text, for one file. */
int profile_set_read_text(struct profile_set *set, enum profile_origin origin, const char *text,
                          size_t length_bytes, struct err *e);
void profile_set_fini(struct profile_set *set);

/* The value of a setting: that of the credentials file, which the AWS tools prefer, or of the config file;
 * NULL when it is absent or empty. */
const char *profile_set_get(const struct profile_set *set, enum profile_key key);

#endif
