/* `down --lost --region all`: what runs have in every region that the account may use. */
#ifndef PROVISION_AWS_REGIONS_H
#define PROVISION_AWS_REGIONS_H

struct err;
struct provider_context;

/* Prints the runs of each region, and the regions that could not be looked in. -1 also when there are runs:
 * nothing is removed. */
int aws_regions_list(struct provider_context *context, struct err *e);

#endif
