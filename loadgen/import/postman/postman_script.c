#include "postman_script.h"

#include "draft_names.h"
#include "json_member.h"
#include "plan.h"
#include "text_out.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_BYTES = 256, NAMES_MOST = 8, NAME_BYTES = 64 };

struct script {
    struct postman_words *words;
    const struct draft_stream *stream;
    struct draft_step *step;
    char names[NAMES_MOST][NAME_BYTES]; /* of variables that hold the answer's JSON */
    size_t n_names;
};

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* `const data = pm.response.json()`: the name in front of the `=`. */
static void note_name(struct script *s, const char *text, const char *answer)
{
    const char *at = answer;
    while (at > text && isspace((unsigned char)at[-1]))
        at--;
    if (at == text || at[-1] != '=')
        return;
    for (at--; at > text && isspace((unsigned char)at[-1]);)
        at--;
    const char *end = at;
    while (at > text && is_name(at[-1]))
        at--;
    if (at < end && (size_t)(end - at) < NAME_BYTES && s->n_names < NAMES_MOST)
        snprintf(s->names[s->n_names++], NAME_BYTES, "%.*s", (int)(end - at), at);
}

static const char *const answers[] = { "pm.response.json()", "JSON.parse(responseBody)",
                                       "JSON.parse(pm.response.text())" };

static void find_names(struct script *s, const char *text)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        for (const char *at = text; (at = strstr(at, answers[i])); at++)
            note_name(s, text, at);
}

/* Behind what stands for the answer's JSON at `at`; NULL: something else stands there. */
static const char *skip_answer(const struct script *s, const char *at)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strncmp(at, answers[i], strlen(answers[i])) == 0)
            return at + strlen(answers[i]);
    for (size_t i = 0; i < s->n_names; i++) {
        const size_t n = strlen(s->names[i]);
        if (strncmp(at, s->names[i], n) == 0 && !is_name(at[n]))
            return at + n;
    }
    return NULL;
}

/* A text in quotes; its end behind the closing one, or NULL. */
static const char *quoted(const char *at, char *out, size_t out_bytes)
{
    const char quote = *at;
    if (quote != '"' && quote != '\'' && quote != '`')
        return NULL;
    const size_t n = strcspn(at + 1, (const char[]){ quote, '\\', '\n', '\0' });
    if (at[1 + n] != quote || n >= out_bytes)
        return NULL;
    snprintf(out, out_bytes, "%.*s", (int)n, at + 1);
    return at + n + 2;
}

/* `.a.b[0]["c"]` up to the `)` or `,` as a JSON path; false when anything else stands there. */
static bool read_path(const char *at, char *place)
{
    size_t used = (size_t)snprintf(place, PLACE_BYTES, "$");
    char key[NAME_BYTES];
    for (;;) {
        at += strspn(at, " ?\n\t\r");
        const char *end;
        if (*at == ')' || *at == ',' || *at == ';')
            return true;
        if (*at == '.' && is_name(at[1])) {
            size_t n = 1;
            while (is_name(at[n]))
                n++;
            used += (size_t)snprintf(place + used, PLACE_BYTES - used, "%.*s", (int)n, at);
            at += n;
        } else if (*at == '[' && isdigit((unsigned char)at[1])) {
            const size_t n = strcspn(at, "]") + 1;
            used += (size_t)snprintf(place + used, PLACE_BYTES - used, "%.*s", (int)n, at);
            at += at[n - 1] ? n : n - 1;
        } else if (*at == '[' && (end = quoted(at + 1, key, sizeof key)) && *end == ']') {
            used += (size_t)snprintf(place + used, PLACE_BYTES - used, "['%s']", key);
            at = end + 1;
        } else
            return false;
        if (used + 1 >= PLACE_BYTES)
            return false;
    }
}

/* Where the value of `pm.*.set` comes from; NULL: from nowhere that a capture knows. */
static const char *read_source(const struct script *s, const char *at, char *place)
{
    static const char *const headers[] = { "pm.response.headers.get(", "postman.getResponseHeader(" };
    static const char cookie[] = "pm.cookies.get(";
    const char *rest = skip_answer(s, at);
    if (rest)
        return read_path(rest, place) ? "json" : NULL;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (strncmp(at, headers[i], strlen(headers[i])) == 0)
            return quoted(at + strlen(headers[i]), place, PLACE_BYTES) ? "header" : NULL;
    if (strncmp(at, cookie, sizeof cookie - 1) == 0)
        return quoted(at + sizeof cookie - 1, place, PLACE_BYTES) ? "cookie" : NULL;
    return NULL;
}

static int add_capture(struct script *s, const char *name, const char *source, const char *place,
                       struct err *e)
{
    char variable[PLAN_NAME_BYTES];
    draft_names_capture(s->stream, name, variable);
    return draft_add_capture(s->words->draft, s->step, variable, source, place, e) ||
                   postman_words_capture(s->words, name, variable, e)
               ? -1
               : 0;
}

/* `.set("name", VALUE)`, behind the parenthesis. */
static int read_set(struct script *s, const char *at, struct err *e)
{
    char name[NAME_BYTES], place[PLACE_BYTES];
    const char *end = quoted(at + strspn(at, " \n\t\r"), name, sizeof name);
    if (!end)
        return 0;
    end += strspn(end, " ,\n\t\r");
    const char *source = read_source(s, end, place);
    if (source)
        return add_capture(s, name, source, place, e);
    return draft_note(s->words->draft, e, "%s: its script sets %.60s to what is no place of the answer",
                      s->step->name, name);
}

static int read_sets(struct script *s, const char *text, struct err *e)
{
    static const char *const setters[] = {
        "pm.environment.set(", "pm.collectionVariables.set(",     "pm.globals.set(",
        "pm.variables.set(",   "postman.setEnvironmentVariable(", "postman.setGlobalVariable("
    };
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++)
        for (const char *at = text; (at = strstr(at, setters[i]));) {
            at += strlen(setters[i]);
            if (read_set(s, at, e))
                return -1;
        }
    return 0;
}

/* `pm.response.to.have.status(201)`. */
static void read_status(struct script *s, const char *text)
{
    static const char mark[] = "to.have.status(";
    const char *at = strstr(text, mark);
    const unsigned long status = at ? strtoul(at + sizeof mark - 1, NULL, 10) : 0;
    if (status >= 100 && status < 600)
        s->step->status = (unsigned)status;
}

/* The lines of a script without those that are comments, owned. */
static char *script_text(const json_t *event)
{
    const json_t *lines = json_object_get(json_object_get(event, "script"), "exec");
    struct text_out made;
    size_t i;
    const json_t *line;
    if (text_out_begin(&made)) {
        if (json_is_string(lines))
            fputs(json_string_value(lines), made.file);
        json_array_foreach(lines, i, line)
        {
            const char *text = json_is_string(line) ? json_string_value(line) : "";
            if (strncmp(text + strspn(text, " \t"), "//", 2) != 0)
                fprintf(made.file, "%s\n", text);
        }
    }
    return text_out_end(&made);
}

static int read_event(struct script *s, const json_t *event, struct err *e)
{
    const bool is_test = strcmp(json_member_text(event, "listen"), "test") == 0;
    char *text = script_text(event);
    int status = text ? 0 : plan_out_of_memory(e);
    if (text && is_test) {
        find_names(s, text);
        read_status(s, text);
        status = read_sets(s, text, e);
        if (status == 0 &&
            (strstr(text, "pm.expect") || strstr(text, "tests[") || strstr(text, "pm.sendRequest")))
            status =
                draft_note(s->words->draft, e, "%s: tests of its script, but for the status", s->step->name);
    } else if (text && text[strspn(text, " \t\r\n")])
        status = draft_note(s->words->draft, e, "%s: the script that runs before it", s->step->name);
    free(text);
    return status;
}

int postman_script_read(struct postman_words *w, const struct draft_stream *stream, struct draft_step *step,
                        const json_t *item, struct err *e)
{
    struct script s = { .words = w, .stream = stream, .step = step };
    size_t i;
    const json_t *event;
    json_array_foreach(json_object_get(item, "event"), i, event) if (read_event(&s, event, e)) return -1;
    return 0;
}
