/* CPU credits from cloudwatch.csv of a run folder. A burstable instance is only as fast as its credits
 * allow, so a comparison must report them. */
#ifndef CREDITS_H
#define CREDITS_H

#include <stdbool.h>

struct err;

struct credits {
    bool is_known;      /* the cluster has a balance */
    double first, last; /* balance at the start and at the end, mean over the instances */
    double least;       /* of any instance at any time */
};

/* Reads CPUCreditBalance of a cluster's instances from FOLDER/cloudwatch.csv; unknown without that file.
 * -1 when a column is missing or a value is not a number. */
int credits_read(struct credits *credits, const char *folder, const char *cluster, struct err *e);

#endif
