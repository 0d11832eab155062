#include "profile_file.h"

#include "err.h"

#include <string.h>
#include <strings.h>

enum { SECTIONS_MOST = 1024, KEYS_MOST = 256 };

struct reading {
    const char *path;
    struct profile_entry entry;
    struct profile_span seen[SECTIONS_MOST];
    size_t n_seen;
    struct profile_span keys[KEYS_MOST]; /* of the current section */
    size_t n_keys;
    size_t indent;          /* of the last line that did not continue another */
    bool has_value;         /* the current key has a value in its own line */
    unsigned doubtful_line; /* may be the end of the value above it; 0: none */
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
    r->n_keys = 0;
    const unsigned line_number = r->entry.line;
    r->entry = (struct profile_entry){ .section = name, .line = line_number };
    return r->visit(r->payload, &r->entry, e);
}

/* Names of settings are such words; the text of a token seldom is. */
static bool is_word(struct profile_span s, bool may_have_capitals)
{
    for (size_t i = 0; i < s.length_bytes; i++) {
        const char c = s.text[i];
        const bool is_capital = c >= 'A' && c <= 'Z';
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr("_-.", c) &&
            !(is_capital && may_have_capitals))
            return false;
    }
    return s.length_bytes > 0;
}

/* "key = value", split at the first '='; false where there is none. */
static bool split(struct profile_span line, struct profile_entry *entry)
{
    const char *equals = memchr(line.text, '=', line.length_bytes);
    if (!equals || equals == line.text)
        return false;
    entry->key = trim((struct profile_span){ line.text, (size_t)(equals - line.text) });
    entry->value =
        trim((struct profile_span){ equals + 1, line.length_bytes - (size_t)(equals - line.text) - 1 });
    return true;
}

/* The second line of a value that was wrapped when pasted can look like a setting, since it ends with '='. */
static bool is_setting(const struct profile_entry *entry)
{
    const bool has_value = entry->value.length_bytes > 0;
    return is_word(entry->key, has_value) && !(has_value && entry->value.text[0] == '=');
}

static bool is_pasted(struct profile_span key)
{
    return profile_span_is_key(key, "aws_access_key_id") ||
           profile_span_is_key(key, "aws_secret_access_key") ||
           profile_span_is_key(key, "aws_session_token") || profile_span_is_key(key, "aws_security_token");
}

/* Behind a pasted value, "abc1=" is more of it rather than a setting without a value. Names with an
 * underscore are settings: base64 has none. */
static bool may_be_pasted(const struct profile_entry *entry)
{
    return entry->value.length_bytes == 0 && !memchr(entry->key.text, '_', entry->key.length_bytes) &&
           !profile_span_is_key(entry->key, "region") && !profile_span_is_key(entry->key, "output");
}

static int refuse_line(const struct reading *r, unsigned line, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s:%u: expected 'key = value', all of it in one line", r->path, line);
}

/* A setting without a value is one only if settings of its own follow, as below "s3 =". */
static int end_doubt(struct reading *r, bool is_nested, struct err *e)
{
    const unsigned line = r->doubtful_line;
    r->doubtful_line = 0;
    return line == 0 || is_nested ? 0 : refuse_line(r, line, e);
}

static int note_key(struct reading *r, struct profile_span key, struct err *e)
{
    for (size_t i = 0; i < r->n_keys; i++)
        if (r->keys[i].length_bytes == key.length_bytes &&
            strncasecmp(r->keys[i].text, key.text, key.length_bytes) == 0)
            return err_set(e, ERR_INPUT, "%s:%u: '%.*s' stands in its section twice; remove one", r->path,
                           r->entry.line, (int)(key.length_bytes < 64 ? key.length_bytes : 64), key.text);
    if (r->n_keys == KEYS_MOST)
        return err_set(e, ERR_INPUT, "%s:%u: more than %d settings in a section", r->path, r->entry.line,
                       KEYS_MOST);
    r->keys[r->n_keys++] = key;
    return 0;
}

static int read_pair(struct reading *r, struct profile_span line, struct err *e)
{
    if (r->n_seen == 0)
        return err_set(e, ERR_INPUT,
                       "%s:%u: a setting before the first section; begin with a line such as [default]",
                       r->path, r->entry.line);
    struct profile_entry entry = r->entry;
    entry.parent = (struct profile_span){ 0 };
    if (!split(line, &entry) || !is_setting(&entry))
        return refuse_line(r, r->entry.line, e);
    if (note_key(r, entry.key, e))
        return -1;
    if (is_pasted(r->entry.parent) && may_be_pasted(&entry))
        r->doubtful_line = r->entry.line;
    r->entry.parent = entry.key;
    r->has_value = entry.value.length_bytes > 0;
    return r->visit(r->payload, &entry, e);
}

/* A line that belongs to the key above: a setting of its own, or more of the value. */
static int read_nested(struct reading *r, struct profile_span line, struct err *e)
{
    struct profile_entry entry = r->entry;
    const bool is_pair = split(line, &entry) && is_setting(&entry);
    if (!is_pair) {
        entry.key = (struct profile_span){ 0 };
        entry.value = line;
        entry.goes_on = true;
    }
    return is_pair || r->has_value ? r->visit(r->payload, &entry, e) : 0;
}

/* Lines that are indented further belong to the key above, as in Python's configparser, which botocore uses.
 */
static int read_line(struct reading *r, struct profile_span raw, struct err *e)
{
    const struct profile_span line = trim(raw);
    if (line.length_bytes == 0 || line.text[0] == '#' || line.text[0] == ';')
        return 0;
    if (memchr(line.text, '\0', line.length_bytes))
        return err_set(e, ERR_INPUT, "%s:%u: a NUL byte; is this a text file?", r->path, r->entry.line);
    const size_t indent = (size_t)(line.text - raw.text);
    const bool is_nested = r->n_keys > 0 && indent > r->indent;
    if (end_doubt(r, is_nested, e))
        return -1;
    if (is_nested)
        return read_nested(r, line, e);
    r->indent = indent;
    return line.text[0] == '[' ? read_section(r, line, e) : read_pair(r, line, e);
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
    return end_doubt(&r, false, e);
}
