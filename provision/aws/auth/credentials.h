/* An access key, its secret and, for temporary credentials, a session token. All three come from one place,
 * in the order of the AWS tools: a profile named with --profile, the environment, the profile in the
 * credentials file, the profile in the config file. None of it is ever printed, and all of it is wiped. */
#ifndef PROVISION_AWS_CREDENTIALS_H
#define PROVISION_AWS_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

struct aws_env;
struct err;
struct profile_set;

struct credentials {
    char *key_id; /* owned secrets, wiped by credentials_fini */
    char *secret;
    char *token;      /* NULL for credentials that do not expire */
    char source[512]; /* for people: "the environment", "profile default in /home/me/.aws/credentials" */
};

/* Chooses and checks. `profiles` holds the profile's settings from the files; `profile_is_explicit`:
 * --profile named it. */
int credentials_choose(struct credentials *c, const struct profile_set *profiles, bool profile_is_explicit,
                       const struct aws_env *env, struct err *e);
void credentials_fini(struct credentials *c);

/* Overwrites each occurrence of the secret and the token in `text` with asterisks. Call on text from outside
 * before anything is cut from it. */
void credentials_redact(const struct credentials *c, char *text, size_t length_bytes);

#endif
