#include "secret_header.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool contains_word(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, length) == 0)
            return true;
    return false;
}

bool secret_header_is(const char *name)
{
    static const char *const words[] = { "authorization", "cookie", "api-key", "apikey",
                                         "token",         "secret", "password" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (contains_word(name, words[i]))
            return true;
    return false;
}
