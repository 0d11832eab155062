/* A comparison on the terminal: the sentence, the numbers of both arms with their ratios, the notes. */
#include "comparison.h"
#include "note_list.h"
#include "table.h"
#include "text_out.h"
#include "wrap.h"

#include <stdlib.h>

static int print_table(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    struct table t = { 0 };
    struct comparison_row rows[COMPARISON_ROWS];
    char about[COMPARISON_ABOUT_BYTES];
    const char *const heads[] = { "", pair->a.label, pair->b.label, "ratio", "95 % interval", "decision" };
    for (int i = 0; i < COMPARISON_CELLS; i++)
        table_column(&t, i == 0 || i == COMPARISON_CELLS - 1 ? TABLE_LEFT : TABLE_RIGHT, i == 0 ? 2 : 3);
    for (int i = 0; i < COMPARISON_CELLS; i++)
        table_cell(&t, "%s", heads[i]);
    const size_t n = comparison_rows(c, rows);
    for (size_t k = 0; k < n; k++)
        for (int i = 0; i < COMPARISON_CELLS; i++)
            table_cell(&t, "%s", rows[k].cells[i]);
    const int status = table_print(&t, out);
    table_fini(&t);
    fprintf(out, "  %s\n", comparison_about(c, about));
    return status;
}

/* In lines of 80 columns for a terminal, else in one, for programs that look for words. */
static void put_prose(FILE *out, const char *text, int column, bool is_wrapped)
{
    if (is_wrapped)
        wrap_print(out, text, (size_t)column, (size_t)column);
    else
        fprintf(out, "%s\n", text);
}

void comparison_print_note(FILE *out, const char *heading, const char *text, bool is_wrapped)
{
    put_prose(out, text, fprintf(out, "  %-18s ", heading), is_wrapped);
}

static int print_sentence(FILE *out, const struct comparison *c, bool is_wrapped)
{
    struct text_out text;
    if (text_out_begin(&text))
        comparison_sentence(text.file, c);
    char *sentence = text_out_end(&text);
    if (sentence)
        put_prose(out, sentence, 0, is_wrapped);
    free(sentence);
    return sentence ? 0 : -1;
}

int comparison_print(FILE *out, const struct comparison *c, bool is_wrapped)
{
    const struct comparison_pair *pair = comparison_first(c);
    struct note_list notes = comparison_notes(c);
    int status = notes.is_short ? -1 : print_sentence(out, c, is_wrapped);
    if (pair) {
        fputs("\n", out);
        status |= print_table(out, c, pair);
        fputs("\n", out);
    }
    for (size_t i = 0; i < notes.n; i++)
        comparison_print_note(out, notes.rows[i].heading, notes.rows[i].text, is_wrapped);
    note_list_fini(&notes);
    return status;
}
