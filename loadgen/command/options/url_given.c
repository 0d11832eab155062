#include "url_given.h"

#include "input_files.h"

#include <stdio.h>
#include <string.h>

#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

static bool has_scheme(const char *word)
{
    const size_t length = strcspn(word, ":/?#");
    return length > 0 && strncmp(word + length, "://", 3) == 0;
}

/* Endings that a file has and no host. */
static bool ends_as_file(const char *word)
{
    static const char *const endings[] = { ".yaml", ".yml", ".json", ".js", ".lua", ".csv", ".txt" };
    const size_t length = strcspn(word, "?#");
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t n = strlen(endings[i]);
        if (length > n && strncmp(word + length - n, endings[i], n) == 0)
            return true;
    }
    return false;
}

/* Whether the first `length` characters are HOST:PORT, :PORT or [IPv6]:PORT, or a HOST that is no plain word.
 */
static bool is_authority(const char *text, size_t length, bool may_be_name)
{
    const size_t host = *text == '[' ? strcspn(text, "]") + 1 : strspn(text, HOST_CHARACTERS);
    if (host > length)
        return false;
    const size_t port = text[host] == ':' ? strspn(text + host + 1, "0123456789") : 0;
    if (host + (port > 0 ? 1 + port : 0) != length || (host > 0 && (*text == '.' || *text == '-')))
        return false;
    return port > 0 || *text == '[' || (host == 9 && strncmp(text, "localhost", 9) == 0) ||
           (may_be_name && memchr(text, '.', host));
}

bool url_given_is(const struct input_files *in, const char *word)
{
    const size_t length = strcspn(word, "/?#");
    if (has_scheme(word))
        return true;
    if (input_files_has(in, word))
        return false;
    /* With a user name it is refused as a URL, without an echo of the password. */
    return memchr(word, '@', length) || is_authority(word, length, !ends_as_file(word));
}

/* A password may hold any character, also one that should be escaped. */
const char *url_given_shown(const char *word, char *out)
{
    const char *authority = has_scheme(word) ? strstr(word, "://") + 3 : word;
    const char *at = strrchr(authority, '@');
    if (at)
        snprintf(out, URL_GIVEN_SHOWN_BYTES, "%.*s...%.48s",
                 authority - word < 16 ? (int)(authority - word) : 16, word, at);
    else
        snprintf(out, URL_GIVEN_SHOWN_BYTES, "%.64s", word);
    return out;
}

char *url_given_whole(const char *word)
{
    char *whole = NULL;
    if (has_scheme(word))
        return strdup(word);
    return asprintf(&whole, "http://%s%s", *word == ':' ? "localhost" : "", word) < 0 ? NULL : whole;
}
