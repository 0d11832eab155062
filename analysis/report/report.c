#include "report.h"

#include "err.h"
#include "files.h"
#include "report_figure.h"
#include "report_page.h"
#include "report_sections.h"
#include "summary_view.h"

#include <stdlib.h>

int report_write_page(const struct report *report, struct err *e)
{
    static report_part_fn *const sections[] = {
        report_section_answer,    report_section_steps,  report_section_spectrum, report_section_ratio,
        report_section_setup,     report_section_http2,  report_section_claims,   report_section_time,
        report_section_instances, report_section_health, report_section_files,
    };
    FILE *out = report_page_begin(report, "Load test", e);
    if (!out)
        return -1;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        sections[i](out, report);
    return report_page_end(report, out, e);
}

static void write_goodput(FILE *out, const struct report *report)
{
    char *goodput = report_prose(report_goodput, report);
    if (goodput && *goodput)
        fprintf(out, "\n%s\n", goodput);
    free(goodput);
}

int report_write_text(const struct report *report, struct err *e)
{
    char path[REPORT_PATH_BYTES];
    report_path(report, "report.txt", path);
    FILE *out = files_create(path, e);
    if (!out)
        return -1;
    report_answer(out, report);
    fputs("\n", out);
    report_doubts(out, report);
    fputs("\n\n", out);
    const int status = summary_view(out, report->data, NULL, e);
    write_goodput(out, report);
    report_text_machine(out, report);
    report_text_lacks(out, report);
    struct err closing;
    return files_close(out, path, status ? &closing : e) ? -1 : status;
}
