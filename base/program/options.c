#include "options.h"

#include "err.h"
#include "options_unknown.h"
#include "units.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_TEXT_BYTES = 256, WORD_BYTES = 64 };
#define SECONDS_MOST 9.2e9 /* in nanoseconds, what units_parse_duration_ns takes at most */

static void *field_of(void *settings, const struct option_row *row)
{
    return (char *)settings + row->offset;
}

/* "one or two" */
static const char *choices_text(const struct option_row *row, char *out)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; row->choices[i] && used < CHOICES_TEXT_BYTES; i++)
        used +=
            (size_t)snprintf(out + used, CHOICES_TEXT_BYTES - used, "%s%s", i ? " or " : "", row->choices[i]);
    return out;
}

static int parse_choice(const struct option_row *row, const char *text, int *out)
{
    for (int i = 0; row->choices[i]; i++)
        if (strcmp(row->choices[i], text) == 0) {
            *out = i;
            return 0;
        }
    return -1;
}

static int append_item(struct option_list *list, const char *text, struct err *e)
{
    const char **larger = realloc(list->items, (list->n + 1) * sizeof *larger);
    if (!larger)
        return err_set(e, ERR_FAILED, "out of memory while reading the options");
    list->items = larger;
    list->items[list->n++] = text;
    return 0;
}

/* A bare number is seconds, as in wrk, ab, curl and sleep(1). */
static int parse_duration(const char *text, uint64_t *ns)
{
    double seconds;
    if (units_parse_duration_ns(text, ns) == 0)
        return 0;
    if (units_parse_real(text, &seconds) || seconds < 0 || seconds > SECONDS_MOST)
        return -1;
    *ns = (uint64_t)llround(seconds * 1e9);
    return 0;
}

static const char *kind_form(const struct option_row *row, char *scratch)
{
    switch (row->kind) {
    case OPTION_COUNT:
        return UNITS_COUNT_FORM;
    case OPTION_SIZE:
        return UNITS_SIZE_FORM;
    case OPTION_DURATION:
        return "a duration such as 10, which means 10s, or 500ms or 1h30m";
    case OPTION_RATE:
        return UNITS_RATE_FORM;
    case OPTION_REAL:
        return "a number";
    case OPTION_CHOICE:
        return choices_text(row, scratch);
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_LIST:
        break;
    }
    return "a text";
}

static int check_limits(const struct option_row *row, const char *text, uint64_t value, struct err *e)
{
    char low[UNITS_TEXT_BYTES];
    char high[UNITS_TEXT_BYTES];
    if (row->most == 0 || (value >= row->least && value <= row->most))
        return 0;
    if (row->kind == OPTION_DURATION)
        return err_set(e, ERR_INPUT, "--%s must be from %s to %s, not %s", row->name,
                       units_duration_text(row->least, low), units_duration_text(row->most, high), text);
    return err_set(e, ERR_INPUT, "--%s must be from %" PRIu64 " to %" PRIu64 ", not %s", row->name,
                   row->least, row->most, text);
}

/* `meant`: what similar programs mean by this option; NULL: nothing else. */
static int store(const struct option_row *row, void *settings, const char *text, const char *meant,
                 struct err *e)
{
    char scratch[CHOICES_TEXT_BYTES];
    void *field = field_of(settings, row);
    int status = 0;

    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return 0;
    case OPTION_TEXT:
        *(const char **)field = text;
        return 0;
    case OPTION_LIST:
        return append_item(field, text, e);
    case OPTION_COUNT:
        status = units_parse_count(text, field);
        break;
    case OPTION_SIZE:
        status = units_parse_size_bytes(text, field);
        break;
    case OPTION_DURATION:
        status = parse_duration(text, field);
        break;
    case OPTION_RATE:
        status = units_parse_rate_per_s(text, field);
        break;
    case OPTION_REAL:
        status = units_parse_real(text, field);
        break;
    case OPTION_CHOICE:
        status = parse_choice(row, text, field);
        break;
    }
    if (status)
        return err_set(e, ERR_INPUT, "--%s must be %s, not '%s'%s%s", row->name, kind_form(row, scratch),
                       text, meant ? "; " : "", meant ? meant : "");
    if (row->kind == OPTION_COUNT || row->kind == OPTION_DURATION)
        return check_limits(row, text, *(const uint64_t *)field, e);
    return 0;
}

struct parse {
    const struct command *command;
    void *settings;
    struct options_result *result;
    char *const *argv;
    int argc;
    int at; /* the next argument to look at */
};

static int take_value(struct parse *p, size_t index, const char *attached, struct err *e)
{
    const struct option_row *row = options_row(p->command, index);
    const char *value = attached;

    p->result->given[index] = true;
    p->result->n_given++;
    if (row->kind != OPTION_FLAG && !value) {
        if (p->at >= p->argc)
            return err_set(e, ERR_INPUT, "--%s needs a value: %s", row->name, row->value_name);
        value = p->argv[p->at++];
    }
    if (row->kind == OPTION_FLAG && attached)
        return err_set(e, ERR_INPUT, "--%s is a switch and takes no value", row->name);
    return store(row, p->settings, value, options_meant(p->command, row->name), e);
}

static int parse_long(struct parse *p, const char *text, struct err *e)
{
    char word[WORD_BYTES];
    const size_t length = strcspn(text, "=");
    const size_t i = options_index(p->command, text, length);
    if (options_row(p->command, i))
        return take_value(p, i, text[length] ? text + length + 1 : NULL, e);
    snprintf(word, sizeof word, "%.*s", (int)length, text);
    return options_unknown(p->command, "--", word, e);
}

/* A long option with one dash, as Go's programs have them: it would be read as letters and a value. */
static bool is_long(const struct command *command, const char *text, char word[static WORD_BYTES])
{
    const size_t length = strcspn(text, "=");
    if (length < 2 || length >= WORD_BYTES)
        return false;
    snprintf(word, WORD_BYTES, "%.*s", (int)length, text);
    return options_find(command, word) || options_is_elsewhere(command, word);
}

static int parse_letters(struct parse *p, const char *letters, struct err *e)
{
    char word[WORD_BYTES];
    if (is_long(p->command, letters, word))
        return options_unknown(p->command, "-", word, e);
    while (*letters) {
        const struct option_row *row;
        size_t i = 0;
        while ((row = options_row(p->command, i)) != NULL && row->letter != *letters)
            i++;
        if (!row)
            return options_unknown(p->command, "-", (char[]){ *letters, '\0' }, e);
        letters++;
        if (row->kind != OPTION_FLAG)
            return take_value(p, i, *letters ? letters : NULL, e);
        if (take_value(p, i, NULL, e))
            return -1;
    }
    return 0;
}

static int apply_defaults(const struct command *command, void *settings, struct err *e)
{
    const struct option_row *row;
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++)
        if (row->fallback && store(row, settings, row->fallback, NULL, e))
            return -1;
    return 0;
}

int options_parse(const struct command *command, void *settings, int argc, char *const argv[],
                  struct options_result *result, struct err *e)
{
    assert(!options_row(command, OPTIONS_ROWS_MOST));
    struct parse p = {
        .command = command, .settings = settings, .result = result, .argv = argv, .argc = argc
    };

    *result = (struct options_result){ .positional = calloc((size_t)argc + 1, sizeof *result->positional) };
    if (!result->positional)
        return err_set(e, ERR_FAILED, "out of memory while reading the options");
    if (apply_defaults(command, settings, e))
        return -1;
    bool options_ended = false;
    while (p.at < argc) {
        const char *arg = argv[p.at++];
        int status = 0;
        if (options_ended || arg[0] != '-' || arg[1] == '\0')
            result->positional[result->n_positional++] = arg;
        else if (strcmp(arg, "--") == 0)
            options_ended = true;
        else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
            result->help_wanted = true;
            return 0;
        } else if (arg[1] == '-')
            status = parse_long(&p, arg + 2, e);
        else
            status = parse_letters(&p, arg + 1, e);
        if (status)
            return -1;
    }
    return 0;
}

bool options_given(const struct command *command, const struct options_result *result, const char *name)
{
    const size_t i = options_index(command, name, strlen(name));
    return i < OPTIONS_ROWS_MOST && result->given[i];
}

void options_fini(const struct command *command, void *settings, struct options_result *result)
{
    const struct option_row *row;
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++)
        if (row->kind == OPTION_LIST) {
            struct option_list *list = field_of(settings, row);
            free(list->items);
            *list = (struct option_list){ 0 };
        }
    free(result->positional);
    *result = (struct options_result){ 0 };
}

static void visit_list(const struct option_row *row, const struct option_list *list, options_visit_fn *visit,
                       void *payload)
{
    for (size_t i = 0; i < list->n; i++)
        visit(payload, row->name, row->secret ? "(given)" : list->items[i]);
}

void options_visit(const struct command *command, const void *settings, options_visit_fn *visit,
                   void *payload)
{
    const struct option_row *row;
    char text[64];
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++) {
        const void *field = (const char *)settings + row->offset;
        const char *value = text;
        switch (row->kind) {
        case OPTION_FLAG:
            value = *(const bool *)field ? "true" : "false";
            break;
        case OPTION_TEXT:
            value = *(const char *const *)field;
            break;
        case OPTION_COUNT:
        case OPTION_SIZE:
            snprintf(text, sizeof text, "%" PRIu64, *(const uint64_t *)field);
            break;
        case OPTION_DURATION:
            units_duration_exact(*(const uint64_t *)field, text);
            break;
        case OPTION_RATE:
        case OPTION_REAL:
            snprintf(text, sizeof text, "%.17g", *(const double *)field);
            break;
        case OPTION_CHOICE:
            value = row->choices[*(const int *)field];
            break;
        case OPTION_LIST:
            visit_list(row, field, visit, payload);
            continue;
        }
        visit(payload, row->name, row->secret && value ? "(given)" : value);
    }
}
