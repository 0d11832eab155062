#include "options_unknown.h"

#include "err.h"
#include "nearest.h"
#include "options.h"

#include <string.h>

static const struct option_elsewhere *find(const struct command *command, const char *name)
{
    for (const struct option_elsewhere *o = command->elsewhere; o && o->name; o++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

bool options_is_elsewhere(const struct command *command, const char *word)
{
    return find(command, word) != NULL;
}

const char *options_meant(const struct command *command, const char *name)
{
    const struct option_elsewhere *o = find(command, name);
    return o ? o->note : NULL;
}

static const char *nearest_name(const struct command *command, const char *word)
{
    const char *names[OPTIONS_ROWS_MOST];
    const struct option_row *row;
    size_t n = 0;
    while (n < OPTIONS_ROWS_MOST && (row = options_row(command, n)) != NULL)
        names[n++] = row->name;
    return nearest_word(word, names, n);
}

/* "-d TIME (--duration)" or "--body-file FILE" */
static void write_use(const struct option_row *row, char *out, size_t out_bytes)
{
    const char *blank = row->value_name ? " " : "";
    const char *value = row->value_name ? row->value_name : "";
    if (row->letter)
        snprintf(out, out_bytes, "-%c%s%s (--%s)", row->letter, blank, value, row->name);
    else
        snprintf(out, out_bytes, "--%s%s%s", row->name, blank, value);
}

int options_unknown(const struct command *command, const char *dashes, const char *word, struct err *e)
{
    char use[128];
    const struct option_elsewhere *o = find(command, word);
    const struct option_row *row = o && o->option ? options_find(command, o->option) : NULL;
    if (options_find(command, word)) /* with one dash too few */
        return err_set(e, ERR_INPUT, "%s has no option %s%s; did you mean --%s?", command->name, dashes, word,
                       word);
    if (row) {
        write_use(row, use, sizeof use);
        return err_set(e, ERR_INPUT, "%s has no option %s%s; use %s%s%s", command->name, dashes, word, use,
                       o->note ? "; " : "", o->note ? o->note : "");
    }
    if (o && !o->option)
        return err_set(e, ERR_INPUT, "%s has no option %s%s: %s", command->name, dashes, word, o->note);
    const char *near = word[1] ? nearest_name(command, word) : NULL;
    if (near)
        return err_set(e, ERR_INPUT, "%s has no option %s%s; did you mean --%s?", command->name, dashes, word,
                       near);
    return err_set(e, ERR_INPUT, "%s has no option %s%s; `%s --help` lists them", command->name, dashes, word,
                   command->name);
}
