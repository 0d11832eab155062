/* The rows of a command: its own tables and the shared ones, as one. */
#include "options.h"

#include <string.h>

/* Table k of a command: its own, then the shared ones; NULL after the last. */
static const struct option_row *table_of(const struct command *command, size_t k)
{
    return k == 0 ? command->rows : k <= OPTIONS_SHARED_MOST ? command->shared[k - 1] : NULL;
}

const struct option_row *options_row(const struct command *command, size_t i)
{
    const struct option_row *row;
    for (size_t k = 0; (row = table_of(command, k)) != NULL; k++)
        for (; row->name; row++)
            if (i-- == 0)
                return row;
    return NULL;
}

const char *options_group(const struct command *command, size_t i)
{
    const struct option_row *row;
    const char *group = NULL;
    for (size_t k = 0; (row = table_of(command, k)) != NULL; k++)
        for (group = NULL; row->name; row++) {
            group = row->group ? row->group : group;
            if (i-- == 0)
                return group;
        }
    return group;
}

size_t options_index(const struct command *command, const char *name, size_t length)
{
    const struct option_row *row;
    size_t i = 0;
    while ((row = options_row(command, i)) &&
           (strlen(row->name) != length || memcmp(row->name, name, length) != 0))
        i++;
    return i;
}

const struct option_row *options_find(const struct command *command, const char *name)
{
    return options_row(command, options_index(command, name, strlen(name)));
}
