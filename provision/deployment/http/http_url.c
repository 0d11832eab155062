#include "http_url.h"

#include <stdio.h>
#include <string.h>

/* Up to the query or fragment; but with an '@' in these, it may be a password that holds the '?' or '#'. */
static size_t length_shown(const char *rest)
{
    const size_t length = strcspn(rest, "?#");
    return strchr(rest + length, '@') ? 0 : length;
}

/* A password may hold any character, also one that should be escaped: the last '@' ends it. */
static size_t length_of_user(const char *rest, size_t length)
{
    const char *at = memrchr(rest, '@', length);
    return at ? (size_t)(at - rest) : 0;
}

const char *http_url_shown(const char *url, char out[static HTTP_URL_SHOWN_BYTES])
{
    const size_t scheme = strcspn(url, ":/?#@");
    const char *rest = strncmp(url + scheme, "://", 3) == 0 ? url + scheme + 3 : url;
    const size_t length = length_shown(rest);
    const size_t user = length_of_user(rest, length);
    snprintf(out, HTTP_URL_SHOWN_BYTES, "%.*s%s%.*s%s", (int)(rest - url), url, user ? "..." : "",
             (int)(length - user), rest + user, rest[length] ? "..." : "");
    return out;
}
