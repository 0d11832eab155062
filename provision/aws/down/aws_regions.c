#include "aws_regions.h"

#include "aws_runs.h"
#include "aws_session.h"
#include "clock.h"
#include "ec2_catalogue.h"
#include "err.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS_MOST = 64 };

/* The places looked at so far. */
struct survey {
    struct provider_context *context;
    size_t n_runs;
    char *example;     /* owned: the command that removes one of the runs; NULL: there are none */
    char unseen[1024]; /* regions that could not be looked in, separated by blanks */
    struct err cause;  /* of the first of them */
};

/* Opens a session there, without the notes that each would print again. NULL: the usual region. */
static int open_in(const struct provider_context *context, const char *region, struct settings *settings,
                   struct status_lines *quiet, struct provider_context *there, struct aws_session *s,
                   struct err *e)
{
    *settings = *context->settings;
    settings->region = region;
    status_lines_init(quiet, stderr, STATUS_LINES_NONE, clock_monotonic_ns());
    *there = *context;
    there->settings = settings;
    there->lines = quiet;
    return aws_session_open(s, there, NULL, e);
}

static int list_regions(const struct provider_context *context, struct ec2_region *regions, size_t *n,
                        struct err *e)
{
    struct settings settings;
    struct status_lines quiet;
    struct provider_context there;
    struct aws_session s;
    int status = open_in(context, NULL, &settings, &quiet, &there, &s, e);
    if (status == 0)
        status = ec2_catalogue_regions(&s.client, regions, REGIONS_MOST, n, e);
    aws_session_close(&s);
    return status;
}

static int print_runs(struct survey *survey, const struct aws_session *s, const struct aws_runs *runs,
                      struct err *e)
{
    if (runs->n == 0)
        return 0;
    survey->n_runs += runs->n;
    if (!survey->example)
        survey->example = aws_runs_command(s, &runs->items[0]);
    printf("in %s of account %s:\n\n", s->config.region, s->caller.account);
    const int status = aws_runs_print(runs, clock_realtime_ns(), stdout, e);
    putchar('\n');
    return status;
}

/* An account may not use every region: the others are looked in all the same. */
static int look_in(struct survey *survey, const char *region, struct err *e)
{
    struct settings settings;
    struct status_lines quiet;
    struct provider_context there;
    struct aws_session s;
    struct aws_runs runs = { 0 };
    int status = open_in(survey->context, region, &settings, &quiet, &there, &s, e);
    if (status == 0)
        status = aws_runs_read(&s, &runs, e);
    if (status == 0)
        status = print_runs(survey, &s, &runs, e);
    else if (!*survey->context->interrupted) {
        const size_t used = strlen(survey->unseen);
        if (used == 0)
            survey->cause = *e;
        snprintf(survey->unseen + used, sizeof survey->unseen - used, " %s", region);
        status = 0;
    }
    aws_runs_fini(&runs);
    aws_session_close(&s);
    return status;
}

static int look_everywhere(struct survey *survey, struct err *e)
{
    struct status_lines *lines = survey->context->lines;
    struct ec2_region regions[REGIONS_MOST];
    size_t n = 0;
    if (list_regions(survey->context, regions, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        status_lines_set(lines, "regions", (unsigned)i, (unsigned)n, "looking", clock_monotonic_ns(), "%s",
                         regions[i].name);
        if (look_in(survey, regions[i].name, e) < 0)
            return -1;
    }
    status_lines_end(lines);
    if (*survey->unseen)
        printf("could not look in%s; the first because of: %s\n", survey->unseen, survey->cause.text);
    if (survey->n_runs > 0)
        return err_set(e, ERR_INPUT, "nothing was removed: name the run by its region and id, as in `%s`",
                       survey->example ? survey->example : "");
    puts(*survey->unseen ? "nothing of ours is in the other regions" : "nothing of ours is in any region");
    return 0;
}

int aws_regions_list(struct provider_context *context, struct err *e)
{
    struct survey survey = { .context = context };
    if (context->settings->run_id)
        return err_set(e, ERR_INPUT, "--region all lists only: name the region of run %s to remove it",
                       context->settings->run_id);
    const int status = look_everywhere(&survey, e);
    free(survey.example);
    return status;
}
