/* The report of a campaign: what its pairs of runs say together. */
#include "report.h"

#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "files.h"
#include "report_html.h"

#include <stdlib.h>
#include <string.h>

/* A writer's text in memory, owned; NULL when that is short. */
static char *text_of(const struct comparison *c, bool whole)
{
    char *text = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&text, &n);
    if (!memory)
        return NULL;
    if (whole)
        comparison_print(memory, c);
    else
        comparison_sentence(memory, c);
    if (fclose(memory) == 0)
        return text;
    free(text);
    return NULL;
}

static void write_runs(FILE *out, const struct report *report, const struct comparison *c)
{
    report_section_begin(out, "runs", "The runs, in their order");
    report_html_table(out, "#pair|kind|order|run of A|run of B");
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        report_html_row(out);
        report_html_number(out, "%u", pair->number);
        report_html_cell(out, "%s", pair->is_control ? "control: A twice" : "A against B");
        report_html_cell(out, "%s", pair->order);
        report_html_cell(out, "%s", pair->a.run_id);
        report_html_cell(out, "%s", pair->b.run_id);
        report_html_row_end(out);
    }
    report_html_table_end(out);
    fputs("<p class=\"note\">Each run is a folder beside this page; <code>loadgen analysis report</code> of "
          "it tells how "
          "it was made.</p>\n",
          out);
    report_sources(out, report, "Data", "campaign.json pairs.csv compare.csv");
    report_section_end(out);
}

static int write_page(const struct report *report, const struct comparison *c, const char *sentence,
                      const char *screen, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.html", path);
    FILE *out = fopen(path, "we");
    if (!out)
        return err_errno(e, ERR_FAILED, "cannot create %s", path);
    if (report_page_head(out, "Campaign", e)) {
        fclose(out);
        return -1;
    }
    fputs("<header>\n<p class=\"kicker\">Load test</p>\n<h1>Campaign</h1>\n</header>\n"
          "<section id=\"answer\">\n<p class=\"answer\">",
          out);
    report_html_prose(out, sentence);
    fputs("</p>\n<pre>", out);
    const char *table = strstr(screen, "\n\n"); /* the sentence is told already */
    report_html_text(out, table ? table + 2 : screen);
    fputs("</pre>\n", out);
    report_sources(out, report, "Data", "compare.csv pairs.csv");
    report_section_end(out);
    report_section_ratio(out, report);
    write_runs(out, report, c);
    fputs("</main>\n</body>\n</html>\n", out);
    return files_close(out, path, e);
}

static int write_files(const struct report *report, const struct comparison *c, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    char *sentence = text_of(c, false), *screen = text_of(c, true);
    int status = sentence && screen ? 0 : err_set(e, ERR_FAILED, "out of memory for the report");
    report_path(report, "report.txt", path);
    if (status == 0)
        status =
            files_write(path, screen, strlen(screen), 0644, e) || write_page(report, c, sentence, screen, e)
                ? -1
                : 0;
    free(sentence);
    free(screen);
    return status;
}

int report_write_campaign(const char *folder, char *left_out, struct err *e)
{
    struct comparison c = { 0 };
    struct dataset place = { .folder = strdup(folder) }; /* nothing but where it is */
    struct report report = { .data = &place, .left_out = left_out };
    int status = place.folder ? comparison_of_campaign(&c, folder, e)
                              : err_set(e, ERR_FAILED, "out of memory for the report");
    if (status == 0)
        status = report_compare_read(&report.compare, folder, e) || write_files(&report, &c, e) ? -1 : 0;
    report_compare_fini(&report.compare);
    comparison_fini(&c);
    free(place.folder);
    return status;
}
