#include "pieces_json.h"

#include "plan.h"
#include "text_out.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 32 };

/* Behind the closing quote of the string that begins at `text`. */
static const char *string_end(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        if (*text == '\\' && text[1])
            text++;
    return *text ? text + 1 : text;
}

/* The value of a string with its quotes. */
static char *string_value(struct draft *d, const char *begin, const char *end, struct err *e)
{
    json_t *value = json_loadb(begin, (size_t)(end - begin), JSON_DECODE_ANY, NULL);
    char *text = arena_text(&d->arena, value ? json_string_value(value) : "", e);
    json_decref(value);
    return text;
}

/* The value of the member `name` that begins at `value`: a string or a whole number is a piece. Returns where
 * to go on; NULL and a sentence on failure. */
static const char *put_value(struct draft *d, const char *name, const char *value, piece_fn *fn,
                             void *payload, FILE *out, struct err *e)
{
    const bool is_text = *value == '"';
    const char *end = is_text ? string_end(value) : value + strspn(value, "0123456789");
    if (!is_text && (end == value || !strchr(",}] \t\r\n", *end)))
        return value;
    const char *plain =
        is_text ? string_value(d, value, end, e) : arena_copy(&d->arena, value, (size_t)(end - value), e);
    if (!plain)
        return NULL;
    const struct piece p = { PIECE_MEMBER, name, plain };
    const char *word;
    const int is = *plain && !words_has(plain) ? fn(payload, &p, &word, e) : 0;
    if (is > 0)
        fprintf(out, is_text ? "\"{%s|json}\"" : "{%s|number}", word);
    else
        fwrite(value, 1, (size_t)(end - value), out);
    return is < 0 ? NULL : end;
}

/* A string and, if it names a member, what follows it. */
static const char *put_string(struct draft *d, const char *at, piece_fn *fn, void *payload, FILE *out,
                              struct err *e)
{
    const char *end = string_end(at);
    const char *colon = end + strspn(end, " \t\r\n");
    if (*colon != ':') {
        fwrite(at, 1, (size_t)(end - at), out);
        return end;
    }
    const char *value = colon + 1 + strspn(colon + 1, " \t\r\n");
    fwrite(at, 1, (size_t)(value - at), out);
    const char *name = string_value(d, at, end, e);
    return name ? put_value(d, name, value, fn, payload, out, e) : NULL;
}

int pieces_json_text(struct draft *d, struct draft_step *s, piece_fn *fn, void *payload, struct err *e)
{
    struct text_out made;
    int status = text_out_begin(&made) ? 0 : plan_out_of_memory(e);
    for (const char *at = s->text; status == 0 && *at;) {
        const size_t n = strcspn(at, "\"");
        fwrite(at, 1, n, made.file);
        at += n;
        if (*at && !(at = put_string(d, at, fn, payload, made.file, e)))
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

struct tree_visit {
    struct draft *draft;
    piece_fn *fn;
    void *payload;
};

/* The value to put in place of a leaf; NULL: it stays. */
static int replacement(const struct tree_visit *v, const char *name, json_t *leaf, json_t **made,
                       struct err *e)
{
    struct arena *a = &v->draft->arena;
    const char *word = NULL;
    *made = NULL;
    const char *text = json_is_string(leaf) ? json_string_value(leaf) : NULL;
    if (json_is_integer(leaf))
        text = arena_format(a, e, "%" JSON_INTEGER_FORMAT, json_integer_value(leaf));
    else if (!text)
        return 0;
    if (!text)
        return -1;
    const struct piece p = { PIECE_MEMBER, name, text };
    const int is = *text && !words_has(text) ? v->fn(v->payload, &p, &word, e) : 0;
    if (is <= 0)
        return is;
    const char *put = arena_format(a, e, "{%s%s}", word, json_is_integer(leaf) ? "|number" : "");
    if (!put)
        return -1;
    *made = json_string(put);
    return *made ? 0 : plan_out_of_memory(e);
}

static int visit_below(const struct tree_visit *v, json_t *value, unsigned depth, struct err *e)
{
    const char *key;
    void *next;
    json_t *member, *made;
    size_t i;
    if (depth > DEPTH_MOST)
        return 0;
    json_object_foreach_safe(value, next, key, member)
    {
        if (replacement(v, key, member, &made, e) || (!made && visit_below(v, member, depth + 1, e)))
            return -1;
        if (made && json_object_set_new(value, key, made))
            return plan_out_of_memory(e);
    }
    json_array_foreach(value, i, member)
    {
        if (replacement(v, "", member, &made, e) || (!made && visit_below(v, member, depth + 1, e)))
            return -1;
        if (made && json_array_set_new(value, i, made))
            return plan_out_of_memory(e);
    }
    return 0;
}

int pieces_json_tree(struct draft *d, json_t *value, piece_fn *fn, void *payload, struct err *e)
{
    const struct tree_visit v = { d, fn, payload };
    return visit_below(&v, value, 0, e);
}
