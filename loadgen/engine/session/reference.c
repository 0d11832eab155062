#include "reference.h"

static bool begins_scheme(struct span word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "0123456789+-.";
    if (word.n == 0 || !strchr(letters, word.bytes[0]))
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (!strchr(letters, word.bytes[i]) && !strchr(others, word.bytes[i]))
            return false;
    return true;
}

struct reference reference_of(struct span text)
{
    struct reference r = { .has_scheme = false };
    text = span_until(text, "#");
    const struct span word = span_until(text, ":/?");
    if (word.n < text.n && text.bytes[word.n] == ':' && begins_scheme(word)) {
        r.has_scheme = true;
        r.scheme = word;
        text = span_after(text, word.n + 1);
    }
    if (text.n >= 2 && memcmp(text.bytes, "//", 2) == 0) {
        r.has_authority = true;
        r.authority = span_until(span_after(text, 2), "/?");
        text = span_after(text, 2 + r.authority.n);
    }
    r.path = span_until(text, "?");
    r.has_query = r.path.n < text.n;
    r.query = r.has_query ? span_after(text, r.path.n + 1) : (struct span){ text.bytes, 0 };
    return r;
}

struct reference reference_of_target(struct span target)
{
    const struct span path = span_until(target, "?");
    const bool has_query = path.n < target.n;
    return (struct reference){ .path = path,
                               .has_query = has_query,
                               .query = span_after(target, has_query ? path.n + 1 : path.n) };
}

static void put(struct target_writer *w, char c)
{
    if (w->n == w->room)
        w->is_full = true;
    else
        w->bytes[w->n++] = c;
}

/* Blanks and bytes beyond ASCII, which servers do send, become what they stand for. */
static void put_span(struct target_writer *w, struct span s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.bytes[i];
        if (c > ' ' && c < 127) {
            put(w, s.bytes[i]);
        } else {
            put(w, '%');
            put(w, hex[c >> 4]);
            put(w, hex[c & 15]);
        }
    }
}

/* Removes "." and ".." from the path that fills `w` (RFC 3986 section 5.2.4). It begins with a slash. */
static void remove_dots(struct target_writer *w)
{
    size_t out = 0;
    for (size_t at = 0; at < w->n;) {
        size_t end = at + 1;
        while (end < w->n && w->bytes[end] != '/')
            end++;
        const size_t n = end - at - 1;
        const bool is_dot = n == 1 && w->bytes[at + 1] == '.';
        const bool is_up = n == 2 && w->bytes[at + 1] == '.' && w->bytes[at + 2] == '.';
        if (is_up)
            while (out > 0 && w->bytes[--out] != '/')
                ;
        if (!is_dot && !is_up) {
            memmove(w->bytes + out, w->bytes + at, n + 1);
            out += n + 1;
        } else if (end == w->n) {
            w->bytes[out++] = '/';
        }
        at = end;
    }
    w->n = out;
}

static void put_path(struct target_writer *w, const struct reference *r, const struct reference *base)
{
    if (r->path.n == 0 && !r->has_authority) {
        put_span(w, base->path);
        return;
    }
    if (r->path.n > 0 && r->path.bytes[0] != '/') {
        const char *slash = memrchr(base->path.bytes, '/', base->path.n);
        put_span(w, (struct span){ base->path.bytes, slash ? (size_t)(slash - base->path.bytes) : 0 });
    }
    if (r->path.n == 0 || r->path.bytes[0] != '/')
        put(w, '/');
    put_span(w, r->path);
    remove_dots(w);
}

void reference_resolve(const struct reference *r, const struct reference *base, struct target_writer *w)
{
    put_path(w, r, base);
    const bool is_same_path = r->path.n == 0 && !r->has_authority;
    const struct reference *with_query = is_same_path && !r->has_query ? base : r;
    if (!with_query->has_query)
        return;
    put(w, '?');
    put_span(w, with_query->query);
}
