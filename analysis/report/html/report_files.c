/* All settings of the run, the scenario as read, and all files beside the page. */
#include "dataset.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "units.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const meanings[][2] = {
    { "run.json", "what ran, where, with which settings, and how it ended" },
    { "hist.hlog", "one histogram per second and tag (HdrHistogram log)" },
    { "intervals.csv", "counts and percentiles per second and stream" },
    { "percentiles.csv", "percentiles per stream and phase, with intervals" },
    { "instances.csv", "answers per instance" },
    { "phases.csv", "phases with begin and end" },
    { "checks.csv", "the rules that were checked" },
    { "compare.csv", "ratios of the clusters, with intervals" },
    { "pairs.csv", "the pairs of runs, two rows each" },
    { "campaign.json", "what was planned: pairs and their order" },
    { "loadcurve.csv", "the steps of the sweep" },
    { "errors.csv", "errors by cause" },
    { "health.csv", "the generator's own health" },
    { "dns.csv", "DNS answers" },
    { "remotes.csv", "counts per remote address" },
    { "samples.csv", "a bounded sample of requests" },
    { "requests.csv", "every request" },
    { "deployment.json", "the deployment that was the target" },
    { "cloudwatch.csv", "what the provider measured" },
    { "report.tex", "this report as a LaTeX fragment" },
    { "report.txt", "this report as plain text" },
};

static const char *meaning_of(const char *name)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strcmp(meanings[i][0], name) == 0)
            return meanings[i][1];
    return "";
}

static void write_file(FILE *out, const struct report *report, const char *name)
{
    char path[REPORT_PATH_BYTES], size[UNITS_TEXT_BYTES];
    struct stat status;
    report_path(report, name, path);
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return;
    report_html_row(out);
    fputs("<td>", out);
    report_html_link(out, name, name);
    fputs("</td>", out);
    fputs("<td class=\"prose\">", out);
    report_html_text(out, meaning_of(name));
    fputs("</td>", out);
    report_html_number(out, "%s", units_bytes_text((uint64_t)status.st_size, size));
    report_html_row_end(out);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "report.html") != 0;
}

static void write_files(FILE *out, const struct report *report)
{
    struct dirent **entries;
    const int n = scandir(report->data->folder, &entries, is_shown, alphasort);
    fputs("<h3>Files</h3>\n", out);
    report_html_table(out, "file|holds|#size");
    for (int i = 0; i < n; i++) {
        write_file(out, report, entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    report_html_table_end(out);
}

static void write_setting(FILE *out, const char *name, const char *value)
{
    fputs("<div><dt>", out);
    report_html_text(out, name);
    fputs("</dt><dd>", out);
    report_html_text(out, value);
    fputs("</dd></div>\n", out);
}

static void write_settings(FILE *out, const json_t *settings)
{
    const char *name;
    json_t *value;
    fputs("<h3>Settings</h3>\n<dl class=\"settings\">\n", out);
    json_object_foreach((json_t *)settings, name, value)
    {
        if (json_is_string(value))
            write_setting(out, name, json_string_value(value));
        for (size_t i = 0; i < json_array_size(value); i++)
            if (json_is_string(json_array_get(value, i)))
                write_setting(out, name, json_string_value(json_array_get(value, i)));
    }
    fputs("</dl>\n<p class=\"note\">Not set:", out);
    json_object_foreach((json_t *)settings, name, value) if (json_is_null(value))
        report_html_printf(out, " %s", name);
    fputs(".</p>\n", out);
}

static void write_command(FILE *out, const json_t *argv)
{
    fputs("<pre>", out);
    for (size_t i = 0; i < json_array_size(argv); i++) {
        const char *word = json_string_value(json_array_get(argv, i));
        report_html_printf(out, "%s%s", i > 0 ? " " : "", word ? word : "?");
    }
    fputs("</pre>\n", out);
}

static void write_scenario(FILE *out, const json_t *scenario)
{
    const char *text = json_string_value(json_object_get(scenario, "text"));
    if (!text)
        return;
    fputs("<h3>Scenario</h3>\n<pre>", out);
    report_html_text(out, text);
    fputs("</pre>\n", out);
}

static void write_run(FILE *out, const json_t *root)
{
    write_command(out, json_object_get(root, "argv"));
    write_settings(out, json_object_get(root, "settings"));
    write_scenario(out, json_object_get(root, "scenario"));
}

void report_section_files(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    report_section_begin(out, "files", "Every setting and file");
    if (report->first_run && run->root) {
        fputs("<p class=\"note\">", out);
        report_html_printf(out, "Settings and scenario of the first run, %s; ", report->first_run);
        fputs("every run's own are in its run.json.</p>\n", out);
    }
    if (run->root)
        write_run(out, run->root);
    write_files(out, report);
    report_section_end(out);
}
