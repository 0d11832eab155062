/* The report of a campaign: the result of all its pairs of runs. */
#include "report_campaign.h"

#include "comparison.h"
#include "dataset.h"
#include "err.h"
#include "files.h"
#include "note_list.h"
#include "report.h"
#include "report_evidence.h"
#include "report_figure.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "run_path.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

static void write_text_evidence(FILE *out, const struct comparison *c, const struct note_list *evidence)
{
    if (!comparison_first(c))
        return;
    fputs("\n", out);
    report_campaign_design(out, c);
    fputs("\n\n", out);
    for (size_t i = 0; i < evidence->n; i++)
        fprintf(out, "  %-12s %s\n", evidence->rows[i].heading, evidence->rows[i].text);
}

static char *screen_of(const struct report *report, const struct comparison *c,
                       const struct note_list *evidence)
{
    struct text_out text;
    const bool is_whole = text_out_begin(&text) && comparison_print(text.file, c, false) == 0;
    if (is_whole)
        write_text_evidence(text.file, c, evidence);
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
        report_html_prose(out, note->text);
        fputs("</dd>\n", out);
    }
    fputs("</dl>\n", out);
}

/* What reviewers ask for beyond the decision. */
static void write_evidence(FILE *out, const struct report_campaign *words)
{
    if (words->evidence->n == 0)
        return;
    report_section_begin(out, "evidence", "What the pairs show");
    write_notes(out, words->evidence);
    report_evidence_table(out, words->comparison);
    fputs("<p class=\"note\">Spread and lag 1 are of the logarithms of the pairs' ratios; the p values are "
          "of one "
          "number each, without correction for several. Only the declared number decides.</p>\n",
          out);
    report_section_end(out);
}

static void write_setup(FILE *out, const struct report *report, const struct comparison *c)
{
    struct text_out design;
    if (text_out_begin(&design))
        report_campaign_design(design.file, c);
    char *text = text_out_end(&design);
    report_section_begin(out, "setup", "How the runs were made");
    fputs("<p>", out);
    report_html_text(out, text ? text : "");
    fputs("</p>\n", out);
    free(text);
    report_setup_deployment(out, report);
    report_setup_generators(out, report);
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
    write_evidence(out, words);
    write_setup(out, report, words->comparison);
    report_campaign_runs(out, report, words->comparison);
    report_section_files(out, report);
    return report_page_end(report, out, e);
}

static int write_all(const struct report *report, const struct comparison *c, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    struct note_list notes = comparison_notes(c), evidence = report_evidence_notes(c);
    const struct report_campaign words = { c, sentence_of(c), screen_of(report, c, &evidence), &notes,
                                           &evidence };
    report_path(report, "report.txt", path);
    const int status = !words.sentence || !words.screen || notes.is_short || evidence.is_short
                           ? err_set(e, ERR_FAILED, "out of memory for the report")
                       : files_write(path, words.screen, strlen(words.screen), 0644, e) ||
                               report_campaign_write_tex(report, &words, e) || write_page(report, &words, e)
                           ? -1
                           : 0;
    free(words.sentence);
    free(words.screen);
    note_list_fini(&notes);
    note_list_fini(&evidence);
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
    report->name_of_a = pair ? pair->a.label : NULL;
    report->name_of_b = pair ? pair->b.label : NULL;
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
