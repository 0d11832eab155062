/* The report of a campaign: the result of all its pairs of runs. */
#include "report_campaign.h"

#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "files.h"
#include "note_list.h"
#include "report.h"
#include "report_figure.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "run_path.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

static char *screen_of(const struct report *report, const struct comparison *c)
{
    struct text_out text;
    const bool is_whole = text_out_begin(&text) && comparison_print(text.file, c) == 0;
    if (is_whole)
        report_text_machine(text.file, report);
    report_text_lacks(text.file, report);
    char *screen = text_out_end(&text);
    if (is_whole)
        return screen;
    free(screen);
    return NULL;
}

static char *sentence_of(const struct comparison *c)
{
    struct text_out text;
    if (text_out_begin(&text))
        comparison_sentence(text.file, c);
    return text_out_end(&text);
}

static void write_notes(FILE *out, const struct note_list *notes)
{
    fputs("<dl class=\"notes\">\n", out);
    for (size_t i = 0; i < notes->n; i++) {
        const struct note *note = &notes->rows[i];
        fputs(*note->heading ? "<dt>" : "", out);
        report_html_text(out, note->heading);
        fputs(*note->heading ? "</dt><dd>" : "<dd>", out);
        report_html_text(out, note->text);
        fputs("</dd>\n", out);
    }
    fputs("</dl>\n", out);
}

static void write_run(FILE *out, const struct report *report, const struct comparison_pair *pair,
                      const struct sample *s)
{
    char text[UNITS_TEXT_BYTES];
    report_html_row(out);
    report_html_cell(out, "%s%u", pair->is_control ? "control " : "", pair->number);
    report_html_cell(out, "%s", pair->order);
    report_run_cell(out, report, s->run_id);
    report_html_cell(out, "%s", s->series);
    report_html_value(out, s->value[SAMPLE_P50] / 1e6);
    report_html_value(out, s->value[SAMPLE_P99] / 1e6);
    report_html_value(out, s->value[SAMPLE_RATE]);
    report_html_number(out, "%s", units_count_text(s->failed_n, text));
    report_html_cell(out, "%s", claim_level_name(s->level[SAMPLE_P99]));
    report_html_row_end(out);
}

static void write_runs(FILE *out, const struct report *report, const struct comparison *c)
{
    report_section_begin(out, "runs", "The runs, in their order");
    report_html_table(out, "pair|order|run|cluster|#p50, ms|#p99, ms|#per s|#failed|level of p99");
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        const bool b_first = strcmp(pair->order, "BA") == 0;
        write_run(out, report, pair, b_first ? &pair->b : &pair->a);
        write_run(out, report, pair, b_first ? &pair->a : &pair->b);
    }
    report_html_table_end(out);
    fputs("<p class=\"note\">A control is a pair of runs of the same cluster. Each run is a folder beside "
          "this page; <code>loadgen analysis report</code> of it tells how it went.</p>\n",
          out);
    report_sources(out, report, "Data", "campaign.json pairs.csv compare.csv");
    report_section_end(out);
}

static void write_setup(FILE *out, const struct report *report, const struct comparison *c)
{
    report_section_begin(out, "setup", "How the runs were made");
    fputs("<p>", out);
    report_html_printf(
        out,
        "%zu pair%s of runs, one run per cluster each, one after the other in an order drawn at random, "
        "and %zu control pair%s of the same cluster. Both runs of a pair have the same schedule. The number "
        "declared in advance is %s; differences up to %.3g %% count as equivalent.",
        c->n_pairs, c->n_pairs == 1 ? "" : "s", c->n_controls, c->n_controls == 1 ? "" : "s",
        sample_value_name(c->primary), 100 * c->margin);
    fputs("</p>\n", out);
    report_setup_deployment(out, report);
    report_setup_machine(out, report);
    report_section_end(out);
}

static int write_page(const struct report *report, const struct report_campaign *words, struct err *e)
{
    FILE *out = report_page_begin(report, "Campaign", e);
    if (!out)
        return -1;
    report_answer_begin(out, words->sentence, "");
    write_notes(out, words->notes);
    report_sources(out, report, "Data", "compare.csv pairs.csv");
    report_section_end(out);
    report_section_ratio(out, report);
    write_setup(out, report, words->comparison);
    write_runs(out, report, words->comparison);
    report_section_files(out, report);
    return report_page_end(report, out, e);
}

static int write_all(const struct report *report, const struct comparison *c, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    struct note_list notes = comparison_notes(c);
    const struct report_campaign words = { c, sentence_of(c), screen_of(report, c), &notes };
    report_path(report, "report.txt", path);
    const int status = !words.sentence || !words.screen || notes.is_short
                           ? err_set(e, ERR_FAILED, "out of memory for the report")
                       : files_write(path, words.screen, strlen(words.screen), 0644, e) ||
                               report_campaign_write_tex(report, &words, e) || write_page(report, &words, e)
                           ? -1
                           : 0;
    free(words.sentence);
    free(words.screen);
    note_list_fini(&notes);
    return status;
}

/* The run that represents all in settings and target. */
static const char *first_run(const struct comparison *c)
{
    const char *run = c->n_pairs + c->n_controls > 0 ? c->pairs[0].a.run_id : "";
    return run_path_is_name(run) ? run : "";
}

static int read_and_write(struct report *report, struct dataset *place, const struct comparison *c,
                          const struct report_drawn *drawn, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    struct err ignored;
    const struct comparison_pair *pair = comparison_first(c);
    snprintf(path, sizeof path, "%s/%s", place->folder, first_run(c));
    if (run_json_read(&place->run, path, &ignored))
        run_json_fini(&place->run);
    if (report_init_many(report, place, first_run(c), drawn, e))
        return -1;
    report->name_of_a = pair ? pair->a.series : NULL;
    report->name_of_b = pair ? pair->b.series : NULL;
    return write_all(report, c, e);
}

int report_write_campaign(const char *folder, const struct report_drawn *drawn, struct err *e)
{
    struct comparison c = { 0 };
    struct dataset place = { .folder = strdup(folder) }; /* only folder and first run */
    struct report report = { 0 };
    int status = place.folder ? comparison_of_campaign(&c, folder, e)
                              : err_set(e, ERR_FAILED, "out of memory for the report");
    if (status == 0)
        status = read_and_write(&report, &place, &c, drawn, e);
    report_fini(&report);
    run_json_fini(&place.run);
    comparison_fini(&c);
    free(place.folder);
    return status;
}
