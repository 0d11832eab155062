/* The guard of a Learner Lab, which terminates instances above nine or 32 vCPUs and closes an account at
 * twenty instances. It counts before anything is made, before every launch and after it, and a lock for each
 * account and region keeps two `up`s of this user from counting the same room. --any-number switches it off.
 */
#ifndef PROVISION_AWS_GUARD_H
#define PROVISION_AWS_GUARD_H

struct aws_plan;
struct aws_session;
struct err;
struct lock;

/* Takes the lock; waits for another `up` that holds it, up to ten minutes. */
int aws_guard_lock(struct aws_session *s, struct lock *lock, struct err *e);

/* Counts the instances that run or start and are not of this deployment, records their number in the plan,
 * and refuses when the plan's do not fit beside them. */
int aws_guard_ask(struct aws_session *s, struct aws_plan *plan, struct err *e);

/* Counts again, once all `n_ours` launched ones are listed. When others came in the meantime, from elsewhere,
 * those of ours that are beyond the limit by time of launch are terminated: -1. */
int aws_guard_settle(struct aws_session *s, unsigned n_ours, struct err *e);

#endif
