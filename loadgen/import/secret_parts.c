#include "secret_parts.h"

#include "encoded.h"
#include "plan.h"
#include "secrets.h"
#include "text_out.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MOST = 32 };

/* `name=value` or any other part of the text; what is no secret goes to `out` as it is. */
static int put_part(struct draft *d, const struct draft_step *s, const char *part, size_t n,
                    const char *filter, FILE *out, struct err *e)
{
    const char *equals = memchr(part, '=', n);
    char *name = equals ? encoded_undo_form(&d->arena, part, (size_t)(equals - part), e) : NULL;
    if (equals && !name)
        return -1;
    char *value = equals ? arena_copy(&d->arena, equals + 1, n - (size_t)(equals + 1 - part), e) : NULL;
    if (equals && !value)
        return -1;
    if (!equals || !*value || words_has(value) || !secrets_is_name(name, strlen(name))) {
        fwrite(part, 1, n, out);
        return 0;
    }
    char about[256];
    snprintf(about, sizeof about, "parameter %.64s of %s", name, s->name);
    const char *plain = encoded_undo_form(&d->arena, value, strlen(value), e);
    const char *word = plain ? secrets_word(d, name, about, plain, filter, e) : NULL;
    if (!word)
        return -1;
    fprintf(out, "%.*s=%s", (int)(equals - part), part, word);
    return 0;
}

/* `a=1&b=2`. */
static int hide_parameters(struct draft *d, const struct draft_step *s, const char *before, const char *text,
                           const char *filter, const char **into, struct err *e)
{
    struct text_out made;
    int status = text_out_begin(&made) ? 0 : plan_out_of_memory(e);
    if (status == 0)
        fputs(before, made.file);
    while (status == 0) {
        const size_t n = strcspn(text, "&");
        status = put_part(d, s, text, n, filter, made.file, e);
        if (!text[n])
            break;
        fputc('&', made.file);
        text += n + 1;
    }
    char *whole = text_out_end(&made);
    if (status == 0 && !whole)
        status = plan_out_of_memory(e);
    if (status == 0 && !(*into = arena_text(&d->arena, whole, e)))
        status = -1;
    free(whole);
    return status;
}

int secret_parts_query(struct draft *d, struct draft_step *s, struct err *e)
{
    const char *query = strchr(s->path, '?');
    if (!query)
        return 0;
    const char *before = arena_copy(&d->arena, s->path, (size_t)(query + 1 - s->path), e);
    return before ? hide_parameters(d, s, before, query + 1, "", &s->path, e) : -1;
}

/* Behind the closing quote of the string that begins at `text`. */
static const char *string_end(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        if (*text == '\\' && text[1])
            text++;
    return *text ? text + 1 : text;
}

/* The string's value. */
static char *string_value(struct draft *d, const char *begin, const char *end, struct err *e)
{
    json_t *value = json_loadb(begin, (size_t)(end - begin), JSON_DECODE_ANY, NULL);
    char *text = arena_text(&d->arena, value ? json_string_value(value) : "", e);
    json_decref(value);
    return text;
}

/* The rest of a member behind its name: where its value is a string, that is replaced. Returns where to go
 * on; NULL and a sentence on failure. */
static const char *put_member(struct draft *d, const struct draft_step *s, const char *name,
                              const char *name_end, FILE *out, struct err *e)
{
    const char *colon = name_end + strspn(name_end, " \t\r\n");
    const char *value = colon + (*colon == ':');
    value += strspn(value, " \t\r\n");
    fwrite(name, 1, (size_t)(name_end - name), out);
    if (*colon != ':' || *value != '"' || !secrets_is_name(name + 1, (size_t)(name_end - name) - 2))
        return name_end;
    const char *end = string_end(value);
    char about[256];
    char *plain = string_value(d, value, end, e);
    if (!plain || !*plain || words_has(plain))
        return plain ? name_end : NULL;
    char *wanted = arena_copy(&d->arena, name + 1, (size_t)(name_end - name) - 2, e);
    if (!wanted)
        return NULL;
    snprintf(about, sizeof about, "member %.64s of %s", wanted, s->name);
    const char *word = secrets_word(d, wanted, about, plain, "|json", e);
    if (!word)
        return NULL;
    fprintf(out, "%.*s\"%s\"", (int)(value - name_end), name_end, word);
    return end;
}

static int hide_strings(struct draft *d, struct draft_step *s, struct err *e)
{
    struct text_out made;
    int status = text_out_begin(&made) ? 0 : plan_out_of_memory(e);
    for (const char *at = s->text; status == 0 && *at;) {
        const size_t n = strcspn(at, "\"");
        fwrite(at, 1, n, made.file);
        at += n;
        if (*at && !(at = put_member(d, s, at, string_end(at), made.file, e)))
            status = -1;
    }
    char *whole = text_out_end(&made);
    if (status == 0 && !whole)
        status = plan_out_of_memory(e);
    if (status == 0 && !(s->text = arena_text(&d->arena, whole, e)))
        status = -1;
    free(whole);
    return status;
}

int secret_parts_body(struct draft *d, struct draft_step *s, struct err *e)
{
    const char *type = draft_header(s, "content-type");
    if (type && strcasestr(type, "json"))
        return hide_strings(d, s, e);
    if (type && strcasestr(type, "x-www-form-urlencoded"))
        return hide_parameters(d, s, "", s->text, "|form", &s->text, e);
    return 0;
}

static int hide_member(struct draft *d, const struct draft_step *s, const char *key, json_t *member,
                       struct err *e)
{
    char about[256];
    const char *text = json_string_value(member);
    if (!*text || words_has(text) || !secrets_is_name(key, strlen(key)))
        return 0;
    snprintf(about, sizeof about, "member %.64s of %s", key, s->name);
    const char *word = secrets_word(d, key, about, text, "", e);
    if (!word)
        return -1;
    return json_string_set(member, word) == 0 ? 0 : plan_out_of_memory(e);
}

static int hide_below(struct draft *d, const struct draft_step *s, json_t *value, unsigned depth,
                      struct err *e)
{
    const char *key;
    json_t *member;
    size_t i;
    if (depth > DEPTH_MOST)
        return 0;
    json_object_foreach(value, key, member) if (json_is_string(member)
                                                    ? hide_member(d, s, key, member, e)
                                                    : hide_below(d, s, member, depth + 1, e)) return -1;
    json_array_foreach(value, i, member) if (hide_below(d, s, member, depth + 1, e)) return -1;
    return 0;
}

int secret_parts_members(struct draft *d, const struct draft_step *s, json_t *value, struct err *e)
{
    return hide_below(d, s, value, 0, e);
}
