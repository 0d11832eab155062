/* The runs that have resources in the account's region, each with its owner, age and cost as its tags give
 * them, and with the deployment file on this machine that records it. */
#ifndef PROVISION_AWS_RUNS_H
#define PROVISION_AWS_RUNS_H

#include "aws_tags.h"
#include "err.h"
#include "run_index.h"

#include <stddef.h>
#include <stdio.h>

struct aws_session;

struct aws_run {
    struct aws_tags tags; /* of one of its resources; the price is the sum of all */
    size_t n_instances;
    size_t n_resources;  /* instances included */
    char path[PATH_MAX]; /* the deployment file here that records it, "" unknown */
};

struct aws_runs {
    struct aws_run *items; /* owned */
    size_t n;
    struct err unread; /* why a kind of resource could not be listed; else of kind ERR_NONE */
};

/* Reads what can be listed. -1 when nothing can. */
int aws_runs_read(struct aws_session *s, struct aws_runs *runs, struct err *e);
void aws_runs_fini(struct aws_runs *runs);

/* The run with that id; NULL: none. */
const struct aws_run *aws_runs_find(const struct aws_runs *runs, const char *run_id);

/* The command that removes the run, with its id as a word of a shell: a tag may hold anything. Owned by the
 * caller; NULL when memory is short. */
char *aws_runs_command(const struct aws_session *s, const struct aws_run *run);

/* Prints a table of all runs. -1 when memory is short. */
int aws_runs_print(const struct aws_runs *runs, uint64_t now_ns, FILE *out, struct err *e);

#endif
