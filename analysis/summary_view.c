#include "summary_view.h"

#include "arms.h"
#include "dataset.h"
#include "err.h"
#include "summary_input.h"
#include "units.h"

#include <math.h>

enum { SHAPE_CELLS = 40 };

static void print_title(FILE *out, const struct dataset *data, uint64_t duration_ns)
{
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "%s   %s   %s%s\n", data->run.name, data->run.started_utc,
            units_duration_text(duration_ns, text), data->run.emulated ? "   emulated" : "");
    for (size_t i = 0; i < data->whole.n; i++)
        fprintf(out, "  %-10s  %s\n", i == 0 ? "files" : "", data->whole.notes[i].text);
    fputs("\n", out);
}

/* The good times in one line: eight heights, on an axis of log time that all arms share. */
static void print_shape(FILE *out, const struct hist *h, double lo_ns, double hi_ns)
{
    static const char *const heights[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    uint64_t cells[SHAPE_CELLS] = { 0 }, most = 1;
    for (uint32_t i = hist_first(h), last = hist_last(h); i <= last; i++) {
        const double at = log(fmax((double)hist_highest_ns(i), 1) / lo_ns) / log(hi_ns / lo_ns);
        const int cell = (int)(at * SHAPE_CELLS);
        uint64_t *count = &cells[cell < 0 ? 0 : cell >= SHAPE_CELLS ? SHAPE_CELLS - 1 : cell];
        *count += hist_count(h, i);
        most = *count > most ? *count : most;
    }
    for (int i = 0; i < SHAPE_CELLS; i++)
        fputs(heights[cells[i] ? 1 + cells[i] * 7 / most : 0], out); // NOLINT(*DivideZero): 1 at least
}

static void print_shapes(FILE *out, const struct dataset *data)
{
    double lo_ns = INFINITY, hi_ns = 0;
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        const struct hist *h = data->latency[arm];
        if (h->n == 0)
            continue;
        lo_ns = fmin(lo_ns, fmax((double)hist_lowest_ns(hist_first(h)), 1));
        hi_ns = fmax(hi_ns, (double)hist_highest_ns(hist_last(h)));
    }
    if (!(hi_ns > lo_ns))
        return;
    char lo[UNITS_TEXT_BYTES], hi[UNITS_TEXT_BYTES];
    fputs("\n", out);
    units_duration_text((uint64_t)lo_ns, lo);
    units_duration_text((uint64_t)hi_ns, hi);
    const char *heading = "shape";
    for (size_t arm = 0; arm < data->n_arms; arm++) {
        if (data->latency[arm]->n == 0)
            continue;
        fprintf(out, "  %-10s  %s ", heading, lo);
        print_shape(out, data->latency[arm], lo_ns, hi_ns);
        fprintf(out, " %s   %s\n", hi, data->arms[arm].label);
        heading = "";
    }
}

int summary_view(FILE *out, const struct dataset *data, struct err *e)
{
    struct summary_input in;
    int status = summary_input_init(&in, data, e);
    if (status == 0) {
        print_title(out, data, in.summary.duration_ns);
        if (summary_print(&in.summary, out))
            status = err_set(e, ERR_FAILED, "out of memory");
        print_shapes(out, data);
    }
    summary_input_fini(&in);
    return status;
}
