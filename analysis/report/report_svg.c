#include "report_html.h"

#include <string.h>

/* Where an id is defined or referred to; what follows is the id. */
static const char *const before_id[] = { " id=\"",   " id='",   "\tid=\"", "\nid=\"",
                                         "href=\"#", "href='#", "url(#",   NULL };
/* What tells a reader nothing: gnuplot writes its own name as the tooltip of every drawing. */
static const char *const dropped[][2] = { { "<title>", "</title>" },
                                          { "<desc>", "</desc>" },
                                          { "<!--", "-->" } };

/* Length of the text at `at` when it is to be dropped, else 0. */
static size_t dropped_bytes(const char *at)
{
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        if (strncmp(at, dropped[i][0], strlen(dropped[i][0])) != 0)
            continue;
        const char *end = strstr(at, dropped[i][1]);
        return end ? (size_t)(end - at) + strlen(dropped[i][1]) : 0;
    }
    return 0;
}

static size_t id_prefix_bytes(const char *at)
{
    for (const char *const *before = before_id; *before; before++)
        if (strncmp(at, *before, strlen(*before)) == 0)
            return strlen(*before);
    return 0;
}

void report_html_svg(FILE *out, const char *svg, const char *prefix)
{
    const char *at = strstr(svg, "<svg");
    while (at && *at) {
        const size_t skip = dropped_bytes(at), id = id_prefix_bytes(at);
        if (id > 0) {
            fwrite(at, 1, id, out);
            fprintf(out, "%s-", prefix);
        } else if (skip == 0) {
            putc(*at, out);
        }
        at += skip ? skip : id ? id : 1;
    }
}
