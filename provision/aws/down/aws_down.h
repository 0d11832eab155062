/* Removes a run: everything with its tag, and what the session's deployment records. */
#ifndef PROVISION_AWS_DOWN_H
#define PROVISION_AWS_DOWN_H

struct aws_session;
struct err;

/* 0: nothing is left. -1: what is left stands on stderr, and `e` sums it up. */
int aws_down_run(struct aws_session *s, const char *run, struct err *e);

#endif
