#include "secret_hide.h"

#include "pieces.h"
#include "secret_name.h"
#include "secrets.h"
#include "words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SECRET_BYTES_LEAST = 8 }; /* a shorter value may stand elsewhere by chance */

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

static int list_of_step(struct draft *d, struct draft_step *s, struct err *e)
{
    if (list_words(d, s->path, e) || list_fields(d, &s->headers, e) || list_fields(d, &s->form, e))
        return -1;
    return s->body == DRAFT_TEXT ? list_words(d, s->text, e) : 0;
}

struct hiding {
    struct draft *draft;
    const struct draft_step *step;
};

static int hide_piece(void *payload, const struct piece *p, const char **word, struct err *e)
{
    static const char *const places[] = { "segment", "parameter", "header", "field", "member" };
    const struct hiding *h = payload;
    char about[256];
    if (p->place == PIECE_SEGMENT || !secret_name_matches(p->name, strlen(p->name)))
        return 0;
    const bool is_authorization = p->place == PIECE_HEADER && strcasestr(p->name, "authorization");
    snprintf(about, sizeof about, "%s %.64s of %s", places[p->place], p->name, h->step->name);
    const char *name = secrets_variable(h->draft, is_authorization ? "token" : p->name, about, p->value, e);
    if (!name || !(*word = arena_format(&h->draft->arena, e, "env:%s", name)))
        return -1;
    return 1;
}

/* A value that is a secret elsewhere, under whatever name. */
static int hide_known(void *payload, const struct piece *p, const char **word, struct err *e)
{
    const struct hiding *h = payload;
    const struct draft_variable *v =
        strlen(p->value) < SECRET_BYTES_LEAST ? NULL : secrets_find(h->draft, p->value);
    if (!v)
        return 0;
    *word = arena_format(&h->draft->arena, e, "env:%s", v->name);
    return *word ? 1 : -1;
}

/* The text with every place where the value stands replaced by its word; other words stay. */
static int replace(struct draft *d, const struct draft_variable *v, const char **text, struct err *e)
{
    const size_t length = strlen(v->value);
    for (size_t at = 0; *text && (*text)[at];) {
        const size_t word = words_length(*text + at);
        if (word > 0 || strncmp(*text + at, v->value, length) != 0) {
            at += word > 0 ? word : 1;
            continue;
        }
        const char *put = arena_format(&d->arena, e, "{env:%s}", v->name);
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
    if (replace(d, v, &s->path, e) || (s->body == DRAFT_TEXT && replace(d, v, &s->text, e)))
        return -1;
    for (size_t i = 0; i < s->headers.n; i++)
        if (replace(d, v, &s->headers.items[i].value, e))
            return -1;
    for (size_t i = 0; i < s->form.n; i++)
        if (replace(d, v, &s->form.items[i].value, e))
            return -1;
    return 0;
}

static int hide_by_name(struct draft *d, struct draft_step *s, struct err *e)
{
    struct hiding h = { d, s };
    if (pieces_has_other_body(s) &&
        draft_note(d, e, "%s: secrets in its body, if it has any: it is neither JSON nor a form", s->name))
        return -1;
    return pieces_visit(d, s, hide_piece, &h, e);
}

static int hide_by_value(struct draft *d, struct draft_step *s, struct err *e)
{
    struct hiding h = { d, s };
    if (pieces_visit(d, s, hide_known, &h, e))
        return -1;
    for (size_t i = 0; i < d->n_variables; i++) {
        const struct draft_variable *v = &d->variables[i];
        if (v->value && strlen(v->value) >= SECRET_BYTES_LEAST && hide_value(d, v, s, e))
            return -1;
    }
    return 0;
}

typedef int step_fn(struct draft *d, struct draft_step *s, struct err *e);

static int each_step(struct draft *d, step_fn *fn, struct err *e)
{
    for (size_t i = 0; i < d->n_streams; i++)
        for (size_t k = 0; k < d->streams[i].n_steps; k++)
            if (fn(d, &d->streams[i].steps[k], e))
                return -1;
    return 0;
}

int secret_hide(struct draft *d, struct err *e)
{
    return each_step(d, list_of_step, e) || each_step(d, hide_by_name, e) || each_step(d, hide_by_value, e)
               ? -1
               : 0;
}
