#include "shift.h"

#include "hist.h"

void shift_function(const struct hist *a, const struct hist *b, const uint32_t *p_ppm, size_t n,
                    int64_t *shift_ns)
{
    for (size_t i = 0; i < n; i++)
        shift_ns[i] = (int64_t)hist_value_at_ppm(b, p_ppm[i]) - (int64_t)hist_value_at_ppm(a, p_ppm[i]);
}
