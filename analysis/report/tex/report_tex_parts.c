#include "report_tex.h"

#include "dataset.h"
#include "files.h"
#include "report_figure.h"
#include "report_machine.h"
#include "report_model.h"
#include "report_tex_text.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { NAME_BYTES = 100 };

FILE *report_tex_begin(const struct report *report, const char *kind, const char *answer, const char *doubts,
                       struct err *e)
{
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.tex", path);
    FILE *out = files_create(path, e);
    if (!out)
        return NULL;
    fputs("% A fragment for \\input; the document needs \\usepackage{graphicx} and \\usepackage{booktabs}.\n"
          "% Figures are named relative to this folder: from elsewhere say \\graphicspath{{FOLDER/}}.\n",
          out);
    fprintf(out, "\n\\section*{%s ", kind);
    report_tex_text(out, report->data->run.root ? report->data->run.name : "");
    fputs("}\n\n", out);
    report_tex_prose(out, answer);
    fputs(" ", out);
    report_tex_prose(out, doubts);
    fputs("\n\n", out);
    return out;
}

void report_tex_table(FILE *out, const char *label, const char *columns, const char *heads,
                      const char *caption)
{
    fputs("\\begin{table}[htbp]\n  \\centering\n  \\small\n  \\setlength{\\tabcolsep}{4pt}\n  \\caption{",
          out);
    report_tex_text(out, caption);
    fprintf(out, "}\n  \\label{tab:%s}\n  \\begin{tabular}{%s}\n    \\toprule\n    %s \\\\\n    \\midrule\n",
            label, columns, heads);
}

void report_tex_table_end(FILE *out)
{
    fputs("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n\n", out);
}

void report_tex_value(FILE *out, double value)
{
    char text[UNITS_TEXT_BYTES];
    fprintf(out, " & %s", isfinite(value) ? units_number_text(value, text) : "--");
}

static void write_cluster(FILE *out, const struct deployment_cluster *c)
{
    fputs("    ", out);
    report_tex_text(out, c->name);
    fprintf(out, " & %" PRIu64 " & ", c->count);
    report_tex_text(out, c->instance_type ? c->instance_type : "unknown");
    fputs(" & ", out);
    report_tex_text(out, c->zone ? c->zone : "unknown");
    fputs(" & ", out);
    report_tex_text(out, c->specification ? c->specification : "unknown");
    if (isfinite(c->price_usd_per_hour))
        fprintf(out, " & %.4g \\\\\n", c->price_usd_per_hour);
    else
        fputs(" & -- \\\\\n", out);
}

void report_tex_setup(FILE *out, const struct report *report)
{
    if (!report->has_deployment)
        return;
    report_tex_table(
        out, "setup", "lrllp{0.26\\linewidth}r", "cluster & instances & type & zone & specification & price",
        report->deployment.emulated ? "Setup, emulated; price in USD per hour of one instance on AWS."
                                    : "Setup; price in USD per hour of one instance on AWS.");
    for (size_t i = 0; i < report->deployment.n_clusters; i++)
        write_cluster(out, &report->deployment.clusters[i]);
    report_tex_table_end(out);
}

void report_tex_machine(FILE *out, const struct report *report)
{
    struct report_machine machine;
    report_machine_read(report, &machine);
    fputs(machine.n > 0 ? "\\paragraph{Machine that made the load.}" : "", out);
    for (size_t i = 0; i < machine.n; i++)
        report_tex_printf(out, "%s %s: %s", i > 0 ? ";" : "", machine.rows[i].name, machine.rows[i].text);
    fputs(machine.n > 0 ? ".\n\n" : "", out);
}

/* Reports a figure that could not be drawn; one without data is not missed. */
static void write_absence(FILE *out, const struct report *report, const char *name)
{
    char *why = *report->drawn->lacks ? report_figure_absence(report, name) : NULL;
    if (why)
        report_tex_printf(out, "(No figure %s: %s.)\n\n", name, why);
    free(why);
}

void report_tex_figure(FILE *out, const struct report *report, const char *name)
{
    char file[NAME_BYTES], *title, *caption;
    snprintf(file, sizeof file, "figures/%s.pdf", name);
    if (!report_has(report, file) || report_figure_text(report, name, &title, &caption)) {
        write_absence(out, report, name);
        return;
    }
    fprintf(
        out,
        "\\begin{figure}[htbp]\n  \\centering\n  \\includegraphics[width=0.75\\linewidth]{%s}\n  \\caption[",
        file);
    report_tex_text(out, title);
    fputs("]{", out);
    report_tex_printf(out, "%s. %s", title, caption ? caption : "");
    fprintf(out, "}\n  \\label{fig:%s}\n\\end{figure}\n\n", name);
    free(title);
    free(caption);
}

void report_tex_diagram(FILE *out, const struct report *report)
{
    if (*report->no_diagram || !report_has(report, "figures/diagram.pdf"))
        return;
    fputs("\\begin{figure}[htbp]\n  \\centering\n  "
          "\\includegraphics[width=\\linewidth]{figures/diagram.pdf}\n"
          "  \\caption{Listener, rules, target groups and instances.}\n  "
          "\\label{fig:diagram}\n\\end{figure}\n\n",
          out);
}
