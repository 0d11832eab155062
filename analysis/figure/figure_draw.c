#include "figure_draw.h"

#include "child.h"
#include "err.h"
#include "figure_input.h"
#include "figure_set.h"
#include "files.h"
#include "paths.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, NAME_BYTES = 64, N_FORMATS = 5 };

/* What a figure is drawn as: the format's name and the endings of its files. */
static const struct {
    const char *format, *ending, *companion;
} formats[N_FORMATS] = {
    { "svg", ".svg", NULL },     { "png", ".png", NULL },
    { "pdf", ".pdf", NULL },     { "tex", "-latex.tex", "-latex.pdf" },
    { "web", ".web.svg", NULL },
};

/* Drawing the figures of a folder. gnuplot works in `scratch`, a temporary folder within figures/: only whole
 * pictures are moved to their place, and all names that gnuplot sees are ours. */
struct drawing {
    char figures[PATH_BYTES], scratch[PATH_BYTES], style[PATH_MAX];
    bool wanted[N_FORMATS];
    FILE *messages;
    size_t n_lacking;
    bool no_gnuplot;
    char first[CHILD_SAID_BYTES + 2 * NAME_BYTES]; /* why the first one failed */
};

/* Separates the formats of a list. */
static const char between[] = ", ";

static bool is_format(const char *word, size_t length, const char *format)
{
    return strlen(format) == length && strncmp(word, format, length) == 0;
}

/* Whether the list has the format. */
static bool is_in(const char *list, const char *format)
{
    for (const char *at = list; *(at += strspn(at, between));) {
        const size_t n = strcspn(at, between);
        if (is_format(at, n, format))
            return true;
        at += n;
    }
    return false;
}

int figure_draw_check_formats(const char *list, struct err *e)
{
    size_t n_words = 0;
    for (const char *at = list; *(at += strspn(at, between)); n_words++) {
        const size_t n = strcspn(at, between);
        size_t i = 0;
        while (i < N_FORMATS && !is_format(at, n, formats[i].format))
            i++;
        if (i == N_FORMATS)
            return err_set(
                e, ERR_INPUT,
                "--formats must list some of svg, png, pdf, tex and web, such as svg,pdf; there is no '%.*s'",
                (int)(n < 40 ? n : 40), at);
        at += n;
    }
    return n_words > 0 ? 0
                       : err_set(e, ERR_INPUT,
                                 "--formats must list some of svg, png, pdf, tex and web, such as svg,pdf");
}

/* Path of FOLDER/NAME with this ending; empty, which names no file, when it is too long. */
static void path_of(const char *folder, const char *name, const char *ending, char path[PATH_BYTES])
{
    if (snprintf(path, PATH_BYTES, "%s/%s%s", folder, name, ending) >= PATH_BYTES)
        path[0] = '\0';
}

static bool is_older(const struct timespec a, const struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Whether there is such a picture; a link is none. */
static bool is_there(const struct drawing *d, const char *name, const char *ending, struct stat *picture)
{
    char path[PATH_BYTES];
    path_of(d->figures, name, ending, path);
    return lstat(path, picture) == 0 && S_ISREG(picture->st_mode) && picture->st_size > 0;
}

/* Whether the picture is missing, or older than one of the files that it is drawn from. */
static bool is_stale(const struct drawing *d, const char *name, size_t format)
{
    char path[PATH_BYTES];
    struct stat picture, source;
    const char *companion = formats[format].companion;
    if ((companion && !is_there(d, name, companion, &picture)) ||
        !is_there(d, name, formats[format].ending, &picture))
        return true;
    const struct {
        const char *folder, *name, *ending;
    } sources[] = {
        { d->figures, name, ".csv" }, { d->figures, name, ".txt" }, { d->style, name, ".gp" },
        { d->style, "style", ".gp" }, { d->style, "time", ".gp" },  { d->style, "draw", ".gp" },
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        path_of(sources[i].folder, sources[i].name, sources[i].ending, path);
        if (stat(path, &source) == 0 && is_older(picture.st_mtim, source.st_mtim))
            return true;
    }
    return false;
}

static int move(const struct drawing *d, const char *name, const char *ending)
{
    char from[PATH_BYTES], to[PATH_BYTES];
    if (!ending)
        return 0;
    path_of(d->scratch, name, ending, from);
    path_of(d->figures, name, ending, to);
    return rename(from, to);
}

/* No picture may be older than its data beside it. */
static void drop(const struct drawing *d, const char *name, const char *ending)
{
    char path[PATH_BYTES];
    if (!ending)
        return;
    path_of(d->figures, name, ending, path);
    unlink(path);
}

static void note(struct drawing *d, const char *name, const char *why, bool *is_noted)
{
    if (!*is_noted)
        fprintf(d->messages, "%s: left out: %s\n", name, why);
    if (d->n_lacking++ == 0)
        snprintf(d->first, sizeof d->first, "%.*s: %s", NAME_BYTES - 3, name, why);
    *is_noted = true;
}

static void draw_picture(struct drawing *d, const char *name, size_t format, bool *is_noted)
{
    char script[PATH_MAX + NAME_BYTES], out[NAME_BYTES], said[CHILD_SAID_BYTES],
        why[CHILD_SAID_BYTES + NAME_BYTES];
    snprintf(script, sizeof script, "%s/draw.gp", d->style);
    snprintf(out, sizeof out, "%s%s", name, formats[format].ending);
    const char *const argv[] = { "gnuplot", "-d", "-c", script, d->style, name, formats[format].format,
                                 out,       NULL };
    const enum child_end end = d->no_gnuplot ? CHILD_MISSING : child_run(argv, d->scratch, said);
    if (end == CHILD_DONE && !move(d, name, formats[format].companion) &&
        !move(d, name, formats[format].ending))
        return;
    drop(d, name, formats[format].companion);
    drop(d, name, formats[format].ending);
    d->no_gnuplot |= end == CHILD_MISSING;
    snprintf(why, sizeof why,
             end == CHILD_MISSING ? "gnuplot is not installed or not on PATH" : "gnuplot failed on %s: %s",
             out, end == CHILD_DONE ? "it drew nothing" : said);
    note(d, name, why, is_noted);
}

static int draw_figure(struct drawing *d, const char *name, struct err *e)
{
    bool is_noted = false, is_written = false;
    for (size_t i = 0; i < N_FORMATS; i++) {
        if (!d->wanted[i] || !is_stale(d, name, i))
            continue;
        if (!is_written && figure_input_write(d->figures, name, d->scratch, e))
            return -1;
        is_written = true;
        draw_picture(d, name, i, &is_noted);
    }
    return 0;
}

static int draw_all(struct drawing *d, const struct figure *list, struct err *e)
{
    char csv[PATH_BYTES];
    for (const struct figure *f = list; f->name; f++) {
        path_of(d->figures, f->name, ".csv", csv);
        if (access(csv, F_OK) == 0 && draw_figure(d, f->name, e))
            return -1;
    }
    return 0;
}

static int prepare(struct drawing *d, const char *run_folder, const char *list, struct err *e)
{
    char style[PATH_BYTES];
    if (paths_data("analysis/figures", style, sizeof style) || !realpath(style, d->style))
        return err_set(e, ERR_FAILED,
                       "the folder analysis/figures is neither beside the sources nor in the installation");
    for (size_t i = 0; i < N_FORMATS; i++)
        d->wanted[i] = is_in(list, formats[i].format);
    if ((size_t)snprintf(d->figures, sizeof d->figures, "%s/figures", run_folder) >=
        sizeof d->figures - NAME_BYTES)
        return err_set(e, ERR_INPUT, "the path of the run folder is too long");
    path_of(d->figures, ".new", "", d->scratch);
    return files_remove_tree(d->scratch, e) || files_make_folder(d->scratch, e) ? -1 : 0;
}

enum figure_drawn figure_draw(const char *run_folder, const char *formats_wanted, FILE *messages,
                              struct err *e)
{
    struct drawing d = { .messages = messages };
    struct err ignored;
    if (figure_draw_check_formats(formats_wanted, e) || prepare(&d, run_folder, formats_wanted, e))
        return FIGURE_DRAW_FAILED;
    const int status = draw_all(&d, figure_set_of(run_folder), e);
    files_remove_tree(d.scratch, &ignored);
    if (status)
        return FIGURE_DRAW_FAILED;
    if (d.no_gnuplot) {
        err_set(
            e, ERR_FAILED,
            "gnuplot, which draws the figures, is not installed or not on PATH; install gnuplot-nox, version "
            "5.4 or later");
        return FIGURE_DRAW_NO_GNUPLOT;
    }
    if (d.n_lacking == 0)
        return FIGURE_DRAW_WHOLE;
    err_set(e, ERR_FAILED, d.n_lacking > 1 ? "%s (and %zu more pictures were not drawn)" : "%s", d.first,
            d.n_lacking - 1);
    return FIGURE_DRAW_LACKING;
}
