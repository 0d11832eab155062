/* How a run used the addresses that a name resolved to (rule R13): whether any was left out, and how evenly
 * connections were spread. The generator judges its own connections by it, and a merge those of all
 * generators together. */
#ifndef BASE_ADDRESS_USE_H
#define BASE_ADDRESS_USE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDRESS_USE_PART_WARN    100.0 /* per cent of the addresses that were used, at least */
#define ADDRESS_USE_PART_UNIT    "%"
#define ADDRESS_USE_PART_WHAT    "of the addresses that the name resolved to were used"
#define ADDRESS_USE_SHARE_WARN   1.5 /* connections of the busiest address, against an even share */
#define ADDRESS_USE_SHARE_UNIT   "times"
#define ADDRESS_USE_SHARE_WHAT   "connections of the busiest address, against an even share"
#define ADDRESS_USE_PART_ADVICE  "Use more connections than addresses."
#define ADDRESS_USE_SHARE_ADVICE "Use many more connections than addresses."

struct address_use {
    const char *text; /* "10.0.0.1", "fd00::1" */
    bool is_used;     /* a request was answered by it */
    uint64_t n_connections;
};

/* The worst over names. A zeroed one has judged none. */
struct address_use_worst {
    bool has_part, has_share;
    bool is_alone;      /* one address served all in spite of enough connections */
    double part_pct;    /* smallest part of a name's addresses that was used */
    double invalid_pct; /* limit of part_pct; NAN: none */
    double share;       /* largest: connections of the busiest address against an even share */
};

/* Whether `remote` ("10.0.0.1", "10.0.0.1:80", "[fd00::1]:80") has that address. */
bool address_use_is_of(const char *remote, const char *address);

/* Judges the n addresses of one name, each listed once. */
void address_use_add(struct address_use_worst *worst, const struct address_use *rows, size_t n);

#endif
