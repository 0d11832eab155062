/* The report of the run of two clusters of made_run.h, and its sections as text. */
#ifndef MADE_REPORT_H
#define MADE_REPORT_H

#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "report.h"
#include "report_sections.h"
#include "text_out.h"

static struct dataset duo;
static struct report report;
static const struct report_drawn drawn = { .left_out = (char[]){
                                               "bands: left out: why not\nviolin: left out: too `many`\n" } };

static inline int setup(void **state)
{
    struct err e;
    if (scratch_setup(state))
        return -1;
    made_open_dataset(&duo, made_run("duo"));
    return report_init(&report, &duo, &drawn, &e);
}

static inline int teardown(void **state)
{
    report_fini(&report);
    dataset_fini(&duo);
    return scratch_teardown(state);
}

static inline char *section_of(report_part_fn *write, const struct report *what)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    write(text.file, what);
    char *result = text_out_end(&text);
    assert_non_null(result);
    return result;
}

/* An HTML table's row as text without markup; cells end with "|". */
static inline char *plain(char *html)
{
    char *to = html;
    for (const char *from = html; *from;) {
        if (strncmp(from, "</td>", 5) == 0 || strncmp(from, "</th>", 5) == 0)
            *to++ = '|';
        if (*from == '<')
            from += strcspn(from, ">") + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
    return html;
}

static inline void check_section(report_part_fn *write, const char *const *wanted, size_t n)
{
    char *text = plain(section_of(write, &report));
    for (size_t i = 0; i < n; i++)
        assert_says(text, wanted[i]);
    free(text);
}

#endif
