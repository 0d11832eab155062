/* What cloudwatch.csv of a run folder says of CPU credits: a burstable instance is only as fast as these make
 * it, so a comparison must say with how many it was made. */
#ifndef CREDITS_H
#define CREDITS_H

#include <stdbool.h>

struct err;

struct credits {
    bool is_known;      /* there is a balance of the cluster */
    double first, last; /* balance at the start and at the end, mean over the instances */
    double least;       /* of any instance at any time */
};

/* Reads CPUCreditBalance of a cluster's instances from FOLDER/cloudwatch.csv; unknown without that file, -1
 * and a sentence when it has other columns or something that is no number. */
int credits_read(struct credits *credits, const char *folder, const char *cluster, struct err *e);

#endif
