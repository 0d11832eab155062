#include "report.h"

#include "dataset.h"
#include "err.h"
#include "files.h"
#include "paths.h"
#include "report_html.h"

#include <stdlib.h>
#include <string.h>

enum { STYLE_MOST_BYTES = 1 << 20, NAME_BYTES = 100 };

void report_section_begin(FILE *out, const char *id, const char *title)
{
    fprintf(out, "<section id=\"%s\">\n<h2>", id);
    report_html_text(out, title);
    fputs("</h2>\n", out);
}

void report_section_end(FILE *out)
{
    fputs("</section>\n\n", out);
}

void report_sources(FILE *out, const struct report *report, const char *what, const char *names)
{
    bool any = false;
    while (*names) {
        char name[NAME_BYTES];
        const size_t n = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, names);
        names += n + (names[n] == ' ');
        if (!report_has(report, name))
            continue;
        if (any)
            fputs(", ", out);
        else
            fprintf(out, "<p class=\"source\">%s: ", what);
        report_html_link(out, name, name);
        any = true;
    }
    fputs(any ? "</p>\n" : "", out);
}

void report_section_spectrum(FILE *out, const struct report *report)
{
    report_section_begin(out, "spectrum", "Times by percentile");
    report_figure(out, report, "spectrum");
    report_figure(out, report, "ecdf");
    report_section_end(out);
}

void report_section_time(FILE *out, const struct report *report)
{
    static const char *const figures[] = {
        "bands", "throughput", "heatmap", "cloudwatch", "loadcurve", NULL
    };
    report_section_begin(out, "time", "Over time");
    for (const char *const *name = figures; *name; name++)
        report_figure(out, report, *name);
    report_sources(out, report, "Measured data", "intervals.csv errors.csv cloudwatch.csv");
    report_section_end(out);
}

void report_section_health(FILE *out, const struct report *report)
{
    report_section_begin(out, "health", "Health of the generator");
    report_figure(out, report, "health");
    report_sources(out, report, "Measured data", "health.csv");
    report_section_end(out);
}

/* The style is in the page, so that the page is one file. Nothing is fetched, and the policy makes sure. */
int report_page_head(FILE *out, const char *title, struct err *e)
{
    char path[REPORT_PATH_BYTES], *style;
    size_t n;
    if (paths_data("analysis/figures/report.css", path, sizeof path))
        return err_set(e, ERR_FAILED,
                       "analysis/figures/report.css is neither beside the sources nor in the installation");
    if (files_read(path, STYLE_MOST_BYTES, &style, &n, e))
        return -1;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" "
          "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          out);
    report_html_text(out, title);
    fputs("</title>\n<style>\n", out);
    fwrite(style, 1, n, out);
    fputs("</style>\n</head>\n<body>\n<main>\n", out);
    free(style);
    return 0;
}

static void write_header(FILE *out, const struct run_json *run)
{
    fputs("<header>\n<p class=\"kicker\">Load test</p>\n<h1>", out);
    report_html_text(out, run->name);
    fputs("</h1>\n<p class=\"note\">", out);
    report_html_say(out, "%s, begun %s", run->run_id, run->started_utc);
    fputs(run->emulated ? " <span class=\"badge plain\">emulated instances</span>" : "", out);
    fputs("</p>\n</header>\n\n", out);
}

static void write_footer(FILE *out, const struct run_json *run)
{
    fputs("<footer><p>", out);
    report_html_say(out,
                    "Made by loadgen analysis report from the files beside this page; the run was made by "
                    "loadgen %s.",
                    run->tool_version ? run->tool_version : "of an unknown version");
    fputs("</p></footer>\n</main>\n</body>\n</html>\n", out);
}

int report_write_page(const struct report *report, struct err *e)
{
    static report_section_fn *const sections[] = {
        report_section_answer,    report_section_spectrum, report_section_ratio,
        report_section_setup,     report_section_verdict,  report_section_time,
        report_section_instances, report_section_health,   report_section_files,
    };
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.html", path);
    FILE *out = fopen(path, "we");
    if (!out)
        return err_errno(e, ERR_FAILED, "cannot create %s", path);
    char title[200];
    snprintf(title, sizeof title, "%s, %s", report->data->run.name, report->data->run.started_utc);
    const int status = report_page_head(out, title, e);
    if (status == 0) {
        write_header(out, &report->data->run);
        for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
            sections[i](out, report);
        write_footer(out, &report->data->run);
    }
    if (status) {
        fclose(out);
        return -1;
    }
    return files_close(out, path, e);
}
