#include "draft_names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Letters and digits of the text, in pieces joined by `mark`; at most `most` characters. `splits`: a capital
 * behind a small letter begins a piece, too. */
static void keep_letters(const char *text, char mark, bool splits, size_t most, char *out)
{
    size_t n = 0;
    bool is_between = false;
    for (const char *p = text; *p && n < most; p++) {
        const unsigned char c = (unsigned char)*p;
        if (c >= 128 || !isalnum(c)) {
            is_between = n > 0;
            continue;
        }
        is_between = is_between || (splits && n > 0 && isupper(c) && islower((unsigned char)p[-1]));
        if (is_between && n + 1 < most)
            out[n++] = mark;
        is_between = false;
        out[n++] = *p;
    }
    out[n] = '\0';
}

void draft_names_make(const char *text, char out[static PLAN_NAME_BYTES])
{
    keep_letters(text, '-', false, PLAN_NAME_BYTES - 1, out);
    if (!*out || strcmp(out, "session") == 0)
        snprintf(out, PLAN_NAME_BYTES, *out ? "the-session" : "step");
}

/* What every environment has: it would be taken for the value without a word. */
static bool is_of_shell(const char *name)
{
    static const char *const names[] = { "USER", "USERNAME", "HOME",   "HOST", "HOSTNAME", "PATH", "SHELL",
                                         "LANG", "LOGNAME",  "PWD",    "TERM", "MAIL",     "NAME", "TMPDIR",
                                         "UID",  "EDITOR",   "OLDPWD", "TZ",   "DISPLAY" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

void draft_names_make_variable(const char *text, char out[static DRAFT_VARIABLE_BYTES])
{
    char letters[DRAFT_VARIABLE_BYTES];
    keep_letters(text, '_', true, 40, letters);
    for (char *p = letters; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    snprintf(out, DRAFT_VARIABLE_BYTES, "%s%.36s%s", isalpha((unsigned char)*letters) ? "" : "V_", letters,
             is_of_shell(letters) ? "_GIVEN" : "");
}

void draft_names_make_capture(const char *text, char out[static PLAN_NAME_BYTES])
{
    static const char *const taken[] = { "user", "counter",  "random", "uuid",   "now",
                                         "env",  "instance", "csv",    "cookie", "feed" };
    char letters[PLAN_NAME_BYTES];
    keep_letters(text, '_', false, PLAN_NAME_BYTES - 6, letters);
    bool is_taken = !isalpha((unsigned char)*letters);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        is_taken = is_taken || strcmp(letters, taken[i]) == 0;
    snprintf(out, PLAN_NAME_BYTES, "%s%.27s", is_taken ? "the_" : "", letters);
}

static bool is_captured(const struct draft_stream *s, const char *variable)
{
    for (size_t i = 0; i < s->n_steps; i++)
        for (size_t k = 0; k < s->steps[i].n_captures; k++)
            if (strcmp(s->steps[i].captures[k].variable, variable) == 0)
                return true;
    return false;
}

void draft_names_capture(const struct draft_stream *s, const char *text, char out[static PLAN_NAME_BYTES])
{
    char made[PLAN_NAME_BYTES];
    draft_names_make_capture(text, made);
    snprintf(out, PLAN_NAME_BYTES, "%s", made);
    for (unsigned k = 2; is_captured(s, out); k++)
        snprintf(out, PLAN_NAME_BYTES, "%.26s_%u", made, k);
}

static bool is_step_name(const struct draft_stream *s, const char *name)
{
    for (size_t i = 0; i < s->n_steps; i++)
        if (s->steps[i].name && strcmp(s->steps[i].name, name) == 0)
            return true;
    return false;
}

int draft_names_step(struct draft *d, struct draft_stream *s, struct draft_step *step, const char *text,
                     struct err *e)
{
    char made[PLAN_NAME_BYTES], name[PLAN_NAME_BYTES];
    draft_names_make(text, made);
    snprintf(name, sizeof name, "%s", made);
    for (unsigned k = 2; is_step_name(s, name); k++)
        snprintf(name, sizeof name, "%.26s-%u", made, k);
    step->name = arena_text(&d->arena, name, e);
    return step->name ? 0 : -1;
}

/* Numbers, identifiers and variables differ from request to request: they make no good names. */
static bool is_id(const char *segment, size_t n)
{
    size_t digits = 0;
    if (strncmp(segment, "{env:", 5) == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        digits += isdigit((unsigned char)segment[i]) != 0;
    return digits == n || (n >= 16 && digits >= 3);
}

/* Appends the segments that make a name. */
static void add_path(const char *path, char *text, size_t used, size_t text_bytes)
{
    const size_t end = strcspn(path, "?#");
    for (size_t at = 0; at < end && used + 64 < text_bytes;) {
        at += strspn(path + at, "/");
        const size_t n = strcspn(path + at, ";/?#"); /* without `;jsessionid=..` */
        if (n > 0 && !is_id(path + at, n))
            used +=
                (size_t)snprintf(text + used, text_bytes - used, "/%.*s", (int)(n < 48 ? n : 48), path + at);
        at += strcspn(path + at, "/?#");
    }
}

void draft_names_of_request(const char *method, const char *path, char out[static PLAN_NAME_BYTES])
{
    char text[256] = "";
    size_t used = 0;
    if (strcmp(method, "GET") != 0)
        used = (size_t)snprintf(text, sizeof text, "%.16s", method);
    for (char *p = text; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    add_path(path, text, used, sizeof text);
    draft_names_make(*text ? text : "root", out);
}

static bool is_stream_name(const struct draft *d, const char *name)
{
    for (size_t i = 0; i < d->n_streams; i++)
        if (d->streams[i].name && strcmp(d->streams[i].name, name) == 0)
            return true;
    return false;
}

int draft_names_streams(struct draft *d, struct err *e)
{
    for (size_t i = 0; i < d->n_streams; i++) {
        struct draft_stream *s = &d->streams[i];
        char made[PLAN_NAME_BYTES], name[PLAN_NAME_BYTES];
        if (s->name)
            continue;
        draft_names_make(s->group ? s->group : i == 0 ? d->name : s->origin + strcspn(s->origin, ":"), made);
        snprintf(name, sizeof name, "%s", made);
        for (unsigned k = 2; is_stream_name(d, name); k++)
            snprintf(name, sizeof name, "%.26s-%u", made, k);
        if (!(s->name = arena_text(&d->arena, name, e)))
            return -1;
    }
    return 0;
}
