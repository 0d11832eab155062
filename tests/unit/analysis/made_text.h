/* Checks of what was written from a made run: lines of a text, rows and caption of a figure. Include after
 * cm.h. */
#ifndef UNIT_ANALYSIS_MADE_TEXT_H
#define UNIT_ANALYSIS_MADE_TEXT_H

#include "made_run.h"

#include "dataset.h"
#include "figure.h"

/* Number of lines of the text that begin with `start`. */
static inline size_t made_lines(const char *text, const char *start)
{
    size_t n = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
        n += strncmp(line, start, strlen(start)) == 0;
    return n;
}

/* Whether the text has this line. */
static inline bool made_has_line(const char *text, const char *wanted)
{
    const size_t length = strlen(wanted);
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (strncmp(line, wanted, length) == 0 && (line[length] == '\n' || line[length] == '\0'))
            return true;
    return false;
}

#define assert_line(text, wanted)                                                                            \
    do {                                                                                                     \
        if (!made_has_line((text), (wanted)))                                                                \
            fail_msg("no line '%s' in\n%s", (wanted), (text));                                               \
    } while (0)
#define assert_lines(text, wanted)                                                                           \
    do {                                                                                                     \
        for (size_t line_ = 0; line_ < N_OF(wanted); line_++)                                                \
            assert_line((text), (wanted)[line_]);                                                            \
    } while (0)
#define assert_says(text, wanted)                                                                            \
    do {                                                                                                     \
        if (!strstr((text), (wanted)))                                                                       \
            fail_msg("no '%s' in\n%s", (wanted), (text));                                                    \
    } while (0)
#define assert_says_not(text, unwanted)                                                                      \
    do {                                                                                                     \
        if (strstr((text), (unwanted)))                                                                      \
            fail_msg("there is '%s' in\n%s", (unwanted), (text));                                            \
    } while (0)

/* A figure of the run: its rows and its title and caption, both owned; or why it was left out. */
struct made_figure {
    enum figure_result result;
    char *rows, *words;
    char left_out[FIGURE_REASON_BYTES];
    struct err e;
};

static inline struct made_figure made_figure(figure_fn *write, const struct dataset *data)
{
    const struct figure figure = { "figure", write };
    struct made_figure f = { .e.text = "" };
    f.result = figure_make(&figure, data, scratch_folder, f.left_out, &f.e);
    if (f.result == FIGURE_DRAWN) {
        f.rows = scratch_read(scratch_path("figure.csv"), NULL);
        f.words = scratch_read(scratch_path("figure.txt"), NULL);
        for (char *c = f.words; (c = strchr(c, '\n')); c++)
            *c = c[1] ? ' ' : '\0'; /* lines are broken anywhere */
    }
    return f;
}

static inline void made_figure_fini(struct made_figure *f)
{
    free(f->rows);
    free(f->words);
    *f = (struct made_figure){ .e.text = "" };
}

/* The figure of the run with changes in one of its files: `edits` are n / 2 pairs of old and new text. */
static inline struct made_figure made_figure_of_edited(figure_fn *write, const char *file,
                                                       const char *const *edits, size_t n)
{
    struct dataset data;
    const char *folder = made_run("edited");
    for (size_t i = 0; i < n; i += 2)
        made_edit(folder, file, edits[i], edits[i + 1]);
    made_open_dataset(&data, folder);
    const struct made_figure f = made_figure(write, &data);
    dataset_fini(&data);
    return f;
}

#endif
