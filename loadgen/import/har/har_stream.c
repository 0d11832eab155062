#include "har_stream.h"

#include "err.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 64 * 1024 };
enum { ENTRIES_DEPTH = 3, KEY_BYTES = 16 }; /* of { "log": { "entries": [ */

void har_stream_begin(struct har_stream *s, FILE *in, const char *name)
{
    *s = (struct har_stream){ .in = in, .name = name };
}

void har_stream_fini(struct har_stream *s)
{
    free(s->entry);
    s->entry = NULL;
}

static int cut(const struct har_stream *s, struct err *e)
{
    return ferror(s->in) ? err_errno(e, ERR_INPUT, "cannot read %s", s->name)
                         : err_set(e, ERR_INPUT, "%s: the file ends in the middle", s->name);
}

/* Reads a string behind its quote; what fits of it goes to `key`. -1 at the end of the file. */
static int skip_string(struct har_stream *s, char key[static KEY_BYTES])
{
    size_t n = 0;
    for (int c; (c = getc_unlocked(s->in)) != EOF;) {
        if (c == '"') {
            key[n] = '\0';
            return 0;
        }
        if (n < KEY_BYTES - 1)
            key[n++] = (char)c;
        if (c == '\\' && getc_unlocked(s->in) == EOF)
            return -1;
    }
    return -1;
}

/* Goes on until behind the `[` of the entries. */
static int find_entries(struct har_stream *s, struct err *e)
{
    char key[KEY_BYTES] = "", log[KEY_BYTES] = "";
    for (int c; (c = getc_unlocked(s->in)) != EOF;) {
        if (c == '"' && skip_string(s, key))
            return cut(s, e);
        if (c == ':' && s->depth == 1)
            memcpy(log, key, sizeof log);
        if (c == '{' || c == '[') {
            s->depth++;
            if (c == '[' && s->depth == ENTRIES_DEPTH && strcmp(key, "entries") == 0 &&
                strcmp(log, "log") == 0) {
                s->is_in_entries = true;
                return 0;
            }
        } else if ((c == '}' || c == ']') && s->depth > 0)
            s->depth--;
    }
    if (ferror(s->in))
        return cut(s, e);
    return err_set(e, ERR_INPUT, "%s: this is no HAR file: it has no log.entries", s->name);
}

/* A byte of the entry; what goes beyond the limit is dropped, and the entry with it. */
static int put(struct har_stream *s, int c, bool *is_too_large, struct err *e)
{
    if (*is_too_large)
        return 0;
    if (s->length_bytes == s->capacity) {
        const size_t capacity = s->capacity ? 2 * s->capacity : FIRST_BYTES;
        char *larger = realloc(s->entry, capacity);
        if (!larger)
            return plan_out_of_memory(e);
        s->entry = larger;
        s->capacity = capacity;
    }
    s->entry[s->length_bytes++] = (char)c;
    *is_too_large = s->length_bytes >= HAR_ENTRY_BYTES_MOST;
    return 0;
}

/* The rest of a string, whose quote is in the entry already. */
static int read_string(struct har_stream *s, bool *is_too_large, struct err *e)
{
    const size_t begin = s->length_bytes - 1;
    bool is_dropped = *is_too_large;
    for (int c; (c = getc_unlocked(s->in)) != EOF;) {
        const int escaped = c == '\\' ? getc_unlocked(s->in) : 0;
        if (escaped == EOF)
            break;
        if (!is_dropped && (put(s, c, is_too_large, e) || (escaped && put(s, escaped, is_too_large, e))))
            return -1;
        if (!is_dropped && s->length_bytes - begin > HAR_STRING_BYTES_MOST) {
            is_dropped = true;
            s->length_bytes = begin;
            for (const char *p = "null"; *p; p++)
                if (put(s, *p, is_too_large, e))
                    return -1;
        }
        if (c == '"')
            return 0;
    }
    return cut(s, e);
}

/* The rest of an entry behind its `{`. */
static int read_entry(struct har_stream *s, bool *is_too_large, struct err *e)
{
    unsigned depth = 1;
    for (int c; depth > 0;) {
        c = getc_unlocked(s->in);
        if (c == EOF)
            return cut(s, e);
        if (put(s, c, is_too_large, e) || (c == '"' && read_string(s, is_too_large, e)))
            return -1;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
    }
    return 0;
}

int har_stream_next(struct har_stream *s, struct err *e)
{
    if (!s->is_in_entries && find_entries(s, e))
        return -1;
    for (int c; (c = getc_unlocked(s->in)) != EOF && c != ']';) {
        bool is_too_large = false;
        if (c != '{')
            continue;
        s->length_bytes = 0;
        if (put(s, c, &is_too_large, e) || read_entry(s, &is_too_large, e))
            return -1;
        if (!is_too_large)
            return 1;
        s->n_too_large++;
    }
    return feof(s->in) || ferror(s->in) ? cut(s, e) : 0;
}
