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
    for (const char *at = strchr(text, '/'); at; at = strchr(at + 1, '/')) {
        const size_t dots = strspn(at + 1, "."); /* clients drop the segments "." and ".." */
        if ((dots == 1 || dots == 2) && (at[1 + dots] == '/' || !at[1 + dots]))
            return false;
    }
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

/* "arn:aws:acm:us-east-1:123456789012:certificate/..." or "arn:aws:iam::123456789012:server-certificate/...";
 * the partition may be another. */
bool topology_is_certificate(const char *text)
{
    char region[33] = "";
    int used = 0;
    if (sscanf(text, "arn:%*16[a-z-]:acm:%32[a-z0-9-]:%*12[0-9]:certificate/%n", region, &used) != 1 || !used)
        sscanf(text, "arn:%*16[a-z-]:iam::%*12[0-9]:server-certificate/%n", &used);
    return used > 0 && text[used] && only(text + used, "_-./+=,@");
}

bool topology_is_host(const char *text)
{
    size_t n_labels = 0;
    for (const char *at = text;; at++, n_labels++) {
        const size_t length = strcspn(at, ".");
        if (length == 0 || length > 63 || at[0] == '-' || at[length - 1] == '-')
            return false;
        at += length;
        if (!*at)
            break;
    }
    return n_labels > 0 && only(text, "-.");
}

bool topology_is_date(const char *text)
{
    unsigned year, month, day;
    int used = 0;
    return sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &used) == 3 && used == 10 && text[10] == '\0' &&
           month - 1 < 12 && day - 1 < 31;
}
