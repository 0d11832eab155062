/* The run folder's copy of the deployment file: run folders are passed on, so it leaves out the account, its
 * owner, and what only `down` needs, such as the address from which the deployment was made. */
#ifndef RECORD_DEPLOYMENT_COPY_H
#define RECORD_DEPLOYMENT_COPY_H

struct err;
struct plan_deployment;

/* Writes the deployment that a run was made against; whole, and with mode 0600, if its `is_copied_whole`. */
int deployment_copy_write(const struct plan_deployment *d, const char *path, struct err *e);

#endif
