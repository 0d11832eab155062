#include "asked.h"

#include "command_tables.h"
#include "deployment.h"
#include "err.h"
#include "options.h"
#include "settings.h"
#include "topology_values.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MOST = 12, VALUE_SHOWN = 80 };

/* Options that only choose how `up` works, and those that are compared elsewhere. */
static const char *const not_compared[] = { "provider", "deployment", "timeout", "dry-run",
                                            "progress", "any-number", "region",  "profile",
                                            "expire",   "package",    "ssh-key" };

struct reading {
    struct deployment_resource *asked;
    const struct command *command;
    const struct options_result *options;
    const char *provider;
    int status;
    struct err *e;
};

static int take_value(void *payload, const char *name, const char *text, struct err *e)
{
    return deployment_resource_set(payload, name, text, e);
}

static bool is_of_other_provider(const struct reading *r, const char *option)
{
    const char *group = options_group(r->command, options_index(r->command, option, strlen(option)));
    for (size_t i = 0; group && command_groups[i]; i++)
        if (strcmp(group, command_groups[i]) == 0)
            return strcmp(command_providers[i], r->provider) != 0;
    return false;
}

static bool is_compared(const struct reading *r, const char *option)
{
    for (size_t i = 0; i < sizeof not_compared / sizeof *not_compared; i++)
        if (strcmp(not_compared[i], option) == 0)
            return false;
    return !is_of_other_provider(r, option);
}

/* An option that may be repeated comes once for each of its values. */
static int add_option(const struct reading *r, const char *name, const char *value)
{
    char *joined;
    const char *before = deployment_resource_get(r->asked, name);
    if (!before)
        return deployment_resource_set(r->asked, name, value, r->e);
    if (asprintf(&joined, "%s, %s", before, value) < 0)
        return err_set(r->e, ERR_FAILED, "out of memory");
    const int status = deployment_resource_set(r->asked, name, joined, r->e);
    free(joined);
    return status;
}

static void take_option(void *payload, const char *option, const char *value)
{
    char name[64];
    struct reading *r = payload;
    const struct option_row *row = options_find(r->command, option);
    if (r->status < 0 || !value || !is_compared(r, option) ||
        (!row->fallback && !options_given(r->command, r->options, option)))
        return;
    snprintf(name, sizeof name, "--%s", option);
    r->status = add_option(r, name, value);
}

int asked_read(struct deployment_resource *asked, const struct topology *t, const struct command *command,
               const struct settings *settings, const struct options_result *options, const char *provider,
               struct err *e)
{
    struct reading r = {
        .asked = asked, .command = command, .options = options, .provider = provider, .e = e
    };
    if (topology_values(t, take_value, asked, e) < 0)
        return -1;
    options_visit(command, settings, take_option, &r);
    return r.status;
}

struct differences {
    FILE *out;
    unsigned n;
};

static void compare(struct differences *d, const char *name, const char *recorded, const char *asked)
{
    if (recorded && asked && strcmp(recorded, asked) == 0)
        return;
    if (d->n++ < SHOWN_MOST)
        fprintf(d->out, "\n  %s: recorded %.*s, asked %.*s", name, VALUE_SHOWN,
                recorded && *recorded ? recorded : "none", VALUE_SHOWN, asked && *asked ? asked : "none");
}

static bool is_option(const char *name)
{
    return strncmp(name, "--", 2) == 0;
}

static void compare_all(struct differences *found, const struct deployment_resource *recorded,
                        const struct deployment_resource *asked, const struct command *command,
                        const struct options_result *options)
{
    for (size_t i = 0; i < asked->n_members; i++) {
        const char *name = asked->members[i].key;
        if (!is_option(name) || options_given(command, options, name + 2))
            compare(found, name, deployment_resource_get(recorded, name), asked->members[i].value);
    }
    for (size_t i = 0; i < recorded->n_members; i++) {
        const char *name = recorded->members[i].key;
        if (!is_option(name) && !deployment_resource_get(asked, name))
            compare(found, name, recorded->members[i].value, NULL);
    }
}

int asked_compare(const struct deployment_resource *asked, const struct deployment *d, const char *path,
                  const char *down, const struct command *command, const struct options_result *options,
                  struct err *e)
{
    char text[ERR_TEXT_BYTES - 400] = "";
    struct differences found = { .out = fmemopen(text, sizeof text, "w") };
    if (!found.out)
        return err_errno(e, ERR_FAILED, "cannot compare with %s", path);
    compare_all(&found, &d->asked, asked, command, options);
    if (found.n > SHOWN_MOST)
        fprintf(found.out, "\n  and %u more", found.n - SHOWN_MOST);
    fclose(found.out);
    if (found.n == 0)
        return 0;
    err_set(e, ERR_INPUT, "%s records another %s than is asked for, and nothing was changed:%s", path,
            d->topology, text);
    err_append(e, "Take it down first (`%s`), or name another file by --deployment.", down);
    return options->n_positional > 0
               ? -1
               : err_append(e, "No topology was named, so the shipped %s was compared.", d->topology);
}
