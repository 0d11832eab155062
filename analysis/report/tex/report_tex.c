/* The report as a LaTeX fragment, to be \input into a document that loads graphicx and booktabs. */
#include "report_tex.h"

#include "claims.h"
#include "dataset.h"
#include "err.h"
#include "files.h"
#include "report.h"
#include "report_numbers.h"
#include "report_sections.h"
#include "report_tex_text.h"
#include "text_out.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS_HEADS(first)                                                                                 \
    first " & requests & failed & good/s & $p_{50}$ & $p_{90}$ & $p_{99}$ & $p_{99.9}$"

enum { STEPS_LABEL_BYTES = 64, STEPS_CAPTION_BYTES = 256 };

static void write_cell(FILE *out, const char *text)
{
    fputs(" & ", out);
    report_tex_text(out, text);
}

static void write_numbers(FILE *out, const struct report_numbers *n)
{
    fputs("    ", out);
    report_tex_text(out, n->series);
    write_cell(out, n->attempts);
    write_cell(out, n->failed);
    write_cell(out, n->rate);
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++)
        write_cell(out, n->times[i]);
    fputs(" \\\\\n", out);
}

static void write_arm(FILE *out, const struct dataset *data, size_t arm)
{
    struct report_numbers n;
    report_numbers_of(data, arm, &n);
    write_numbers(out, &n);
    if (!n.has_good_times)
        return;
    fputs("    of successes & & &", out);
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++)
        write_cell(out, n.good_times[i]);
    fputs(" \\\\\n", out);
}

static void write_results(FILE *out, const struct dataset *data)
{
    struct text_out legend;
    if (text_out_begin(&legend))
        report_numbers_legend(legend.file, data);
    char *caption = text_out_end(&legend);
    report_tex_table(out, "results", "lrrrrrrr", NUMBERS_HEADS("cluster"), caption ? caption : "");
    free(caption);
    for (size_t arm = 0; arm < data->n_arms; arm++)
        write_arm(out, data, arm);
    report_tex_table_end(out);
}

/* A table of each session stream. */
static void write_steps(FILE *out, const struct dataset *data)
{
    const struct claims *claims = data->claims;
    for (size_t i = 0; i < claims->n_steps; i++) {
        const char *stream = claims->steps[i].stream;
        char label[STEPS_LABEL_BYTES], caption[STEPS_CAPTION_BYTES];
        struct report_numbers n;
        if (i == 0 || strcmp(claims->steps[i - 1].stream, stream) != 0) {
            snprintf(label, sizeof label, "steps-%s", stream);
            snprintf(
                caption, sizeof caption,
                "Steps of %s: response times, from when a step was due to its answer. The last row, session, "
                "counts passes; its time is the busy time, without the pauses.",
                stream);
            report_tex_table(out, label, "lrrrrrrr", NUMBERS_HEADS("step"), caption);
        }
        report_numbers_of_step(&claims->steps[i], &n);
        write_numbers(out, &n);
        if (i + 1 == claims->n_steps || strcmp(claims->steps[i + 1].stream, stream) != 0)
            report_tex_table_end(out);
    }
}

static void write_goodput(FILE *out, const struct report *report)
{
    char *goodput = report_prose(report_goodput, report);
    if (goodput && *goodput)
        report_tex_printf(out, "%s", goodput);
    fputs(goodput && *goodput ? "\n\n" : "", out);
    free(goodput);
}

static void write_method(FILE *out, const struct report *report)
{
    const struct dataset *data = report->data;
    const struct run_json *run = &data->run;
    char duration[UNITS_TEXT_BYTES];
    fputs("\\paragraph{Method.} ", out);
    fputs(
        data->headline == METRIC_RESPONSE
            ? "Latency is the response time, from the moment a request was due by the schedule to its "
              "complete response, so that requests which had to wait count in full. "
            : "Latency is the service time, from the first byte of a request sent to its complete response; "
              "each user sends the next request only after the answer to the last. ",
        out);
    fputs("Percentiles are nearest ranks, $r = \\max(1, \\lceil p n \\rceil)$, among all $n$ attempts "
          "outside of "
          "warm-up, from merged histograms of three significant digits: a failure ranks above every good "
          "answer, and "
          "one that the end of the run cut off lasts at least its age. The rate is good answers per measured "
          "second. ",
          out);
    report_tex_printf(out, "There was one run (%s) of %s, begun %s, by loadgen %s with seed %" PRIu64 ". ",
                      run->run_id, units_duration_text((uint64_t)(run->duration_s * 1e9), duration),
                      run->started_utc, run->tool_version ? run->tool_version : "of unknown version",
                      run->seed);
    if (run->emulated)
        fputs("The instances were emulated on one machine. ", out);
    char *http2 = report_prose(report_http2, report);
    if (http2 && *http2)
        report_tex_printf(out, "%s", http2);
    free(http2);
    fputs("\n\n", out);
}

int report_write_tex(const struct report *report, struct err *e)
{
    static const char *const before[] = { "spectrum", "ratio", NULL };
    static const char *const after[] = { "bands", "throughput", "instances", "health", NULL };
    char path[REPORT_PATH_BYTES];
    char *answer = report_prose(report_answer, report), *doubts = report_prose(report_doubts, report);
    FILE *out = report_tex_begin(report, "Load test", answer ? answer : "", doubts ? doubts : "", e);
    free(answer);
    free(doubts);
    if (!out)
        return -1;
    write_results(out, report->data);
    write_steps(out, report->data);
    for (const char *const *name = before; *name; name++)
        report_tex_figure(out, report, *name);
    write_goodput(out, report);
    write_method(out, report);
    report_tex_machine(out, report);
    report_tex_setup(out, report);
    report_tex_diagram(out, report);
    for (const char *const *name = after; *name; name++)
        report_tex_figure(out, report, *name);
    report_path(report, "report.tex", path);
    return files_close(out, path, e);
}
