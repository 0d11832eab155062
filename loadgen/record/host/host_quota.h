/* How often the kernel throttled this program for its CPU quota: that of its control group or of one above
 * it, as containers have them (docker --cpus, limits.cpu of Kubernetes). */
#ifndef RECORD_HOST_QUOTA_H
#define RECORD_HOST_QUOTA_H

#include <stddef.h>
#include <stdint.h>

/* Since the groups were created; 0 without a quota. */
struct host_quota {
    uint64_t n_periods; /* in which the quota applied, */
    uint64_t n_stopped; /* and those in which it was used up */
};

/* `root` as in host_file.h. */
struct host_quota host_quota_read(const char *root);

/* nr_periods and nr_throttled in the text of a cpu.stat; 0 if it has none. */
struct host_quota host_quota_parse(const char *stat);
/* The folder of the n-th group in the text of /proc/self/cgroup that can have a quota, in version 1 or 2.
 * Returns `out`, or NULL if there is none. */
const char *host_quota_folder(const char *cgroup, unsigned n, char *out, size_t out_bytes);

#endif
