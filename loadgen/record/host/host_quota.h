/* How often the kernel stopped this program because its share of the CPUs was used up: the quota of its
 * control group or of one above it, as containers have them (docker --cpus, limits.cpu of Kubernetes). */
#ifndef RECORD_HOST_QUOTA_H
#define RECORD_HOST_QUOTA_H

#include <stddef.h>
#include <stdint.h>

/* Periods in which it was stopped since the groups were made; 0 without a quota. `root` as in host_file.h. */
uint64_t host_quota_n_stopped(const char *root);

/* nr_throttled of the text of a cpu.stat; 0 when it tells none. */
uint64_t host_quota_parse(const char *stat);
/* The folder of the n-th group in the text of /proc/self/cgroup that may have a quota, from version 2's on;
 * returns `out`, or NULL when there are no more. */
const char *host_quota_folder(const char *cgroup, unsigned n, char *out, size_t out_bytes);

#endif
