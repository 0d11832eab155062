#include "arm_names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PART_BYTES = 512 };

/* http://HOST:PORT/PATH?QUERY */
struct parts {
    char scheme[16], host[PART_BYTES], port[16], path[PART_BYTES], query[PART_BYTES];
    const char *rest; /* path and query, whole */
};

static void copy(char *out, size_t out_bytes, const char *text, size_t length)
{
    snprintf(out, out_bytes, "%.*s", (int)length, text);
}

static struct parts take_apart(const char *url)
{
    struct parts p = { .scheme = "" };
    const size_t scheme = strcspn(url, ":");
    const char *host = url + scheme + 3;
    const size_t authority = strcspn(host, "/?#");
    const size_t name = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    copy(p.scheme, sizeof p.scheme, url, scheme);
    copy(p.host, sizeof p.host, host, name);
    if (name < authority)
        copy(p.port, sizeof p.port, host + name + 1, authority - name - 1);
    if (!*p.port)
        copy(p.port, sizeof p.port, strcasecmp(p.scheme, "https") == 0 ? "443" : "80", 3);
    p.rest = host[authority] ? host + authority : "/";
    const size_t path = strcspn(p.rest, "?#");
    copy(p.path, sizeof p.path, p.rest, path);
    copy(p.query, sizeof p.query, p.rest + path, strlen(p.rest + path));
    return p;
}

static bool are_one(const struct parts *a, const struct parts *b)
{
    return strcasecmp(a->scheme, b->scheme) == 0 && strcasecmp(a->host, b->host) == 0 &&
           strcmp(a->port, b->port) == 0 && strcmp(a->rest, b->rest) == 0;
}

/* Cuts what both have in common at the beginning and the end, in whole pieces between the separators. */
static void cut_common(char *a, char *b, const char *separators, bool cuts_beginning)
{
    size_t from = 0, same = 0;
    for (size_t i = 0; cuts_beginning && a[i] && a[i] == b[i]; i++)
        from = strchr(separators, a[i]) ? i + 1 : from;
    const size_t n_a = strlen(a), n_b = strlen(b);
    for (size_t i = 1; i <= n_a - from && i <= n_b - from && a[n_a - i] == b[n_b - i]; i++)
        same = strchr(separators, a[n_a - i]) ? i : same;
    a[n_a - same] = b[n_b - same] = '\0';
    memmove(a, a + from, strlen(a + from) + 1);
    memmove(b, b + from, strlen(b + from) + 1);
}

static bool is_numeric(const char *host)
{
    return *host == '[' || host[strspn(host, "0123456789.")] == '\0';
}

/* Appends what may stand in a name; other characters become one dash. */
static void append(char name[PLAN_NAME_BYTES], const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    size_t n = strlen(name);
    bool needs_dash = n > 0;
    for (; *text && n < PLAN_NAME_BYTES - 1; text++) {
        if (!strchr(allowed, *text)) {
            needs_dash = n > 0;
            continue;
        }
        if (needs_dash)
            name[n++] = '-';
        needs_dash = false;
        if (n < PLAN_NAME_BYTES - 1)
            name[n++] = *text;
    }
    name[n] = '\0';
}

static void name_one(char name[PLAN_NAME_BYTES], const struct parts *p, const struct parts *other)
{
    const bool has_host = strcmp(p->host, other->host) != 0, has_port = strcmp(p->port, other->port) != 0;
    name[0] = '\0';
    if (has_host)
        append(name, p->host);
    if (strcmp(p->scheme, other->scheme) != 0)
        append(name, p->scheme);
    else if (has_port && !has_host)
        append(name, "port");
    if (has_port && (strcmp(p->scheme, other->scheme) == 0 ||
                     (strcmp(p->port, "80") != 0 && strcmp(p->port, "443") != 0)))
        append(name, p->port);
    if (strcmp(p->path, other->path) != 0)
        append(name, *p->path ? p->path : "root");
    else
        append(name, strcmp(p->query, other->query) != 0 ? p->query : "");
    if (!*name)
        append(name, "url");
}

/* Ends both with -a and -b where they are equal. */
static void make_different(char names[2][PLAN_NAME_BYTES])
{
    if (strcmp(names[0], names[1]) != 0)
        return;
    for (int i = 0; i < 2; i++) {
        const size_t n = strlen(names[i]);
        snprintf(names[i] + (n < PLAN_NAME_BYTES - 3 ? n : PLAN_NAME_BYTES - 3), 3, "-%c", "ab"[i]);
    }
}

bool arm_names(const char *const urls[2], char names[2][PLAN_NAME_BYTES])
{
    struct parts p[2] = { take_apart(urls[0]), take_apart(urls[1]) };
    if (are_one(&p[0], &p[1]))
        return false;
    if (!is_numeric(p[0].host) && !is_numeric(p[1].host))
        cut_common(p[0].host, p[1].host, ".", false);
    cut_common(p[0].path, p[1].path, "/", true);
    cut_common(p[0].query, p[1].query, "?&", true);
    name_one(names[0], &p[0], &p[1]);
    name_one(names[1], &p[1], &p[0]);
    make_different(names);
    return true;
}
