#include "summary.h"
#include "text_out.h"
#include "within_pair.h"
#include "within_sentence.h"

#include <stdlib.h>

enum { INDENT = 2 };

int summary_verdict(const struct summary *s, FILE *out)
{
    struct text_out text;
    if (!s->sides)
        return 0;
    if (text_out_begin(&text)) {
        if (within_sentence(text.file, &s->sides[0], &s->sides[1])) {
            fputs(" ", text.file);
            within_doubt(text.file, s->scenario_file);
        }
    }
    char *sentence = text_out_end(&text);
    if (sentence)
        summary_prose(s, out, sentence, INDENT, 0);
    free(sentence);
    return sentence ? 0 : -1;
}
