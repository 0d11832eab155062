/* Access logs of every kind: whatever is accepted is a scenario that `loadgen plan` accepts, with its file of
 * recorded requests; whatever is refused is refused in a sentence. */
#include "err.h"
#include "fuzz.h"
#include "log_import.h"
#include "plan.h"
#include "scenario.h"
#include "text_out.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/dev/shm/fuzz_log-XXXXXX";
static char scenario[64], requests[64];

static void remove_folder(void)
{
    unlink(requests);
    rmdir(folder);
}

static void make_folder(void)
{
    if (scenario[0])
        return;
    FUZZ_HOLDS(mkdtemp(folder) != NULL);
    snprintf(scenario, sizeof scenario, "%s/f.yaml", folder);
    snprintf(requests, sizeof requests, "%s/f.requests.csv", folder);
    atexit(remove_folder);
}

static void check(const char *text, size_t length)
{
    const struct scenario_overrides none = { 0 };
    struct plan plan;
    struct err e;
    if (scenario_parse(&plan, scenario, text, length, &none, &e)) {
        fprintf(stderr, "%s\n%s\n", e.text, text);
        FUZZ_HOLDS(!"the scenario is accepted");
    }
    plan_fini(&plan);
}

static void import(const char *kind, const char *path)
{
    const char *const files[] = { path };
    const struct import_job job = { .kind = kind,
                                    .files = files,
                                    .n_files = 1,
                                    .output = scenario,
                                    .target = strcmp(kind, "alb") == 0 ? NULL : "http://t",
                                    .methods = "all",
                                    .name = "f" };
    struct text_out out;
    struct err e;
    FUZZ_HOLDS(text_out_begin(&out));
    const int status = log_import(&job, out.file, &e);
    char *text = text_out_end(&out);
    if (status)
        fuzz_sentence(e.text);
    else
        check(text, out.length_bytes);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char path[FUZZ_PATH_BYTES];
    const int fd = fuzz_file(data, length_bytes, path);
    make_folder();
    import("alb", path);
    import("apache", path);
    import("nginx", path);
    close(fd);
    return 0;
}
