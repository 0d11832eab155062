/* The user data of an instance: cloud-config that installs and starts the app, rendered from
 * app/user-data.yaml and app/app.py. */
#ifndef PROVISION_AWS_USER_DATA_H
#define PROVISION_AWS_USER_DATA_H

#include <stdint.h>

struct err;

/* Replaces in `template` each `@PATH@` by `path`, the line of `@APP@` by the lines of `app`, indented as that
 * line is, and `@EXPIRY@` by the time at which the instance ends itself; 0 leaves its line out. `*text` is
 * owned by the caller. */
int user_data_fill(const char *template, const char *app, const char *path, uint64_t expires_unix_s,
                   char **text, struct err *e);

/* Renders the shipped files for a cluster's path as Base64; `*encoded` is owned by the caller. Fails above
 * EC2's size limit. */
int user_data_render(const char *path, uint64_t expires_unix_s, char **encoded, struct err *e);
/* The same for the generator, without the app. */
int user_data_render_generator(uint64_t expires_unix_s, char **encoded, struct err *e);

#endif
