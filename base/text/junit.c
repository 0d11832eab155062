#include "junit.h"

#include "markup.h"
#include "utf8.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char *const elements[] = {
    [JUNIT_FAILED] = "failure",
    [JUNIT_SKIPPED] = "skipped",
    [JUNIT_ERROR] = "error",
};

/* An attribute would lose line ends and tabs. */
static const char *instead_of(uint32_t code, bool is_attribute)
{
    if (code == '\n')
        return is_attribute ? "&#10;" : "\n";
    if (code == '\t')
        return is_attribute ? "&#9;" : "\t";
    return markup_reference(code);
}

static void write_escaped(FILE *out, const char *text, bool is_attribute)
{
    for (size_t n; *text; text += n > 0 ? n : 1) {
        uint32_t code = 0;
        n = utf8_decode(text, &code);
        const char *instead = n > 0 ? instead_of(code, is_attribute) : "?";
        if (instead)
            fputs(instead, out);
        else if (utf8_is_harmful(code) || code == 0xFFFE || code == 0xFFFF)
            putc('?', out);
        else
            fwrite(text, 1, n, out);
    }
}

static void write_text(FILE *out, const char *text)
{
    write_escaped(out, text, false);
}

static void write_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    write_escaped(out, value, true);
    putc('"', out);
}

static void write_seconds(FILE *out, double time_s)
{
    fprintf(out, " time=\"%.3f\"", isfinite(time_s) ? time_s : 0);
}

/* Some readers show the attribute, others the content. */
static void write_result(FILE *out, const struct junit_case *c)
{
    const char *element = elements[c->result];
    const char *message = c->message ? c->message : "";
    fprintf(out, "      <%s", element);
    write_attribute(out, "message", message);
    if (c->result != JUNIT_SKIPPED)
        write_attribute(out, "type", element);
    fputs(">", out);
    write_text(out, message);
    fprintf(out, "</%s>\n", element);
}

static void write_case(FILE *out, const struct junit_case *c)
{
    fputs("    <testcase", out);
    write_attribute(out, "classname", c->class_name);
    write_attribute(out, "name", c->name);
    write_seconds(out, c->time_s);
    if (c->result == JUNIT_PASSED && !c->system_out) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    if (c->result != JUNIT_PASSED)
        write_result(out, c);
    if (c->system_out) {
        fputs("      <system-out>", out);
        write_text(out, c->system_out);
        fputs("</system-out>\n", out);
    }
    fputs("    </testcase>\n", out);
}

static void write_counts(FILE *out, const struct junit_suite *suite)
{
    size_t n[JUNIT_ERROR + 1] = { 0 };
    for (size_t i = 0; i < suite->n_cases; i++)
        n[suite->cases[i].result]++;
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", suite->n_cases,
            n[JUNIT_FAILED], n[JUNIT_ERROR], n[JUNIT_SKIPPED]);
    write_seconds(out, suite->time_s);
}

int junit_write(FILE *out, const struct junit_suite *suite)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
    write_counts(out, suite);
    fputs(">\n  <testsuite", out);
    write_attribute(out, "name", suite->name);
    write_counts(out, suite);
    if (suite->started_utc)
        write_attribute(out, "timestamp", suite->started_utc);
    fputs(">\n", out);
    for (size_t i = 0; i < suite->n_cases; i++)
        write_case(out, &suite->cases[i]);
    fputs("  </testsuite>\n</testsuites>\n", out);
    return ferror(out) ? -1 : 0;
}
