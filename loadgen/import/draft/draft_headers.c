#include "draft_headers.h"

#include "utf8.h"

#include <string.h>
#include <strings.h>

enum { HEADERS_MOST = 64 };

/* RFC 9110, section 5.6.2. */
static bool is_token(const char *text)
{
    static const char allowed[] =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && strspn(text, allowed) == strlen(text);
}

static bool is_value(const char *text)
{
    for (const char *p = text; *p; p++)
        if (((unsigned char)*p < ' ' && *p != '\t') || *p == 127)
            return false;
    return utf8_is_valid(text);
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcasecmp(*names, name) == 0)
            return true;
    return false;
}

/* Those of which a message has at most one: the last one given counts. */
static const char *const singles[] = {
    "host", "user-agent", "authorization", "content-type", "referer", NULL
};
static const char *const own[] = {
    "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection",
    "upgrade",        "http2-settings",    "te",         "trailer",    NULL
};

static struct draft_field *find(struct draft_step *s, const char *name)
{
    for (size_t i = 0; i < s->headers.n; i++)
        if (strcasecmp(s->headers.items[i].name, name) == 0)
            return &s->headers.items[i];
    return NULL;
}

/* RFC 9110, section 5.3; cookies have a form of their own. */
static int join(struct draft *d, struct draft_field *f, const char *value, struct err *e)
{
    const char *between = strcasecmp(f->name, "cookie") == 0 ? "; " : ", ";
    f->value = is_one_of(f->name, singles) ? arena_text(&d->arena, value, e)
                                           : arena_format(&d->arena, e, "%s%s%s", f->value, between, value);
    return f->value ? 0 : -1;
}

int draft_headers_add(struct draft *d, struct draft_step *s, const char *place, const char *name,
                      const char *value, struct err *e)
{
    if (is_one_of(name, own) || *name == ':')
        return 0;
    if (!is_token(name) || !is_value(value))
        return draft_note(d, e, "%s: header %.64s: no HTTP message can hold it", place, name);
    struct draft_field *given = find(s, name);
    if (given)
        return join(d, given, value, e);
    if (s->headers.n == HEADERS_MOST)
        return draft_note(d, e, "%s: more than %d headers", place, HEADERS_MOST);
    return draft_add_field(d, &s->headers, name, value, e);
}

int draft_headers_add_default(struct draft *d, struct draft_step *s, const char *name, const char *value,
                              struct err *e)
{
    return find(s, name) ? 0 : draft_add_field(d, &s->headers, name, value, e);
}
