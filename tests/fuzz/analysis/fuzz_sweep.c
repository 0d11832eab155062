/* The curve of a sweep that somebody sent: it is refused with a sentence, or told in sentences and a table.
 */
#include "err.h"
#include "fuzz.h"
#include "sweep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const names[] = { "loadcurve.csv", NULL };
    const char *folder = fuzz_folder(data, length_bytes, names);
    struct sweep s;
    struct err e = { ERR_NONE, "" };
    FILE *out = fopen("/dev/null", "we");
    FUZZ_HOLDS(out != NULL);
    if (sweep_open(&s, folder, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
    } else {
        for (size_t i = 0; i < s.n_steps; i++)
            FUZZ_HOLDS(s.steps[i].cluster < s.n_clusters && s.steps[i].result < N_SWEEP_RESULTS);
        sweep_sentence(out, &s);
        sweep_doubts(out, &s);
        FUZZ_HOLDS(sweep_print(out, &s) == 0);
    }
    sweep_fini(&s);
    fclose(out);
    return 0;
}
