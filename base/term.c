#include "term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct term term_look(FILE *stream)
{
    struct term t = { .width = 80, .height = 24 };
    struct winsize size;
    const char *kind = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");

    t.live = isatty(fileno(stream)) && kind && strcmp(kind, "dumb") != 0;
    t.colour = t.live && !(no_color && *no_color);
    if (t.live && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        t.width = size.ws_col;
        t.height = size.ws_row;
    }
    return t;
}
