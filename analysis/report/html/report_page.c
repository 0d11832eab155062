#include "report_page.h"

#include "dataset.h"
#include "err.h"
#include "files.h"
#include "paths.h"
#include "report_html.h"
#include "report_model.h"
#include "run_path.h"

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

/* The style is inline, so that the page is one file. It fetches nothing, which the policy enforces. */
static int write_head(FILE *out, const char *title, struct err *e)
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

static void write_header(FILE *out, const struct report *report, const char *kicker)
{
    const struct run_json *run = &report->data->run;
    fputs("<header>\n<p class=\"kicker\">", out);
    report_html_text(out, kicker);
    fputs("</p>\n<h1>", out);
    report_html_text(out, run->root ? run->name : kicker);
    fputs("</h1>\n<p class=\"note\">", out);
    if (run->root && report->first_run)
        report_html_printf(out, "First of the runs: %s, begun %s", report->first_run, run->started_utc);
    else if (run->root)
        report_html_printf(out, "%s, begun %s", run->run_id, run->started_utc);
    fputs(run->emulated ? " <span class=\"badge plain\">emulated instances</span>" : "", out);
    fputs("</p>\n</header>\n\n", out);
}

FILE *report_page_begin(const struct report *report, const char *kicker, struct err *e)
{
    const struct run_json *run = &report->data->run;
    char path[REPORT_PATH_BYTES], title[200];
    report_path(report, "report.html", path);
    FILE *out = files_create(path, e);
    if (!out)
        return NULL;
    if (run->root)
        snprintf(title, sizeof title, "%s, %s, %s", run->name, kicker, run->started_utc);
    else
        snprintf(title, sizeof title, "%s", kicker);
    if (write_head(out, title, e)) {
        fclose(out);
        return NULL;
    }
    write_header(out, report, kicker);
    return out;
}

int report_page_end(const struct report *report, FILE *out, struct err *e)
{
    const struct run_json *run = &report->data->run;
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.html", path);
    fputs("<footer><p>", out);
    report_html_printf(
        out, "Made by loadgen analysis report from the files beside this page; measured by loadgen %s.",
        run->tool_version ? run->tool_version : "of an unknown version");
    fputs("</p></footer>\n</main>\n</body>\n</html>\n", out);
    return files_close(out, path, e);
}

void report_answer_begin(FILE *out, const char *answer, const char *doubts)
{
    fputs("<section id=\"answer\">\n<p class=\"answer\">", out);
    report_html_prose(out, answer);
    fputs("</p>\n", out);
    if (*doubts) {
        fputs("<p>", out);
        report_html_prose(out, doubts);
        fputs("</p>\n", out);
    }
}

void report_run_cell(FILE *out, const struct report *report, const char *run)
{
    char name[NAME_BYTES + 100];
    fputs("<td>", out);
    if (!run_path_is_name(run)) { /* the name comes from a file that may be foreign */
        report_html_text(out, run);
        fputs("</td>", out);
        return;
    }
    snprintf(name, sizeof name, "%s/percentiles.csv", run);
    if (!report_has(report, name)) /* the run was cut off */
        snprintf(name, sizeof name, "%s/run.json", run);
    if (report_has(report, name))
        report_html_link(out, name, run);
    else
        report_html_text(out, run);
    snprintf(name, sizeof name, "%s/report.html", run);
    if (report_has(report, name)) {
        fputs(", ", out);
        report_html_link(out, name, "report");
    }
    fputs("</td>", out);
}
