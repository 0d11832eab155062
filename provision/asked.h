/* What `up` is asked for: the topology's values and the options that decide what is made, as names and texts.
 * They are recorded with the deployment, so that a later `up` that asks for something else is refused instead
 * of being ignored. */
#ifndef PROVISION_ASKED_H
#define PROVISION_ASKED_H

struct command;
struct deployment;
struct deployment_resource;
struct err;
struct options_result;
struct settings;
struct topology;

/* An option of `command` is named "--ami" in the set; those of another provider than `provider`, and those
 * that were left out and have no default, are not in it. */
int asked_read(struct deployment_resource *asked, const struct topology *t, const struct command *command,
               const struct settings *settings, const struct options_result *options, const char *provider,
               struct err *e);

/* -1 when the deployment was made from another topology, or an option is given with another value than it was
 * made with; `e` names each difference. An option that is left out stands for what is recorded.
 * `down` is the command that takes it down. */
int asked_compare(const struct deployment_resource *asked, const struct deployment *d, const char *path,
                  const char *down, const struct command *command, const struct options_result *options,
                  struct err *e);

#endif
