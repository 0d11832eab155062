#include "draft.h"

#include "encoded.h"
#include "err.h"
#include "plan.h"
#include "text_out.h"
#include "words.h"
#include "yaml_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MOST = 200 };                /* of a map in YAML */
enum { NOTES_MOST = 60 };                  /* more would hide the scenario */
enum { TEXT_BODY_BYTES_MOST = 64 * 1024 }; /* a longer one would hide the scenario around it */

void draft_fini(struct draft *d)
{
    for (size_t i = 0; i < d->n_streams; i++)
        for (size_t k = 0; k < d->streams[i].n_steps; k++)
            json_decref(d->streams[i].steps[k].json);
    arena_fini(&d->arena);
    *d = (struct draft){ 0 };
}

struct draft_stream *draft_stream_of(struct draft *d, const char *origin, struct err *e)
{
    for (size_t i = 0; i < d->n_streams; i++)
        if (strcmp(d->streams[i].origin, origin) == 0)
            return &d->streams[i];
    struct draft_stream *s = arena_more(&d->arena, &d->streams, d->n_streams, sizeof *s, e);
    if (!s || !(s->origin = arena_text(&d->arena, origin, e)))
        return NULL;
    d->n_streams++;
    return s;
}

struct draft_stream *draft_add_stream(struct draft *d, const char *origin, const char *group, struct err *e)
{
    if (d->n_streams == PLAN_STREAMS_MOST)
        return NULL;
    struct draft_stream *s = arena_more(&d->arena, &d->streams, d->n_streams, sizeof *s, e);
    if (!s || !(s->origin = arena_text(&d->arena, origin, e)) ||
        !(s->group = arena_text(&d->arena, group, e)))
        return NULL;
    d->n_streams++;
    return s;
}

struct draft_step *draft_add_step(struct draft *d, struct draft_stream *s, struct err *e)
{
    struct draft_step *step = arena_more(&d->arena, &s->steps, s->n_steps, sizeof *step, e);
    if (step) {
        step->method = "GET";
        s->n_steps++;
    }
    return step;
}

int draft_add_field(struct draft *d, struct draft_fields *f, const char *name, const char *value,
                    struct err *e)
{
    struct draft_field *field = arena_more(&d->arena, &f->items, f->n, sizeof *field, e);
    if (!field || !(field->name = arena_text(&d->arena, name, e)) ||
        !(field->value = arena_text(&d->arena, value, e)))
        return -1;
    f->n++;
    return 0;
}

int draft_add_text(struct draft *d, const char ***list, size_t *n, const char *text, struct err *e)
{
    const char **item = arena_more(&d->arena, list, *n, sizeof *item, e);
    if (!item || !(*item = arena_text(&d->arena, text, e)))
        return -1;
    ++*n;
    return 0;
}

int draft_add_capture(struct draft *d, struct draft_step *s, const char *variable, const char *source,
                      const char *place, struct err *e)
{
    struct draft_capture *c = arena_more(&d->arena, &s->captures, s->n_captures, sizeof *c, e);
    if (!c || !(c->variable = arena_text(&d->arena, variable, e)) ||
        !(c->source = arena_text(&d->arena, source, e)) || !(c->place = arena_text(&d->arena, place, e)))
        return -1;
    s->n_captures++;
    return 0;
}

const char *draft_header(const struct draft_step *s, const char *name)
{
    for (size_t i = 0; i < s->headers.n; i++)
        if (strcasecmp(s->headers.items[i].name, name) == 0)
            return s->headers.items[i].value;
    return NULL;
}

void draft_remove_header(struct draft_step *s, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < s->headers.n; i++)
        if (strcasecmp(s->headers.items[i].name, name) != 0)
            s->headers.items[n++] = s->headers.items[i];
    s->headers.n = n;
}

int draft_note(struct draft *d, struct err *e, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t i = 0; i < d->n_notes; i++)
        if (strcmp(d->notes[i], text) == 0)
            return 0;
    if (d->n_notes > NOTES_MOST)
        return 0;
    return draft_add_text(d, &d->notes, &d->n_notes, d->n_notes == NOTES_MOST ? "... and more" : text, e);
}

static int set_file(struct draft *d, struct draft_step *s, const char *bytes, size_t length_bytes,
                    struct err *e)
{
    struct draft_file *file = arena_more(&d->arena, &d->files, d->n_files, sizeof *file, e);
    if (!file || !(file->bytes = arena_copy(&d->arena, bytes, length_bytes, e)) ||
        !(file->name = arena_format(&d->arena, e, "%s-body-%zu", d->name, d->n_files + 1)))
        return -1;
    file->length_bytes = length_bytes;
    d->n_files++;
    s->body = DRAFT_FILE;
    s->text = file->name;
    return 0;
}

int draft_set_body(struct draft *d, struct draft_step *s, const char *bytes, size_t length_bytes,
                   struct err *e)
{
    if (length_bytes > TEXT_BODY_BYTES_MOST || !yaml_out_holds(bytes, length_bytes))
        return set_file(d, s, bytes, length_bytes, e);
    s->body = DRAFT_TEXT;
    s->text = words_literal(&d->arena, bytes, length_bytes, e);
    return s->text ? 0 : -1;
}

int draft_set_body_words(struct draft *d, struct draft_step *s, const char *template, struct err *e)
{
    const size_t length = strlen(template);
    if (length <= TEXT_BODY_BYTES_MOST && yaml_out_holds(template, length)) {
        s->body = DRAFT_TEXT;
        s->text = template;
        return 0;
    }
    size_t n_bytes;
    if (words_has(template))
        return err_set(e, ERR_INPUT, "a body with variables must be UTF-8 of at most %d KiB",
                       TEXT_BODY_BYTES_MOST / 1024);
    const char *bytes = words_bytes(&d->arena, template, &n_bytes, e);
    return bytes ? set_file(d, s, bytes, n_bytes, e) : -1;
}

static bool is_map(const struct draft_fields *f)
{
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(f->items[i].name, f->items[k].name) == 0)
                return false;
    return f->n <= FIELDS_MOST;
}

int draft_settle_form(struct draft *d, struct draft_step *s, struct err *e)
{
    struct text_out made;
    if (s->body != DRAFT_FORM || is_map(&s->form))
        return 0;
    const bool has_memory = text_out_begin(&made);
    for (size_t i = 0; has_memory && i < s->form.n; i++) {
        fputs(i > 0 ? "&" : "", made.file);
        encoded_put_form(made.file, s->form.items[i].name);
        fputc('=', made.file);
        encoded_put_form(made.file, s->form.items[i].value);
    }
    char *text = text_out_end(&made);
    const char *copy = text ? arena_text(&d->arena, text, e) : NULL;
    free(text);
    if (!copy)
        return plan_out_of_memory(e);
    if (!draft_header(s, "content-type") &&
        draft_add_field(d, &s->headers, "Content-Type", "application/x-www-form-urlencoded", e))
        return -1;
    return draft_set_body_words(d, s, copy, e);
}
