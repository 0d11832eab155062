#include "comparison_output.h"

#include "comparison.h"
#include "err.h"
#include "gate.h"
#include "markdown.h"
#include "text_out.h"

#include <stdlib.h>

/* The sentence as text on one line; -1 when memory is short. */
static int write_sentence(FILE *out, const struct comparison *c, struct err *e)
{
    struct text_out text;
    if (text_out_begin(&text))
        comparison_sentence(text.file, c);
    char *sentence = text_out_end(&text);
    if (!sentence)
        return err_set(e, ERR_FAILED, "out of memory");
    fputs("**", out);
    markdown_text(out, sentence);
    fputs("**\n", out);
    free(sentence);
    return 0;
}

static void write_gates(FILE *out, const struct comparison *c, const struct gates *gates)
{
    char line[GATE_LINE_BYTES];
    if (gates->n > 0)
        fputs("\n", out);
    for (size_t i = 0; i < gates->n; i++) {
        fputs("- ", out);
        markdown_code(out, gates->rows[i].text);
        fputs(" ", out);
        markdown_text(out, gate_line(gates, i, c, line));
        fputs("\n", out);
    }
}

static void write_table(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    struct comparison_row rows[COMPARISON_ROWS];
    char about[COMPARISON_ABOUT_BYTES];
    const struct markdown_column columns[COMPARISON_CELLS] = {
        { "", false },     { pair->a.label, true },   { pair->b.label, true },
        { "ratio", true }, { "95 % interval", true }, { "decision", false }
    };
    fputs("\n", out);
    markdown_head(out, columns, COMPARISON_CELLS);
    const size_t n = comparison_rows(c, rows);
    for (size_t k = 0; k < n; k++) {
        const char *cells[COMPARISON_CELLS];
        for (int i = 0; i < COMPARISON_CELLS; i++)
            cells[i] = rows[k].cells[i];
        markdown_row(out, cells, COMPARISON_CELLS);
    }
    fputs("\n", out);
    markdown_text(out, comparison_about(c, about));
    fputs("\n", out);
}

static void write_notes(FILE *out, const struct note_list *notes)
{
    fputs("\n<details><summary>Notes</summary>\n\n", out);
    for (size_t i = 0; i < notes->n; i++) {
        fputs("- ", out);
        markdown_text(out, notes->rows[i].heading);
        fputs(*notes->rows[i].heading ? ": " : "", out);
        markdown_text(out, notes->rows[i].text);
        fputs("\n", out);
    }
    fputs("\n</details>\n", out);
}

int comparison_markdown(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e)
{
    const struct comparison_pair *pair = comparison_first(c);
    struct note_list notes = comparison_notes(c);
    int status = notes.is_short ? err_set(e, ERR_FAILED, "out of memory") : write_sentence(out, c, e);
    if (!status) {
        write_gates(out, c, gates);
        if (pair)
            write_table(out, c, pair);
        if (notes.n > 0)
            write_notes(out, &notes);
    }
    note_list_fini(&notes);
    return status;
}
