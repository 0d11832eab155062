/* What the plan of every rank is made of: the command line, the files and the seed, all of which rank 0 has.
 * The others get them as one message and keep them in memory alone, for a file may be secret. */
#ifndef FLEET_FLEET_INPUTS_H
#define FLEET_FLEET_INPUTS_H

#include "err.h"
#include "input_files.h"

#include <stddef.h>
#include <stdint.h>

struct wire;
struct wire_patience;

struct fleet_inputs {
    char **words; /* owned; what follows the program's name, ending with NULL */
    size_t n_words;
    uint64_t seed; /* of the plan, drawn or given */
    struct input_files files;
};

/* For rank 0: copies the words, and begins with no files; a plan that is made with `files` adds them. The
 * caller passes `in` to fleet_inputs_fini, even on failure. */
int fleet_inputs_init(struct fleet_inputs *in, char *const words[], size_t n_words, struct err *e);
void fleet_inputs_fini(struct fleet_inputs *in);

/* Every rank calls it at about the same time; elsewhere than at rank 0, `in` is zeroed before and filled
 * here. If rank 0 has found a mistake and gives its kind instead, nothing is shared, and the others return -1
 * with that kind. -1 also when patience ends first. */
int fleet_inputs_share(struct fleet_inputs *in, enum err_kind mistake, struct wire *w,
                       const struct wire_patience *patience, struct err *e);

/* To a message and back. Packed bytes are owned by the caller; unpacked files are complete. */
int fleet_inputs_pack(const struct fleet_inputs *in, unsigned char **bytes, size_t *n_bytes, struct err *e);
int fleet_inputs_unpack(struct fleet_inputs *in, const unsigned char *bytes, size_t n_bytes, struct err *e);

#endif
