/* What CloudWatch measured during the runs of a campaign against AWS, CPU credits above all: without them a
 * comparison cannot say at which speed a burstable instance ran. `loadgen provision metrics` fetches it. */
#ifndef COMMAND_CAMPAIGN_METRICS_H
#define COMMAND_CAMPAIGN_METRICS_H

#include <stdbool.h>

struct campaign;

/* Whether the run of that folder was against AWS and has no cloudwatch.csv yet. */
bool campaign_metrics_lacking(const char *run_folder);

/* Fetches it for every run that lacks it, until a signal comes. Reports on stderr how many runs still lack
 * some of it, and what to do: this machine may have no credentials, or the points may be late. Never fails
 * the campaign. */
void campaign_metrics_fetch(const struct campaign *c, const char *folder);

#endif
