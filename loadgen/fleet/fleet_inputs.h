/* What the plan of every rank is made of: the command line and the files, which rank 0 has. The others get
 * them in its messages and keep them in memory alone, for a file may be secret. */
#ifndef FLEET_FLEET_INPUTS_H
#define FLEET_FLEET_INPUTS_H

#include <stddef.h>

struct err;
struct input_files;
struct pack;
struct unpack;

struct fleet_inputs {
    char **words; /* owned where it was unpacked: what follows the command's name, ending with NULL */
    size_t n_words;
    struct input_files *files; /* borrowed */
};

/* Appends the words, and the files from number `from` on: the others have those before. -1 when memory is
 * short, or the files are larger than a fleet can send. */
int fleet_inputs_pack(const struct fleet_inputs *in, size_t from, struct pack *out, struct err *e);

/* Reads the words, and adds the files to `in->files`, which are then complete. The caller passes `in` to
 * fleet_inputs_fini, even on failure. */
int fleet_inputs_unpack(struct fleet_inputs *in, struct unpack *from, struct err *e);
/* Frees the words. */
void fleet_inputs_fini(struct fleet_inputs *in);

#endif
