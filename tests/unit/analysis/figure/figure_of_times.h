/* A figure of a made run that has these times. */
#ifndef TEST_FIGURE_OF_TIMES_H
#define TEST_FIGURE_OF_TIMES_H

#include "cm.h"

#include "made_run.h"
#include "made_text.h"

/* Of a run without failures. */
static inline struct made_figure figure_of_times(figure_fn *write, const struct made_times *times, size_t n)
{
    struct dataset data;
    const char *folder = made_run_of("times", times, n);
    made_edit(folder, "run.json", "\"timeout\": 8, \"status_5xx\": 20, ", "");
    made_edit(folder, "run.json", "\"errors\": {\"status_5xx\": 4}", "\"errors\": {}");
    made_open_dataset(&data, folder);
    const struct made_figure f = made_figure(write, &data);
    dataset_fini(&data);
    return f;
}

#endif
