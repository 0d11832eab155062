#include "cookie_jar.h"

#include "cookie_parse.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ALIGNED_BYTES = 8, SMALLEST_BYTES = 128 };

/* A cookie in the block, followed by its name, value, path and domain. */
struct stored {
    int64_t expires_s;
    uint16_t name_bytes, value_bytes, path_bytes;
    uint16_t domain_bytes; /* 0: the host itself */
};

static size_t aligned(size_t n_bytes)
{
    return (n_bytes + ALIGNED_BYTES - 1) & ~(size_t)(ALIGNED_BYTES - 1);
}

static size_t size_of(const struct stored *c)
{
    return aligned(sizeof *c + (size_t)c->name_bytes + c->value_bytes + c->path_bytes + c->domain_bytes);
}

static const char *name_of(const struct stored *c)
{
    return (const char *)(c + 1);
}

static const char *path_of(const struct stored *c)
{
    return name_of(c) + c->name_bytes + c->value_bytes;
}

static const char *domain_of(const struct stored *c)
{
    return path_of(c) + c->path_bytes;
}

static struct stored *at_offset(const struct cookie_jar *jar, size_t offset)
{
    return (struct stored *)(void *)(jar->bytes + offset);
}

static size_t first_offset(const struct cookie_jar *jar)
{
    return aligned(jar->path_bytes);
}

void cookie_origin_init(struct cookie_origin *origin, const char *host, bool is_secure)
{
    unsigned char address[sizeof(struct in6_addr)];
    const bool is_address = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
    *origin = (struct cookie_origin){ host, strlen(host), is_secure, is_address };
}

void cookie_jar_fini(struct cookie_jar *jar)
{
    free(jar->bytes);
    *jar = (struct cookie_jar){ 0 };
}

void cookie_jar_empty(struct cookie_jar *jar)
{
    jar->n_cookies = 0;
    jar->n_bytes = (uint32_t)first_offset(jar);
}

/* Makes the bytes from `offset` on move by `change`. False when memory is short. */
static bool shift(struct cookie_jar *jar, size_t offset, ptrdiff_t change)
{
    const size_t n_bytes = (size_t)((ptrdiff_t)jar->n_bytes + change);
    if (n_bytes > jar->room_bytes) {
        size_t room = jar->room_bytes ? jar->room_bytes : SMALLEST_BYTES;
        while (room < n_bytes)
            room *= 2;
        char *bytes = realloc(jar->bytes, room);
        if (!bytes)
            return false;
        jar->bytes = bytes;
        jar->room_bytes = (uint32_t)room;
    }
    char *from = jar->bytes + (change < 0 ? (ptrdiff_t)offset - change : (ptrdiff_t)offset);
    char *to = change < 0 ? jar->bytes + offset : from + change;
    memmove(to, from, (size_t)(jar->bytes + jar->n_bytes - from));
    jar->n_bytes = (uint32_t)n_bytes;
    return true;
}

static void remove_at(struct cookie_jar *jar, size_t offset)
{
    shift(jar, offset, -(ptrdiff_t)size_of(at_offset(jar, offset)));
    jar->n_cookies--;
}

/* Without the query. */
static size_t path_length(const char *path, size_t n_bytes)
{
    size_t n = 0;
    while (n < n_bytes && path[n] != '?' && path[n] != '#')
        n++;
    return n;
}

/* The default path of cookies that an answer sets (RFC 6265 section 5.1.4). */
static void note_path(struct cookie_jar *jar, const char *path, size_t n_bytes)
{
    const char *slash = n_bytes > 0 ? memrchr(path, '/', n_bytes) : NULL;
    const size_t n = slash ? (size_t)(slash - path) : 0;
    const size_t kept = n <= COOKIE_BYTES_MOST ? n : 0;
    if (kept == jar->path_bytes && (kept == 0 || memcmp(jar->bytes, path, kept) == 0))
        return;
    const ptrdiff_t change = (ptrdiff_t)aligned(kept) - (ptrdiff_t)aligned(jar->path_bytes);
    if (!shift(jar, change < 0 ? aligned(kept) : first_offset(jar), change))
        return;
    jar->path_bytes = (uint16_t)kept;
    memcpy(jar->bytes, path, kept);
}

/* RFC 6265 section 5.1.4. */
static bool is_for_path(const struct stored *c, const char *path, size_t n_bytes)
{
    const size_t n = c->path_bytes;
    if (n > n_bytes || memcmp(path_of(c), path, n) != 0)
        return false;
    return n == n_bytes || path_of(c)[n - 1] == '/' || path[n] == '/';
}

static char *write_one(const struct stored *c, char *out)
{
    memcpy(out, name_of(c), c->name_bytes);
    out += c->name_bytes;
    *out++ = '=';
    memcpy(out, name_of(c) + c->name_bytes, c->value_bytes);
    out += c->value_bytes;
    *out++ = ';';
    *out++ = ' ';
    return out;
}

size_t cookie_jar_bytes_most(const struct cookie_jar *jar)
{
    return jar->n_bytes - first_offset(jar);
}

/* Longer paths first; of equal ones, what came first. */
static char *write_all(const struct cookie_jar *jar, const char *path, size_t path_bytes, int64_t now_s,
                       char *out)
{
    size_t longest = SIZE_MAX; /* of the paths not yet written */
    size_t next;
    do {
        next = 0;
        for (size_t at = first_offset(jar); at < jar->n_bytes; at += size_of(at_offset(jar, at))) {
            const struct stored *c = at_offset(jar, at);
            if (c->expires_s <= now_s || !is_for_path(c, path, path_bytes))
                continue;
            if (c->path_bytes == longest)
                out = write_one(c, out);
            else if (c->path_bytes < longest && c->path_bytes > next)
                next = c->path_bytes;
        }
        longest = next;
    } while (next > 0);
    return out;
}

size_t cookie_jar_write(struct cookie_jar *jar, const char *path, size_t path_bytes, int64_t now_s, char *out,
                        size_t room)
{
    const size_t n_bytes = path_length(path, path_bytes);
    note_path(jar, path, n_bytes);
    if (jar->n_cookies == 0 || room < cookie_jar_bytes_most(jar))
        return 0;
    const char *end = write_all(jar, path, n_bytes, now_s, out);
    return end > out ? (size_t)(end - out) - 2 : 0;
}

/* RFC 6265 section 5.1.3. A domain of one label is that of many sites. */
static bool is_domain_of(const struct cookie_origin *origin, const struct cookie_text *domain)
{
    const size_t n = domain->n_bytes;
    if (n > origin->host_bytes || strncasecmp(origin->host + origin->host_bytes - n, domain->at, n) != 0)
        return false;
    if (n == origin->host_bytes)
        return true;
    return !origin->is_address && origin->host[origin->host_bytes - n - 1] == '.' &&
           memchr(domain->at, '.', n) != NULL;
}

static bool is_same(const struct stored *c, const struct cookie_field *f)
{
    return c->name_bytes == f->name.n_bytes && c->path_bytes == f->path.n_bytes &&
           c->domain_bytes == f->domain.n_bytes && memcmp(name_of(c), f->name.at, c->name_bytes) == 0 &&
           memcmp(path_of(c), f->path.at, c->path_bytes) == 0 &&
           (c->domain_bytes == 0 || strncasecmp(domain_of(c), f->domain.at, c->domain_bytes) == 0);
}

static size_t find(const struct cookie_jar *jar, const struct cookie_field *f)
{
    size_t at = first_offset(jar);
    while (at < jar->n_bytes && !is_same(at_offset(jar, at), f))
        at += size_of(at_offset(jar, at));
    return at;
}

static void drop_expired(struct cookie_jar *jar, int64_t now_s)
{
    for (size_t at = first_offset(jar); at < jar->n_bytes;)
        if (at_offset(jar, at)->expires_s <= now_s)
            remove_at(jar, at);
        else
            at += size_of(at_offset(jar, at));
}

static char *put(char *out, const struct cookie_text *t)
{
    if (t->n_bytes > 0)
        memcpy(out, t->at, t->n_bytes);
    return out + t->n_bytes;
}

/* In the place of the cookie that it replaces, or behind the last one. */
static bool store(struct cookie_jar *jar, size_t at, const struct cookie_field *f)
{
    const struct stored head = { f->expires_s, (uint16_t)f->name.n_bytes, (uint16_t)f->value.n_bytes,
                                 (uint16_t)f->path.n_bytes, (uint16_t)f->domain.n_bytes };
    const bool is_new = at == jar->n_bytes;
    const size_t old = is_new ? 0 : size_of(at_offset(jar, at));
    const ptrdiff_t change = (ptrdiff_t)size_of(&head) - (ptrdiff_t)old;
    if (!shift(jar, change < 0 ? at + size_of(&head) : at + old, change))
        return false;
    jar->n_cookies = (uint16_t)(jar->n_cookies + is_new);
    memcpy(jar->bytes + at, &head, sizeof head);
    put(put(put(put(jar->bytes + at + sizeof head, &f->name), &f->value), &f->path), &f->domain);
    return true;
}

static bool is_too_long(const struct cookie_field *f)
{
    return f->name.n_bytes + f->value.n_bytes > COOKIE_BYTES_MOST || f->path.n_bytes > COOKIE_BYTES_MOST;
}

enum cookie_result cookie_jar_set(struct cookie_jar *jar, const struct cookie_origin *origin,
                                  const char *field, size_t n_bytes, int64_t now_s)
{
    struct cookie_field f;
    char path[COOKIE_BYTES_MOST];
    if (!cookie_parse(field, n_bytes, now_s, &f))
        return COOKIE_IGNORED;
    if ((f.domain.n_bytes > 0 && !is_domain_of(origin, &f.domain)) || (f.is_secure && !origin->is_secure))
        return COOKIE_FOREIGN;
    if (f.domain.n_bytes == origin->host_bytes)
        f.domain.n_bytes = 0;
    if (f.path.n_bytes == 0) {
        const bool is_root = jar->path_bytes == 0;
        if (!is_root) /* the block may move */
            memcpy(path, jar->bytes, jar->path_bytes);
        f.path = is_root ? (struct cookie_text){ "/", 1 } : (struct cookie_text){ path, jar->path_bytes };
    }
    if (is_too_long(&f))
        return COOKIE_TOO_LONG;
    size_t at = find(jar, &f);
    if (f.expires_s <= now_s) {
        if (at == jar->n_bytes)
            return COOKIE_IGNORED;
        remove_at(jar, at);
        return COOKIE_KEPT;
    }
    if (at == jar->n_bytes && jar->n_cookies == COOKIES_MOST) {
        drop_expired(jar, now_s);
        at = jar->n_bytes;
    }
    return (at < jar->n_bytes || jar->n_cookies < COOKIES_MOST) && store(jar, at, &f) ? COOKIE_KEPT
                                                                                      : COOKIE_JAR_FULL;
}
