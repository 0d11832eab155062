/* The user data of an instance: cloud-config that installs and starts the app, rendered from
 * app/user-data.yaml and app/app.py. */
#ifndef PROVISION_AWS_USER_DATA_H
#define PROVISION_AWS_USER_DATA_H

struct err;

/* Replaces in `template` each `@PATH@` by `path`, and the line of `@APP@` by the lines of `app`, indented as
 * that line is. `*text` is owned by the caller. */
int user_data_fill(const char *template, const char *app, const char *path, char **text, struct err *e);

/* Renders the shipped files for a cluster's path as Base64; `*encoded` is owned by the caller. Fails above
 * EC2's size limit. */
int user_data_render(const char *path, char **encoded, struct err *e);

#endif
