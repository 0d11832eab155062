/* The report of a sweep: the rate that each cluster sustains, and the curve that shows it. */
#include "report_sweep.h"
#include "dataset.h"
#include "err.h"
#include "files.h"
#include "report.h"
#include "report_figure.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "sweep.h"
#include "text_out.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(void (*write)(FILE *out, const struct sweep *s), const struct sweep *s)
{
    struct text_out text;
    if (text_out_begin(&text))
        write(text.file, s);
    return text_out_end(&text);
}

static void write_step(FILE *out, const struct report *report, const struct sweep_step *step)
{
    char text[SWEEP_TIME_TEXT_BYTES];
    report_html_row(out);
    report_run_cell(out, report, step->run);
    report_html_value(out, step->offered_per_s);
    report_html_number(out, "%s%s", units_number_text(step->achieved_per_s, text),
                       claim_mark(step->rate_level));
    report_html_number(out, "%s", units_count_text(step->n_failed, text));
    report_html_number(out, "%s", sweep_time_text(&step->times[SWEEP_P50], text));
    report_html_number(out, "%s", sweep_time_text(&step->times[SWEEP_P99], text));
    fputs("<td class=\"prose\">", out);
    report_html_text(out, sweep_result_words(step->result));
    fputs("</td>", out);
    report_html_row_end(out);
}

static void write_cluster(FILE *out, const struct report *report, const struct sweep *s, size_t cluster)
{
    fputs("<h3>", out);
    report_html_text(out, s->clusters[cluster].series);
    fputs("</h3>\n", out);
    report_html_table(out, "run|#asked for, per s|#good answers, per s|#failed|#p50, ms|#p99, ms|the step");
    for (size_t i = 0; i < s->n_steps; i++)
        if (s->steps[i].cluster == cluster)
            write_step(out, report, &s->steps[i]);
    report_html_table_end(out);
}

static void write_steps(FILE *out, const struct report *report, const struct sweep *s)
{
    report_section_begin(out, "steps", "The steps");
    for (size_t i = 0; i < s->n_clusters; i++)
        write_cluster(out, report, s, i);
    fputs(
        "<p class=\"note\">A percentile is the response time, from when a request was due, within which so "
        "many per cent of all requests got a good answer, without warm-up. Loadgen's own part of a number: "
        "~ some, ! too much to quote it, ? not known. Each step is a run in a folder beside this page.</p>\n",
        out);
    report_sources(out, report, "Data", "loadcurve.csv");
    report_section_end(out);
}

static int write_page(const struct report *report, const struct sweep *s, const struct report_sweep *words,
                      struct err *e)
{
    FILE *out = report_page_begin(report, "Sweep", e);
    if (!out)
        return -1;
    report_answer_begin(out, words->sentence, words->doubts);
    report_figure(out, report, "loadcurve");
    report_section_end(out);
    write_steps(out, report, s);
    report_section_begin(out, "setup", "The target and the machine");
    report_setup_deployment(out, report);
    report_setup_generators(out, report);
    report_setup_machine(out, report);
    report_section_end(out);
    report_section_files(out, report);
    return report_page_end(report, out, e);
}

static int write_text(const struct report *report, const struct sweep *s, const struct report_sweep *words,
                      struct err *e)
{
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.txt", path);
    FILE *out = files_create(path, e);
    if (!out)
        return -1;
    fprintf(out, "%s\n%s\n\n", words->sentence, words->doubts);
    const int status = sweep_print(out, s);
    report_text_machine(out, report);
    report_text_lacks(out, report);
    if (files_close(out, path, e))
        return -1;
    return status ? err_set(e, ERR_FAILED, "out of memory for %s", path) : 0;
}

static int write_all(const struct report *report, const struct sweep *s, struct err *e)
{
    struct report_sweep words = { text_of(sweep_sentence, s), text_of(sweep_doubts, s) };
    const int status = !words.sentence || !words.doubts
                           ? err_set(e, ERR_FAILED, "out of memory for the report")
                       : write_text(report, s, &words, e) || report_sweep_write_tex(report, s, &words, e) ||
                               write_page(report, s, &words, e)
                           ? -1
                           : 0;
    free(words.sentence);
    free(words.doubts);
    return status;
}

int report_write_sweep(const char *folder, const struct report_drawn *drawn, struct err *e)
{
    struct sweep s;
    struct report report = { 0 };
    struct dataset place = { .folder = strdup(folder) }; /* only folder and first run */
    int status =
        place.folder ? sweep_open(&s, folder, e) : err_set(e, ERR_FAILED, "out of memory for the report");
    if (status == 0) {
        place.run = s.first; /* borrowed */
        status = report_init_many(&report, &place, s.n_steps > 0 ? s.steps[0].run : "", drawn, e) ||
                         write_all(&report, &s, e)
                     ? -1
                     : 0;
    }
    report_fini(&report);
    if (place.folder)
        sweep_fini(&s);
    free(place.folder);
    return status;
}
