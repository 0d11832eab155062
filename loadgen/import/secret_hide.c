#include "secret_hide.h"

#include "secret_parts.h"
#include "secrets.h"
#include "words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SECRET_BYTES_LEAST = 8 }; /* a shorter value may stand elsewhere by chance */

/* `Bearer TOKEN`: the scheme is no secret. */
static int hide_header(struct draft *d, const struct draft_step *s, struct draft_field *f, struct err *e)
{
    char about[256];
    const char *blank = strchr(f->value, ' ');
    const bool has_scheme = strcasestr(f->name, "authorization") && blank && !strpbrk(blank + 1, " ,=\"");
    const char *secret = has_scheme ? blank + 1 : f->value;
    snprintf(about, sizeof about, "header %.64s of %s", f->name, s->name);
    if (!*secret)
        return 0;
    const char *wanted = f->name;
    if (has_scheme && strncasecmp(f->value, "Bearer ", 7) == 0)
        wanted = "token";
    const char *word = secrets_word(d, wanted, about, secret, "", e);
    if (!word)
        return -1;
    f->value = arena_format(&d->arena, e, "%.*s%s", (int)(secret - f->value), f->value, word);
    return f->value ? 0 : -1;
}

static int hide_fields(struct draft *d, const struct draft_step *s, struct draft_fields *fields,
                       const char *kind, struct err *e)
{
    for (size_t i = 0; i < fields->n; i++) {
        struct draft_field *f = &fields->items[i];
        char about[256];
        const bool is_cookie = strcmp(kind, "cookie") == 0;
        if (words_has(f->value) || !*f->value || !(is_cookie || secrets_is_name(f->name, strlen(f->name))))
            continue;
        if (strcmp(kind, "header") == 0) {
            if (hide_header(d, s, f, e))
                return -1;
            continue;
        }
        snprintf(about, sizeof about, "%s %.64s of %s", kind, f->name, s->name);
        if (!(f->value = secrets_word(d, f->name, about, f->value, "", e)))
            return -1;
    }
    return 0;
}

/* Lists the variables that a text has already: those of a shell. */
static int list_words(struct draft *d, const char *text, struct err *e)
{
    static const char mark[] = "{env:";
    for (const char *at = text; (at = strstr(at, mark)); at++) {
        const size_t n = strcspn(at + sizeof mark - 1, "|}");
        const char *name = arena_copy(&d->arena, at + sizeof mark - 1, n, e);
        if (!name || secrets_list(d, name, "as in the shell", e))
            return -1;
    }
    return 0;
}

static int list_fields(struct draft *d, const struct draft_fields *f, struct err *e)
{
    for (size_t i = 0; i < f->n; i++)
        if (list_words(d, f->items[i].value, e))
            return -1;
    return 0;
}

static int list_of_step(struct draft *d, const struct draft_step *s, struct err *e)
{
    if (list_words(d, s->path, e) || list_fields(d, &s->headers, e) || list_fields(d, &s->form, e))
        return -1;
    return s->body == DRAFT_TEXT ? list_words(d, s->text, e) : 0;
}

static int hide_by_name(struct draft *d, struct draft_step *s, struct err *e)
{
    if (hide_fields(d, s, &s->headers, "header", e) || hide_fields(d, s, &s->cookies, "cookie", e) ||
        hide_fields(d, s, &s->form, "field", e) || secret_parts_query(d, s, e))
        return -1;
    if (s->body == DRAFT_JSON)
        return secret_parts_members(d, s, s->json, e);
    return s->body == DRAFT_TEXT ? secret_parts_body(d, s, e) : 0;
}

/* The text with every place where the value stands replaced by its word; other words stay. */
static int replace(struct draft *d, const struct draft_variable *v, const char *filter, const char **text,
                   struct err *e)
{
    const size_t length = strlen(v->value);
    for (size_t at = 0; *text && (*text)[at];) {
        const size_t word = words_length(*text + at);
        if (word > 0 || strncmp(*text + at, v->value, length) != 0) {
            at += word > 0 ? word : 1;
            continue;
        }
        const char *put = arena_format(&d->arena, e, "{env:%s%s}", v->name, filter);
        const char *whole =
            put ? arena_format(&d->arena, e, "%.*s%s%s", (int)at, *text, put, *text + at + length) : NULL;
        if (!whole)
            return -1;
        *text = whole;
        at += strlen(put);
    }
    return 0;
}

static int hide_value(struct draft *d, const struct draft_variable *v, struct draft_step *s, struct err *e)
{
    if (replace(d, v, "", &s->path, e) || (s->body == DRAFT_TEXT && replace(d, v, "", &s->text, e)))
        return -1;
    for (size_t i = 0; i < s->headers.n; i++)
        if (replace(d, v, "", &s->headers.items[i].value, e))
            return -1;
    for (size_t i = 0; i < s->form.n; i++)
        if (replace(d, v, "", &s->form.items[i].value, e))
            return -1;
    return 0;
}

int secret_hide(struct draft *d, struct err *e)
{
    for (size_t i = 0; i < d->n_streams; i++)
        for (size_t k = 0; k < d->streams[i].n_steps; k++)
            if (list_of_step(d, &d->streams[i].steps[k], e))
                return -1;
    for (size_t i = 0; i < d->n_streams; i++)
        for (size_t k = 0; k < d->streams[i].n_steps; k++)
            if (hide_by_name(d, &d->streams[i].steps[k], e))
                return -1;
    for (size_t n = 0; n < d->n_variables; n++) {
        const struct draft_variable *v = &d->variables[n];
        if (!v->value || strlen(v->value) < SECRET_BYTES_LEAST)
            continue;
        for (size_t i = 0; i < d->n_streams; i++)
            for (size_t k = 0; k < d->streams[i].n_steps; k++)
                if (hide_value(d, v, &d->streams[i].steps[k], e))
                    return -1;
    }
    return 0;
}
