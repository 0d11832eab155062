#include "redirect.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_BYTES_MOST = 180 };

bool redirect_is_status(unsigned status)
{
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

/* Where the authority or, without one, the path begins. */
static size_t place_of_host(const char *location, size_t length)
{
    const char *slashes = memmem(location, length, "//", 2);
    return slashes ? (size_t)(slashes - location) + 2 : 0;
}

void redirect_note(struct redirect *r, const char *location, size_t length)
{
    static const char words[] = "redirects are not followed; the first pointed to ";
    if (r->sentence[0])
        return;
    size_t n = 0;
    while (n < length && location[n] != '?' && location[n] != '#')
        n++;
    const bool is_cut = n < length;
    while (n > 0 && (location[n - 1] == ' ' || location[n - 1] == '\t'))
        n--;
    const size_t host = place_of_host(location, n);
    const char *slash = memchr(location + host, '/', n - host);
    const char *at = memrchr(location + host, '@', slash ? (size_t)(slash - location) - host : n - host);
    char place[PLACE_BYTES_MOST + 1];
    size_t used = 0;
    for (size_t i = 0; i < n && used < PLACE_BYTES_MOST; i++)
        if (!at || i < host || location + i > at)
            place[used++] = location[i] > ' ' && location[i] <= '~' ? location[i] : '_';
    place[used] = '\0';
    snprintf(r->sentence, sizeof r->sentence, "%s%s%s", words, place, is_cut ? " ..." : "");
}
