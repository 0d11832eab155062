#include "caption_result.h"

#include "arms.h"
#include "comparison.h"
#include "dataset.h"
#include "units.h"

#include <math.h>
#include <stdbool.h>

static const struct {
    const char *name;
    uint32_t p_ppm;
} shown[] = { { "p50", 500000 }, { "p99", 990000 } };
enum { N_SHOWN = sizeof shown / sizeof *shown };

static const char *time_text(const struct dataset *data, size_t arm, size_t i, char out[UNITS_TEXT_BYTES])
{
    return attempt_time_text(attempts_time(dataset_attempts(data, arm), shown[i].p_ppm), out);
}

/* "m4: p50 2.31 ms, p99 4.90 ms" or "p50: m4 2.31 ms, t2 1.95 ms; p99: m4 4.90 ms, t2 > 1.00 s". */
static void list_times(FILE *out, const struct dataset *data)
{
    char text[UNITS_TEXT_BYTES];
    if (data->n_arms == 1) {
        fprintf(out, "%s: %s %s, ", data->arms[0].label, shown[0].name, time_text(data, 0, 0, text));
        fprintf(out, "%s %s", shown[1].name, time_text(data, 0, 1, text));
        return;
    }
    for (size_t i = 0; i < N_SHOWN; i++) {
        fprintf(out, "%s%s: ", i > 0 ? "; " : "", shown[i].name);
        for (size_t arm = 0; arm < data->n_arms; arm++)
            fprintf(out, "%s%s %s", arm > 0 ? ", " : "", data->arms[arm].label,
                    time_text(data, arm, i, text));
    }
}

/* Whether both arms have a p99 that is a time. */
static bool have_times(const struct dataset *data)
{
    return attempts_time(dataset_attempts(data, 0), 990000).state == ATTEMPT_EXACT &&
           attempts_time(dataset_attempts(data, 1), 990000).state == ATTEMPT_EXACT;
}

void caption_result(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    const struct decide_interval ratio =
        c ? comparison_ratio(c, c->primary) : (struct decide_interval){ NAN, NAN, NAN };
    if (!c || data->n_arms < 2 || !isfinite(ratio.lo) || !isfinite(ratio.value) || !have_times(data)) {
        list_times(out, data);
        return;
    }
    const char *name = sample_value_name(c->primary);
    const char *a = data->arms[0].label, *b = data->arms[1].label;
    if (run_interval_direction(&c->within[c->primary], c->margin) != 0)
        fprintf(out, "In this run the %s of %s was %.2f times that of %s", name, b, ratio.value, a);
    else
        fprintf(out, "This run does not tell the %s of %s and %s apart", name, b, a);
    if (isfinite(ratio.hi))
        fprintf(out, " (%.2f to %.2f)", ratio.lo, ratio.hi);
    else
        fprintf(out, " (%.2f or more)", ratio.lo);
}
