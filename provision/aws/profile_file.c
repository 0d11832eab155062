#include "profile_file.h"

#include "err.h"

#include <string.h>
#include <strings.h>

enum { SECTIONS_MOST = 1024 };

struct reading {
    const char *path;
    struct profile_entry entry;
    struct profile_span seen[SECTIONS_MOST];
    size_t n_seen;
    profile_visit_fn *visit;
    void *payload;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct profile_span trim(struct profile_span s)
{
    while (s.length_bytes > 0 && is_blank(s.text[0])) {
        s.text++;
        s.length_bytes--;
    }
    while (s.length_bytes > 0 && is_blank(s.text[s.length_bytes - 1]))
        s.length_bytes--;
    return s;
}

static bool spans_equal(struct profile_span a, struct profile_span b)
{
    return a.length_bytes == b.length_bytes && memcmp(a.text, b.text, a.length_bytes) == 0;
}

bool profile_span_is(struct profile_span span, const char *text)
{
    return span.length_bytes == strlen(text) && memcmp(span.text, text, span.length_bytes) == 0;
}

bool profile_span_is_key(struct profile_span span, const char *key)
{
    return span.length_bytes == strlen(key) && strncasecmp(span.text, key, span.length_bytes) == 0;
}

static int read_section(struct reading *r, struct profile_span line, struct err *e)
{
    const char *end = memchr(line.text, ']', line.length_bytes);
    if (!end)
        return err_set(e, ERR_INPUT, "%s:%u: a section's name must end with ']'", r->path, r->entry.line);
    const struct profile_span name =
        trim((struct profile_span){ line.text + 1, (size_t)(end - line.text) - 1 });
    for (size_t i = 0; i < r->n_seen; i++)
        if (spans_equal(r->seen[i], name))
            return err_set(e, ERR_INPUT, "%s:%u: the section [%.*s] stands in this file twice; remove one",
                           r->path, r->entry.line, (int)(name.length_bytes < 64 ? name.length_bytes : 64),
                           name.text);
    if (r->n_seen == SECTIONS_MOST)
        return err_set(e, ERR_INPUT, "%s:%u: more than %d sections", r->path, r->entry.line, SECTIONS_MOST);
    r->seen[r->n_seen++] = name;
    const unsigned line_number = r->entry.line;
    r->entry = (struct profile_entry){ .section = name, .line = line_number };
    return r->visit(r->payload, &r->entry, e);
}

static int read_pair(struct reading *r, struct profile_span line, bool nested, struct err *e)
{
    const char *equals = memchr(line.text, '=', line.length_bytes);
    if (r->n_seen == 0)
        return err_set(e, ERR_INPUT,
                       "%s:%u: a setting before the first section; begin with a line such as [default]",
                       r->path, r->entry.line);
    if (!equals && nested)
        return 0; /* the rest of a value of several lines: nothing that is read here has one */
    if (!equals || equals == line.text)
        return err_set(e, ERR_INPUT, "%s:%u: expected 'key = value'", r->path, r->entry.line);
    struct profile_entry entry = r->entry;
    entry.key = trim((struct profile_span){ line.text, (size_t)(equals - line.text) });
    entry.value =
        trim((struct profile_span){ equals + 1, line.length_bytes - (size_t)(equals - line.text) - 1 });
    if (!nested) {
        entry.parent = (struct profile_span){ 0 };
        r->entry.parent = entry.key;
    }
    return r->visit(r->payload, &entry, e);
}

static int read_line(struct reading *r, struct profile_span raw, struct err *e)
{
    const bool nested = raw.length_bytes > 0 && (raw.text[0] == ' ' || raw.text[0] == '\t');
    const struct profile_span line = trim(raw);
    if (line.length_bytes == 0 || line.text[0] == '#' || line.text[0] == ';')
        return 0;
    if (memchr(line.text, '\0', line.length_bytes))
        return err_set(e, ERR_INPUT, "%s:%u: a NUL byte; is this a text file?", r->path, r->entry.line);
    if (line.text[0] == '[' && !nested)
        return read_section(r, line, e);
    return read_pair(r, line, nested, e);
}

int profile_file_read(const char *text, size_t length_bytes, const char *path, profile_visit_fn *visit,
                      void *payload, struct err *e)
{
    struct reading r = { .path = path, .visit = visit, .payload = payload };
    const char *at = text;
    const char *end = text + length_bytes;

    if (length_bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        r.entry.line++;
        if (read_line(&r, (struct profile_span){ at, (size_t)(stop - at) }, e) < 0)
            return -1;
        at = newline ? newline + 1 : end;
    }
    return 0;
}
