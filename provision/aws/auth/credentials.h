/* An access key, its secret and, for temporary credentials, a session token. All three come from one place,
 * in the order of the AWS tools: a profile named with --profile, the environment, the profile in the
 * credentials file, the profile in the config file, and then a role (role.h). None of it is ever printed, and
 * all of it is wiped. */
#ifndef PROVISION_AWS_CREDENTIALS_H
#define PROVISION_AWS_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aws_env;
struct err;
struct profile_set;

struct credentials {
    char *key_id; /* owned secrets, wiped by credentials_fini */
    char *secret;
    char *token;       /* NULL for credentials that do not expire */
    char source[512];  /* for people: "the environment", "profile default in /home/me/.aws/credentials" */
    int64_t expires_s; /* since the epoch; 0: never, or not known */
};

/* The same, borrowed and not yet checked; NULL where there is none. */
struct credentials_parts {
    const char *key_id;
    const char *secret;
    const char *token;
};

/* Chooses and checks. `profiles` holds the profile's settings from the files; `profile_is_explicit`:
 * --profile named it. Returns 1, 0 where the environment and the profile have none, or -1. */
int credentials_choose(struct credentials *c, const struct profile_set *profiles, bool profile_is_explicit,
                       const struct aws_env *env, struct err *e);
void credentials_fini(struct credentials *c);

/* Checks and copies the parts into `c`, whose source is set. */
int credentials_take(struct credentials *c, const struct credentials_parts *parts, struct err *e);
/* Explains where the profile's credentials are missing, and why a role does not help (`role`). Returns -1. */
int credentials_missing(const char *profile, const char *role, struct err *e);

/* Overwrites the secret and the token in a reply of any kind with asterisks, unless they are so short that
 * they may be part of it by accident. */
void credentials_redact_reply(const struct credentials *c, char *text, size_t length_bytes);
/* The same in a sentence, however short they are, and also when it was cut in the middle of one. */
void credentials_redact(const struct credentials *c, char *text);

#endif
