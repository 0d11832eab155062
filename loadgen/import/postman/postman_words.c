#include "postman_words.h"

#include "json_member.h"
#include "plan.h"
#include "secret_name.h"
#include "secrets.h"
#include "text_out.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 8, NAME_BYTES = 128, TEXT_BYTES_MOST = 16 * 1024 * 1024 };

static int add(struct postman_words *w, const char *name, const char *value, const char *capture,
               struct err *e)
{
    struct arena *a = &w->draft->arena;
    struct postman_variable *v = arena_more(a, &w->variables, w->n, sizeof *v, e);
    if (!v || !(v->name = arena_text(a, name, e)) || (value && !(v->value = arena_text(a, value, e))) ||
        (capture && !(v->capture = arena_text(a, capture, e))))
        return -1;
    w->n++;
    return 0;
}

static const struct postman_variable *find(const struct postman_words *w, const char *name)
{
    for (size_t i = w->n; i-- > 0;)
        if (strcmp(w->variables[i].name, name) == 0)
            return &w->variables[i];
    return NULL;
}

int postman_words_add(struct postman_words *w, const json_t *list, struct err *e)
{
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        const json_t *value = json_object_get(item, "value");
        char number[32] = "";
        if (json_is_false(json_object_get(item, "enabled")) ||
            json_is_true(json_object_get(item, "disabled")))
            continue;
        if (json_is_integer(value))
            snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        const char *text = *number ? number : json_string_value(value);
        if (text && *text && !find(w, json_member_text(item, "key")) &&
            add(w, json_member_text(item, "key"), text, NULL, e))
            return -1;
    }
    return 0;
}

int postman_words_capture(struct postman_words *w, const char *name, const char *capture, struct err *e)
{
    return add(w, name, NULL, capture, e);
}

/* `{{$guid}}` and the like. */
static const char *dynamic(const char *name)
{
    static const struct {
        const char *name, *word;
    } words[] = { { "$guid", "{uuid}" },        { "$randomUUID", "{uuid}" },
                  { "$timestamp", "{now}" },    { "$randomInt", "{counter}" },
                  { "$isoTimestamp", "{now}" }, { "$randomPassword", "{random}" } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].word;
    return "{random}";
}

static int put_text(struct postman_words *w, const char *text, unsigned depth, FILE *out, struct err *e);

static int put_variable(struct postman_words *w, const char *name, unsigned depth, FILE *out, struct err *e)
{
    char about[256];
    const struct postman_variable *v = find(w, name);
    if (*name == '$') {
        fputs(dynamic(name), out);
        return 0;
    }
    if (v && v->capture) {
        fprintf(out, "{%s}", v->capture);
        return 0;
    }
    const bool is_secret = secret_name_matches(name, strlen(name));
    if (v && !is_secret && depth < DEPTH_MOST && ftell(out) < TEXT_BYTES_MOST)
        return put_text(w, v->value, depth + 1, out, e);
    snprintf(about, sizeof about, "the variable %.100s", name);
    const char *variable = secrets_variable(w->draft, name, about, v ? v->value : NULL, e);
    if (!variable)
        return -1;
    fprintf(out, "{env:%s}", variable);
    return 0;
}

static int put_text(struct postman_words *w, const char *text, unsigned depth, FILE *out, struct err *e)
{
    while (*text) {
        const char *open = strstr(text, "{{");
        const char *close = open ? strstr(open, "}}") : NULL;
        const size_t plain = close ? (size_t)(open - text) : strlen(text);
        const char *literal = words_literal(&w->draft->arena, text, plain, e);
        if (!literal)
            return -1;
        fputs(literal, out);
        if (!close)
            return 0;
        char name[NAME_BYTES];
        const char *begin = open + 2 + strspn(open + 2, " ");
        size_t n = begin < close ? (size_t)(close - begin) : 0;
        while (n > 0 && begin[n - 1] == ' ')
            n--;
        snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), begin);
        if (n > 0 && put_variable(w, name, depth, out, e))
            return -1;
        text = close + 2;
    }
    return 0;
}

const char *postman_words_template(struct postman_words *w, const char *text, struct err *e)
{
    struct text_out made;
    int status = text_out_begin(&made) ? put_text(w, text, 0, made.file, e) : 0;
    char *whole = text_out_end(&made);
    if (status == 0 && !whole)
        status = plan_out_of_memory(e);
    const char *copy = status == 0 ? arena_text(&w->draft->arena, whole, e) : NULL;
    free(whole);
    return copy;
}
