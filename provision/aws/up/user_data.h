/* The user data of an instance: cloud-config that installs and starts the app, rendered from
 * app/user-data.yaml and app/app.py. */
#ifndef PROVISION_AWS_USER_DATA_H
#define PROVISION_AWS_USER_DATA_H

#include <stddef.h>

struct err;

/* Replaces in `template` each `@PATH@` by `path`, and the line that holds `@APP@` by the lines of `app`, each
 * indented as that line is. Returns owned text in `*text`. */
int user_data_fill(const char *template, const char *app, const char *path, char **text, struct err *e);

/* Renders the shipped files for a cluster's path; returns owned Base64 in `*encoded`. What is larger than EC2
 * takes is an error. */
int user_data_render(const char *path, char **encoded, struct err *e);

#endif
