/* A comparison on the terminal: the sentence, the numbers of both arms with their ratios, the notes. */
#include "comparison.h"
#include "note_list.h"
#include "table.h"

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

int comparison_print(FILE *out, const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    struct note_list notes = comparison_notes(c);
    comparison_sentence(out, c);
    fputs("\n", out);
    int status = notes.is_short ? -1 : 0;
    if (pair) {
        fputs("\n", out);
        status |= print_table(out, c, pair);
        fputs("\n", out);
    }
    for (size_t i = 0; i < notes.n; i++)
        fprintf(out, "  %-18s %s\n", notes.rows[i].heading, notes.rows[i].text);
    note_list_fini(&notes);
    return status;
}
