#include "word_out.h"

#include "arena.h"
#include "plan.h"

#include <ctype.h>
#include <stdlib.h>

int word_out_begin(struct word_out *w, struct err *e)
{
    *w = (struct word_out){ 0 };
    return text_out_begin(&w->text) ? 0 : plan_out_of_memory(e);
}

void word_out_byte(struct word_out *w, char c)
{
    if (w->has_brace && (c == '{' || c == '_' || isalnum((unsigned char)c)))
        fputc('{', w->text.file);
    fputc(c, w->text.file);
    w->has_brace = c == '{';
}

void word_out_code(struct word_out *w, uint32_t code)
{
    if (code < 0x80) {
        word_out_byte(w, (char)code);
        return;
    }
    const unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char first[] = { 0, 0xC0, 0xE0, 0xF0 };
    word_out_byte(w, (char)(first[more] | code >> 6 * more));
    for (unsigned i = more; i-- > 0;)
        word_out_byte(w, (char)(0x80 | (code >> 6 * i & 0x3F)));
}

/* A brace at the end is doubled, too: another word may follow. */
static void settle(struct word_out *w)
{
    if (w->has_brace)
        fputc('{', w->text.file);
    w->has_brace = false;
}

void word_out_words(struct word_out *w, const char *template, size_t length)
{
    settle(w);
    fwrite(template, 1, length, w->text.file);
}

const char *word_out_end(struct word_out *w, struct arena *a, struct err *e)
{
    settle(w);
    char *text = text_out_end(&w->text);
    if (!text) {
        plan_out_of_memory(e);
        return NULL;
    }
    const char *copy = arena_text(a, text, e);
    free(text);
    return copy;
}
