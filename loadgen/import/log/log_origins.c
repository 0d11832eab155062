#include "log_origins.h"

#include <ctype.h>
#include <string.h>

static void drop_end(char *text, const char *end)
{
    const size_t length = strlen(text), n = strlen(end);
    if (length > n && strcmp(text + length - n, end) == 0)
        text[length - n] = '\0';
}

const char *log_origins_text(const char *origin, char out[static LOG_ORIGIN_BYTES])
{
    const size_t length = strlen(origin);
    *out = '\0';
    if (length >= LOG_ORIGIN_BYTES)
        return out;
    for (size_t i = 0; i <= length; i++)
        out[i] = (char)tolower((unsigned char)origin[i]);
    drop_end(out, strncmp(out, "https:", 6) == 0 ? ":443" : ":80");
    return out;
}

void log_origins_count(struct log_origins *o, const char *origin)
{
    char text[LOG_ORIGIN_BYTES];
    size_t i = 0;
    if (!*log_origins_text(origin, text))
        return;
    while (i < o->n && strcmp(o->list[i].text, text) != 0)
        i++;
    if (i == LOG_ORIGINS_MOST) {
        o->n_more++;
        return;
    }
    if (i == o->n)
        memcpy(o->list[o->n++].text, text, sizeof text);
    o->list[i].n++;
}

const char *log_origins_main(const struct log_origins *o)
{
    const struct log_origin *most = NULL;
    for (size_t i = 0; i < o->n; i++)
        if (!most || o->list[i].n > most->n)
            most = &o->list[i];
    return most ? most->text : NULL;
}
