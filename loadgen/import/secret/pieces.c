#include "pieces.h"

#include "encoded.h"
#include "pieces_json.h"
#include "plan.h"
#include "text_out.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct visit {
    struct draft *draft;
    piece_fn *fn;
    void *payload;
};

/* Writes the piece as it stands, or its word. */
static int put(const struct visit *v, const struct piece *p, const char *raw, size_t n, const char *filter,
               FILE *out, struct err *e)
{
    const char *word = NULL;
    const int is = *p->value && !words_has(p->value) ? v->fn(v->payload, p, &word, e) : 0;
    if (is > 0)
        fprintf(out, "{%s%s}", word, filter);
    else if (is == 0)
        fwrite(raw, 1, n, out);
    return is < 0 ? -1 : 0;
}

/* `name=value`, or another text without &. */
static int put_parameter(const struct visit *v, enum piece_place place, const char *part, size_t n, FILE *out,
                         struct err *e)
{
    struct arena *a = &v->draft->arena;
    const char *equals = memchr(part, '=', n);
    if (!equals) {
        fwrite(part, 1, n, out);
        return 0;
    }
    const size_t rest = n - (size_t)(equals + 1 - part);
    const char *name = encoded_undo_form(a, part, (size_t)(equals - part), e);
    const char *value = name ? encoded_undo_form(a, equals + 1, rest, e) : NULL;
    if (!value)
        return -1;
    fwrite(part, 1, (size_t)(equals + 1 - part), out);
    const struct piece p = { place, name, value };
    return put(v, &p, equals + 1, rest, place == PIECE_FIELD ? "|form" : "", out, e);
}

static int put_parameters(const struct visit *v, enum piece_place place, const char *text, FILE *out,
                          struct err *e)
{
    for (;;) {
        const size_t n = strcspn(text, "&");
        if (put_parameter(v, place, text, n, out, e))
            return -1;
        if (!text[n])
            return 0;
        fputc('&', out);
        text += n + 1;
    }
}

static int put_path(const struct visit *v, const char *path, FILE *out, struct err *e)
{
    const char *before = "";
    const char *query = path + strcspn(path, "?");
    while (path < query) {
        const size_t n = strcspn(path + 1, "/;?");
        const bool is_parameter = *path == ';'; /* `;jsessionid=..` */
        const char *value = encoded_undo(&v->draft->arena, path + 1, n, e);
        if (!value)
            return -1;
        const struct piece p = { PIECE_SEGMENT, before, value };
        fputc(*path, out);
        if (is_parameter ? put_parameter(v, PIECE_PARAMETER, path + 1, n, out, e)
                         : put(v, &p, path + 1, n, "", out, e))
            return -1;
        before = is_parameter ? before : value;
        path += n + 1;
    }
    if (!*query)
        return 0;
    fputc('?', out);
    return put_parameters(v, PIECE_PARAMETER, query + 1, out, e);
}

/* What `make` writes of a text, in the arena. */
typedef int make_fn(const struct visit *v, const char *text, FILE *out, struct err *e);

static int remake(const struct visit *v, const char **text, make_fn *make, struct err *e)
{
    struct text_out made;
    int status = text_out_begin(&made) ? make(v, *text, made.file, e) : 0;
    char *whole = text_out_end(&made);
    if (status == 0 && !whole)
        status = plan_out_of_memory(e);
    if (status == 0 && !(*text = arena_text(&v->draft->arena, whole, e)))
        status = -1;
    free(whole);
    return status;
}

static int put_form(const struct visit *v, const char *text, FILE *out, struct err *e)
{
    return put_parameters(v, PIECE_FIELD, text, out, e);
}

/* Behind `Bearer `, `Basic `, `Token `; other forms stay whole. */
static size_t scheme_length(const char *name, const char *value)
{
    const char *blank = strchr(value, ' ');
    return strcasestr(name, "authorization") && blank && !strpbrk(blank + 1, " ,=\"")
               ? (size_t)(blank + 1 - value)
               : 0;
}

/* Cookies one by one, where a word stands for some of them. */
static int put_cookies(const struct visit *v, const char *text, FILE *out, struct err *e)
{
    struct arena *a = &v->draft->arena;
    for (;;) {
        const size_t n = strcspn(text, ";"), n_name = strcspn(text, "=;");
        const char *name = arena_format(a, e, "cookie %.*s", (int)n_name, text);
        const char *value = n_name < n ? arena_copy(a, text + n_name + 1, n - n_name - 1, e) : "";
        if (!name || !value)
            return -1;
        const struct piece p = { PIECE_HEADER, name, value };
        const size_t n_before = n - strlen(value);
        fwrite(text, 1, n_before, out);
        if (put(v, &p, value, n - n_before, "", out, e))
            return -1;
        if (!text[n])
            return 0;
        const size_t n_between = 1 + strspn(text + n + 1, " ");
        fwrite(text + n, 1, n_between, out);
        text += n + n_between;
    }
}

static int visit_fields(const struct visit *v, struct draft_fields *fields, enum piece_place place,
                        struct err *e)
{
    for (size_t i = 0; i < fields->n; i++) {
        struct draft_field *f = &fields->items[i];
        const size_t scheme = place == PIECE_HEADER ? scheme_length(f->name, f->value) : 0;
        const struct piece p = { place, f->name, f->value + scheme };
        const char *word = NULL;
        const int is = *p.value && !words_has(p.value) ? v->fn(v->payload, &p, &word, e) : 0;
        if (is > 0)
            f->value = arena_format(&v->draft->arena, e, "%.*s{%s}", (int)scheme, f->value, word);
        if (is < 0 || !f->value)
            return -1;
        if (words_has(p.value) && strcasecmp(f->name, "cookie") == 0 && remake(v, &f->value, put_cookies, e))
            return -1;
    }
    return 0;
}

enum text_kind { TEXT_OTHER, TEXT_JSON, TEXT_FORM };

/* JSON is known by its begin, too: few people who write `curl -d` name its type. */
static enum text_kind kind_of(const struct draft_step *s)
{
    const char *type = draft_header(s, "content-type");
    const char first = s->text[strspn(s->text, " \t\r\n")];
    if ((type && strcasestr(type, "json")) || first == '{' || first == '[')
        return TEXT_JSON;
    return type && strcasestr(type, "x-www-form-urlencoded") ? TEXT_FORM : TEXT_OTHER;
}

static int visit_text(const struct visit *v, struct draft_step *s, struct err *e)
{
    switch (kind_of(s)) {
    case TEXT_JSON:
        return pieces_json_text(v->draft, s, v->fn, v->payload, e);
    case TEXT_FORM:
        return remake(v, &s->text, put_form, e);
    case TEXT_OTHER:
        break;
    }
    return 0;
}

bool pieces_has_other_body(const struct draft_step *s)
{
    return s->body == DRAFT_FILE || (s->body == DRAFT_TEXT && kind_of(s) == TEXT_OTHER);
}

int pieces_visit(struct draft *d, struct draft_step *s, piece_fn *fn, void *payload, struct err *e)
{
    const struct visit v = { d, fn, payload };
    if (remake(&v, &s->path, put_path, e) || visit_fields(&v, &s->headers, PIECE_HEADER, e) ||
        visit_fields(&v, &s->form, PIECE_FIELD, e))
        return -1;
    if (s->body == DRAFT_JSON)
        return pieces_json_tree(d, s->json, fn, payload, e);
    return s->body == DRAFT_TEXT ? visit_text(&v, s, e) : 0;
}
