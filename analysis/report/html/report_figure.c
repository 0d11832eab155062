#include "report_figure.h"

#include "dataset.h"
#include "err.h"
#include "files.h"
#include "report_html.h"
#include "report_model.h"

#include <stdlib.h>
#include <string.h>

enum { SVG_MOST_BYTES = 64 << 20, NAME_BYTES = 300 };

static char *read_file(const struct report *report, const char *name)
{
    char path[REPORT_PATH_BYTES];
    struct err ignored;
    char *text;
    size_t n;
    report_path(report, name, path);
    return files_read(path, SVG_MOST_BYTES, &text, &n, &ignored) ? NULL : text;
}

bool report_figure_is_there(const struct report *report, const char *name)
{
    char file[NAME_BYTES];
    snprintf(file, sizeof file, "figures/%s.svg", name);
    return report_has(report, file);
}

int report_figure_text(const struct report *report, const char *name, char **title, char **caption)
{
    char file[NAME_BYTES];
    snprintf(file, sizeof file, "figures/%s.txt", name);
    *caption = NULL;
    *title = read_file(report, file);
    char *line_end = *title ? strchr(*title, '\n') : NULL;
    if (!line_end)
        return *title ? 0 : -1;
    *line_end = '\0';
    char *shared = strstr(line_end + 1, "\n\n");
    if (shared)
        *shared = '\0';
    *caption = strdup(line_end + 1);
    for (char *c = *caption; c && *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    return 0;
}

/* The link opens the picture over the whole window, another closes it: no script. */
static void picture(FILE *out, const char *name, const char *svg, const char *label)
{
    fprintf(out,
            "<div class=\"card\" id=\"zoom-%s\"><a class=\"open\" href=\"#zoom-%s\" aria-label=\"Enlarge: ",
            name, name);
    report_html_text(out, label);
    fputs("\">", out);
    report_html_svg(out, svg, name);
    fprintf(out, "</a><a class=\"close\" href=\"#fig-%s\">close</a></div>\n", name);
}

/* "Drawn from figures/NAME.csv; as a file: svg, png"; the first ending is that of the data. */
static void links(FILE *out, const struct report *report, const char *name, const char *const *endings)
{
    fputs("<p class=\"source\">", out);
    for (size_t i = 0; endings[i]; i++) {
        char file[NAME_BYTES];
        snprintf(file, sizeof file, "figures/%s.%s", name, endings[i]);
        if (!report_has(report, file))
            continue;
        fputs(i == 0 ? "Drawn from " : i == 1 ? "; as a file: " : ", ", out);
        report_html_link(out, file, i == 0 ? file : endings[i]);
    }
    fputs("</p>\n", out);
}

char *report_figure_absence(const struct report *report, const char *name)
{
    char wanted[NAME_BYTES];
    snprintf(wanted, sizeof wanted, "%s: left out: ", name);
    for (const char *line = report->drawn->left_out; line && *line;) {
        const size_t n = strcspn(line, "\n");
        if (strncmp(line, wanted, strlen(wanted)) == 0)
            return strndup(line + strlen(wanted), n - strlen(wanted));
        line += n + (line[n] == '\n');
    }
    return NULL;
}

static void absence(FILE *out, const struct report *report, const char *name)
{
    char *why = report_figure_absence(report, name);
    if (!why)
        return;
    fprintf(out, "<p class=\"note\">No figure \"%s\": ", name);
    report_html_prose(out, why);
    fputs(".</p>\n", out);
    free(why);
}

void report_figure(FILE *out, const struct report *report, const char *name)
{
    static const char *const endings[] = { "csv", "svg", "png", "pdf", NULL };
    char file[NAME_BYTES], *title, *caption;
    snprintf(file, sizeof file, "figures/%s.web.svg", name);
    char *svg = report_figure_is_there(report, name) ? read_file(report, file) : NULL;
    if (!svg || report_figure_text(report, name, &title, &caption)) {
        absence(out, report, name);
        free(svg);
        return;
    }
    fprintf(out, "<figure id=\"fig-%s\">\n<h3>", name);
    report_html_text(out, title);
    fputs("</h3>\n", out);
    picture(out, name, svg, title);
    fputs("<figcaption><p>", out);
    report_html_prose(out, caption ? caption : "");
    fputs("</p>\n", out);
    links(out, report, name, endings);
    fputs("</figcaption>\n</figure>\n", out);
    free(svg);
    free(title);
    free(caption);
}

void report_figure_diagram(FILE *out, const struct report *report)
{
    static const char *const endings[] = { "dot", "svg", "pdf", NULL };
    char *svg = *report->no_diagram ? NULL : read_file(report, "figures/diagram.svg");
    if (!svg) {
        fputs("<p class=\"note\">", out);
        report_html_printf(out, "No diagram: %s.",
                           *report->no_diagram ? report->no_diagram : "figures/diagram.svg cannot be read");
        fputs("</p>\n", out);
        return;
    }
    fputs("<figure id=\"fig-diagram\">\n<h3>Listener, rules, target groups and instances</h3>\n", out);
    picture(out, "diagram", svg, "Listener, rules, target groups and instances");
    fputs("<figcaption>", out);
    links(out, report, "diagram", endings);
    fputs("</figcaption>\n</figure>\n", out);
    free(svg);
}

void report_text_lacks(FILE *out, const struct report *report)
{
    if (*report->drawn->lacks)
        fprintf(out, "\nFigures are missing: %s.\n", report->drawn->lacks);
}
