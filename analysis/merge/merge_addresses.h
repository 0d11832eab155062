/* How all generators together used the addresses of each name: by the merged dns.csv and remotes.csv. */
#ifndef MERGE_ADDRESSES_H
#define MERGE_ADDRESSES_H

#include "address_use.h"

struct err;

/* Judges the folder's files; a missing one leaves nothing to judge. -1 when one cannot be read. */
int merge_addresses_judge(const char *folder, struct address_use_worst *worst, struct err *e);

#endif
