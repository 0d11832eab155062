/* What was begun less than two minutes ago and no list has shown yet: a creation whose reply was lost, or an
 * object that AWS does not list yet. Until it is listed or two minutes old, nothing says that it is gone. */
#ifndef PROVISION_AWS_UNSEEN_H
#define PROVISION_AWS_UNSEEN_H

#include <stddef.h>
#include <stdint.h>

struct aws_inventory;
struct deployment;

/* The number of recorded resources that are so young and not among those `seen`. A launch counts each of its
 * instances; listeners and rules go with their load balancer and do not count. */
size_t aws_unseen_count(const struct deployment *d, const struct aws_inventory *seen, uint64_t realtime_ns);

#endif
