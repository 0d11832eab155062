#include "topology_words.h"

#include <stdio.h>
#include <string.h>

static bool only(const char *text, const char *also)
{
    for (; *text; text++) {
        const bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
                           (*text >= '0' && *text <= '9');
        if (!plain && !strchr(also, *text))
            return false;
    }
    return true;
}

bool topology_is_name(const char *text)
{
    return only(text, "_-");
}

bool topology_is_word(const char *text)
{
    return only(text, "_-.");
}

bool topology_is_path(const char *text)
{
    const size_t length = strlen(text);
    return text[0] == '/' && only(text, "_-./") && !strstr(text, "//") &&
           (length == 1 || text[length - 1] != '/');
}

bool topology_is_cluster_path(const char *text)
{
    return topology_is_path(text) && text[1] != '\0';
}

bool topology_is_printable(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

bool topology_is_image(const char *text)
{
    return strncmp(text, "ami-", 4) == 0 && text[4] &&
           strspn(text + 4, "0123456789abcdef") == strlen(text + 4);
}

bool topology_is_date(const char *text)
{
    unsigned year, month, day;
    int used = 0;
    return sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &used) == 3 && used == 10 && text[10] == '\0' &&
           month - 1 < 12 && day - 1 < 31;
}
