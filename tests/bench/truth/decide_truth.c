/* decide_truth [SEED]: simulates campaigns whose truth is known and prints how often the decision on pairs of
 * runs says which word. Exit code 1 when a share is not what it should be. LOADGEN_TRUTH=full makes as many
 * campaigns as the quoted figures rest on. */
#include "decide_tables.h"
#include "err.h"
#include "failure_truth.h"
#include "gate_truth.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *wanted = getenv("LOADGEN_TRUTH");
    struct truth truth = { .is_full = wanted && strcmp(wanted, "full") == 0, .seed = 20240229 };
    struct err e;
    if (argc > 2 || (argc == 2 && units_parse_count(argv[1], &truth.seed) != 0)) {
        fprintf(stderr, "usage: decide_truth [SEED]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("seed %llu, %s\n", (unsigned long long)truth.seed, truth.is_full ? "full" : "short");
    if (decide_tables(&truth, &e) != 0 || failure_truth(&truth, &e) != 0 || gate_truth(&truth, &e) != 0) {
        fprintf(stderr, "decide_truth: %s\n", e.text);
        return 1;
    }
    printf(truth.n_missed == 0 ? "every promise is kept\n" : "promises not kept: %u\n", truth.n_missed);
    return truth.n_missed == 0 ? 0 : 1;
}
