/* After a run: the folders of all shares come to rank 0, one rank after another, in pieces. A folder that
 * rank 0 can see already, on a disk that both use or since both run on one machine, stays where it is. Each
 * rank keeps its own until the result is whole. */
#ifndef FLEET_COLLECT_H
#define FLEET_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct fleet;

/* Rank 0: waits for the ranks that are not lost to have written their folders, and brings those into `shares`
 * (share_folder.h), the folder of all shares. Prints what failed on which host. A rank that does not answer
 * becomes lost. -1 and a sentence when they cannot be written here. */
int collect_shares(struct fleet *f, const char *shares, struct err *e);

/* Rank 0, again and again while it makes the result: keeps the others waiting. */
void collect_hold(struct fleet *f);
/* Rank 0, at the end: all remove their shares, or keep them. */
void collect_release(struct fleet *f, const char *shares, bool keeps);

/* The other ranks, once their folder is written: send it if they are asked to, and wait for rank 0's last
 * word, or until it falls silent. `failure` is what rank 0 prints of this rank; its kind is ERR_NONE where
 * nothing failed. */
void collect_follow(struct fleet *f, const char *shares, const struct err *failure);

#endif
