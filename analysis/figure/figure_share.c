#include "figure_share.h"

#include "attempts.h"
#include "units.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *percent(uint64_t part_n, uint64_t n, char *out)
{
    return units_number_text(100 * (double)part_n / (double)n, out);
}

const char *figure_share_words(const struct attempts *a, char *out)
{
    char share[UNITS_TEXT_BYTES], timeout[UNITS_TEXT_BYTES];
    const uint64_t n = attempts_n(a);
    int length = 0;
    out[0] = '\0';
    if (a->n_failed > 0 && a->n_failed == a->n_timeout && a->timeout_ns > 0)
        length = snprintf(out, FIGURE_SHARE_BYTES, "%s %% timed out after %s", percent(a->n_failed, n, share),
                          units_duration_text(a->timeout_ns, timeout));
    else if (a->n_failed > 0)
        length = snprintf(out, FIGURE_SHARE_BYTES, "%s %% failed", percent(a->n_failed, n, share));
    if (a->n_censored > 0 && length < FIGURE_SHARE_BYTES)
        snprintf(out + length, FIGURE_SHARE_BYTES - (size_t)length, "%s%s %% cut off", length > 0 ? ", " : "",
                 percent(a->n_censored, n, share));
    return out;
}
