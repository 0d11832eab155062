#include "summary.h"

#include <string.h>

void summary_wrap(FILE *out, const char *text, size_t used)
{
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t n = strlen(text);
        if (n > SUMMARY_COLUMNS - SUMMARY_INDENT) {
            n = SUMMARY_COLUMNS - SUMMARY_INDENT;
            while (n > 0 && text[n] != ' ')
                n--;
            n = n > 0 ? n : strcspn(text, " ");
        }
        fprintf(out, "%*s%.*s\n", used > 0 ? 0 : SUMMARY_INDENT, "", (int)n, text);
        used = 0;
        text += n;
    }
}
