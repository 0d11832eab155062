#include "url_parts.h"

#include "arena.h"
#include "encoded.h"
#include "err.h"
#include "plan.h"
#include "target.h"
#include "text_out.h"
#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHOWN = 80 };

static const char *const schemes[] = { "http", "https" };
static const char *const ports[] = { "80", "443" };

static int find_scheme(const char *url, size_t length, struct err *e)
{
    for (int i = 0; i < 2; i++)
        if (strlen(schemes[i]) == length && strncasecmp(url, schemes[i], length) == 0)
            return i;
    return err_set(e, ERR_INPUT, "only http and https URLs are requests here, not '%.*s'",
                   length < SHOWN ? (int)length : SHOWN, url);
}

/* HOST[:PORT], where HOST may be [IPv6]. */
static bool is_authority(const char *text, size_t length)
{
    static const char marks[] = "-._~:[]%";
    bool has_host = false;
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 128 && !isalnum(c) && !strchr(marks, c))
            return false;
        if (c >= 128)
            return false;
        has_host = has_host || c != ':';
    }
    return has_host && text[0] != ':';
}

/* What a scenario refuses is refused here. */
static int check_origin(const char *origin, struct err *e)
{
    struct plan plan = { 0 };
    const int status = target_parse_url(&plan.target, origin, e);
    plan_fini(&plan);
    return status;
}

static int check_host(const char *host, struct err *e)
{
    if (words_has(host))
        return err_set(e, ERR_INPUT, "the host of '%.*s' is not known: put it in place of the variable",
                       SHOWN, host);
    if (!is_authority(host, strlen(host)))
        return err_set(e, ERR_INPUT, "'%.*s' is not a host that a URL can name", SHOWN, host);
    return 0;
}

/* Small letters, and no port that is the scheme's own. */
static void shorten_host(char *host, int scheme)
{
    for (char *p = host; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    char *colon = strrchr(host, ':');
    if (colon && !strchr(colon, ']') && (!colon[1] || strcmp(colon + 1, ports[scheme]) == 0))
        *colon = '\0';
}

static int read_authority(struct url_parts *out, struct arena *a, int scheme, const char *text, size_t length,
                          struct err *e)
{
    size_t at = length;
    while (at > 0 && text[at - 1] != '@')
        at--;
    if (at > 0 && !(out->user = encoded_undo(a, text, at - 1, e)))
        return -1;
    char *host = arena_copy(a, text + at, length - at, e);
    if (!host || check_host(host, e))
        return -1;
    shorten_host(host, scheme);
    out->origin = arena_format(a, e, "%s://%s", schemes[scheme], host);
    return out->origin ? check_origin(out->origin, e) : -1;
}

/* RFC 3986, section 5.2.4, in place; returns the new length. */
static size_t remove_dots(char *path, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length;) {
        size_t end = i + 1;
        while (end < length && path[end] != '/')
            end++;
        const size_t segment = end - i - 1;
        const bool is_last = end == length;
        const bool is_dot = segment == 1 && path[i + 1] == '.';
        const bool is_up = segment == 2 && path[i + 1] == '.' && path[i + 2] == '.';
        if (is_up)
            while (n > 0 && path[--n] != '/')
                ;
        if (!is_dot && !is_up) {
            memmove(path + n, path + i, end - i);
            n += end - i;
        } else if (is_last)
            path[n++] = '/';
        i = end;
    }
    return n;
}

static int read_path(struct url_parts *out, struct arena *a, const char *text, bool keeps_dots, struct err *e)
{
    const size_t whole = strcspn(text, "#");
    size_t length = strcspn(text, "?#");
    char *path = arena_format(a, e, "%s%.*s", text[0] == '/' ? "" : "/", (int)length, text);
    if (!path)
        return -1;
    const char *query = text + length;
    length = keeps_dots ? strlen(path) : remove_dots(path, strlen(path));
    struct text_out made;
    if (!text_out_begin(&made))
        return plan_out_of_memory(e);
    encoded_put_path(made.file, path, length);
    encoded_put_path(made.file, query, whole - (size_t)(query - text));
    char *encoded = text_out_end(&made);
    out->path = encoded ? arena_text(a, encoded, e) : NULL;
    const bool is_short = !encoded;
    free(encoded);
    return is_short ? plan_out_of_memory(e) : out->path ? 0 : -1;
}

int url_parts_read(struct url_parts *out, struct arena *a, const char *url, bool keeps_dots, struct err *e)
{
    *out = (struct url_parts){ 0 };
    const char *mark = strstr(url, "://");
    const bool has_scheme = mark && mark < url + strcspn(url, "/?#");
    const int scheme = has_scheme ? find_scheme(url, (size_t)(mark - url), e) : 0;
    if (scheme < 0)
        return -1;
    const char *authority = has_scheme ? mark + 3 : url;
    const size_t length = strcspn(authority, "/?#");
    return read_authority(out, a, scheme, authority, length, e) ||
                   read_path(out, a, authority + length, keeps_dots, e)
               ? -1
               : 0;
}
