#include "report_model.h"

#include "arms.h"
#include "dataset.h"
#include "diagram.h"
#include "err.h"
#include "files.h"
#include "run_path.h"
#include "text_out.h"

#include <string.h>
#include <sys/stat.h>

void report_path(const struct report *report, const char *name, char path[REPORT_PATH_BYTES])
{
    snprintf(path, REPORT_PATH_BYTES, "%s/%s", report->data->folder, name);
}

bool report_has(const struct report *report, const char *name)
{
    char path[REPORT_PATH_BYTES];
    struct stat status;
    report_path(report, name, path);
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

char *report_prose(report_part_fn *write, const struct report *report)
{
    struct text_out text;
    if (text_out_begin(&text))
        write(text.file, report);
    return text_out_end(&text);
}

static int draw_diagram(struct report *report, struct err *e)
{
    char folder[REPORT_PATH_BYTES];
    report_path(report, "figures", folder);
    if (!report->has_deployment) {
        snprintf(report->no_diagram, sizeof report->no_diagram, "the target was no deployment");
        return 0;
    }
    if (report->deployment.n_clusters == 0) {
        snprintf(report->no_diagram, sizeof report->no_diagram, "the deployment has no cluster");
        return 0;
    }
    return files_make_folder(folder, e) || diagram_draw(&report->deployment, folder, report->no_diagram,
                                                        sizeof report->no_diagram, e) < 0
               ? -1
               : 0;
}

/* Reads the deployment of the run, or of the first of many, and the comparison; draws the diagram. */
static int read_deployment(struct report *report, const char *folder, struct err *e)
{
    const int there = run_deployment_read(&report->deployment, folder, e);
    if (there < 0)
        return -1;
    report->has_deployment = there;
    return report_compare_read(&report->compare, report->data->folder, e) || draw_diagram(report, e) ? -1 : 0;
}

int report_init(struct report *report, const struct dataset *data, const struct report_drawn *drawn,
                struct err *e)
{
    struct err ignored;
    *report = (struct report){ .data = data, .drawn = drawn };
    report->has_instances =
        !instances_read(&report->instances, data->folder, data->arms, data->n_arms, &ignored);
    if (data->n_arms >= 2) {
        report->name_of_a = data->arms[0].label;
        report->name_of_b = data->arms[1].label;
    }
    return read_deployment(report, data->folder, e);
}

int report_init_many(struct report *report, const struct dataset *place, const char *first_run,
                     const struct report_drawn *drawn, struct err *e)
{
    char folder[REPORT_PATH_BYTES];
    *report = (struct report){ .data = place, .first_run = first_run, .drawn = drawn };
    report_path(report, run_path_is_name(first_run) ? first_run : ".", folder);
    return read_deployment(report, folder, e);
}

void report_fini(struct report *report)
{
    run_deployment_fini(&report->deployment);
    instances_fini(&report->instances);
    report_compare_fini(&report->compare);
}
