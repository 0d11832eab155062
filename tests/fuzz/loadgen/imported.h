/* What holds of every importer: what it writes is a scenario that `loadgen plan` accepts once the variables
 * that it names are set; what it refuses, it refuses in words that a terminal can show. */
#ifndef FUZZ_IMPORTED_H
#define FUZZ_IMPORTED_H

#include "err.h"
#include "fuzz.h"
#include "import_job.h"
#include "scenario.h"
#include "text_out.h"
#include "yaml_tree.h"

#include <string.h>
#include <unistd.h>

/* Sets every {env:NAME} of the scenario to a value that fits everywhere. */
static inline void imported_set_variables(const char *scenario)
{
    static const char mark[] = "{env:";
    char name[128];
    for (const char *at = scenario; (at = strstr(at, mark)); at++) {
        const size_t n = strcspn(at + sizeof mark - 1, "|}");
        if (n == 0 || n >= sizeof name)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)n, at + sizeof mark - 1);
        if (!strchr(name, '='))
            setenv(name, "1", 1);
    }
}

static inline void imported_check(const char *scenario, size_t length_bytes)
{
    static const struct scenario_overrides none = { .may_lack_deployment = true };
    struct plan plan = { 0 };
    struct err e = { ERR_NONE, "" };
    imported_set_variables(scenario);
    if (length_bytes <= YAML_FILE_BYTES_MOST) {
        const int is_refused = scenario_parse(&plan, "imported.yaml", scenario, length_bytes, &none, &e);
        if (is_refused)
            fprintf(stderr, "%s\n%s\n", scenario, e.text);
        FUZZ_HOLDS(!is_refused);
    }
    plan_fini(&plan);
}

static inline void imported_run(const char *kind, import_fn *import, const uint8_t *data, size_t length_bytes)
{
    char path[FUZZ_PATH_BYTES];
    struct err e = { ERR_NONE, "" };
    struct text_out made;
    const int fd = fuzz_file(data, length_bytes, path);
    const char *const files[] = { path };
    const struct import_job job = { .kind = kind, .files = files, .n_files = 1, .name = "imported" };
    FUZZ_HOLDS(text_out_begin(&made));
    const int status = import(&job, made.file, &e);
    char *text = text_out_end(&made);
    FUZZ_HOLDS(text != NULL);
    if (status)
        fuzz_sentence(e.text);
    else
        imported_check(text, made.length_bytes);
    free(text);
    close(fd);
}

#endif
