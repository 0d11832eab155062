#include "text_out.h"

#include <stdlib.h>

bool text_out_begin(struct text_out *t)
{
    *t = (struct text_out){ 0 };
    t->file = open_memstream(&t->text, &t->length_bytes);
    return t->file != NULL;
}

char *text_out_end(struct text_out *t)
{
    if (!t->file)
        return NULL;
    const bool is_short = ferror(t->file);
    if (fclose(t->file) == 0 && !is_short)
        return t->text;
    free(t->text);
    return NULL;
}
