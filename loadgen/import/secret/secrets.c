#include "secrets.h"

#include "draft_names.h"

#include <stdio.h>
#include <string.h>

static bool is_variable(const struct draft *d, const char *name)
{
    for (size_t i = 0; i < d->n_variables; i++)
        if (strcmp(d->variables[i].name, name) == 0)
            return true;
    return false;
}

const struct draft_variable *secrets_find(const struct draft *d, const char *value)
{
    for (size_t i = 0; i < d->n_variables; i++)
        if (d->variables[i].value && strcmp(d->variables[i].value, value) == 0)
            return &d->variables[i];
    return NULL;
}

/* One whose value is not known. */
static const struct draft_variable *find_name(const struct draft *d, const char *name)
{
    for (size_t i = 0; i < d->n_variables; i++)
        if (!d->variables[i].value && strcmp(d->variables[i].name, name) == 0)
            return &d->variables[i];
    return NULL;
}

static const struct draft_variable *add(struct draft *d, const char *made, const char *about,
                                        const char *value, struct err *e)
{
    char name[DRAFT_VARIABLE_BYTES];
    snprintf(name, sizeof name, "%s", made);
    for (unsigned k = 2; is_variable(d, name); k++)
        snprintf(name, sizeof name, "%.40s_%u", made, k);
    struct draft_variable *v = arena_more(&d->arena, &d->variables, d->n_variables, sizeof *v, e);
    if (!v || !(v->name = arena_text(&d->arena, name, e)) || !(v->about = arena_text(&d->arena, about, e)) ||
        (value && !(v->value = arena_text(&d->arena, value, e))))
        return NULL;
    d->n_variables++;
    return v;
}

const char *secrets_variable(struct draft *d, const char *wanted, const char *about, const char *value,
                             struct err *e)
{
    char made[DRAFT_VARIABLE_BYTES];
    draft_names_make_variable(wanted, made);
    const struct draft_variable *v = value ? secrets_find(d, value) : find_name(d, made);
    if (!v)
        v = add(d, made, about, value, e);
    return v ? v->name : NULL;
}

int secrets_list(struct draft *d, const char *name, const char *about, struct err *e)
{
    if (is_variable(d, name))
        return 0;
    struct draft_variable *v = arena_more(&d->arena, &d->variables, d->n_variables, sizeof *v, e);
    if (!v || !(v->name = arena_text(&d->arena, name, e)) || !(v->about = arena_text(&d->arena, about, e)))
        return -1;
    d->n_variables++;
    return 0;
}
