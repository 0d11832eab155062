/* A scenario file: it becomes a plan that has something to send, or one sentence about the mistake. */
#include "fuzz.h"

#include "err.h"
#include "plan.h"
#include "scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan plan = { 0 };
    struct err e = { 0 };
    const struct scenario_overrides overrides = { 0 };
    if (scenario_parse(&plan, "fuzz.yaml", (const char *)data, size, &overrides, &e))
        FUZZ_HOLDS(e.kind != ERR_NONE && e.text[0]);
    else
        FUZZ_HOLDS(plan.n_streams > 0);
    plan_fini(&plan);
    return 0;
}
