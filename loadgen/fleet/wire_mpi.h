/* The wire over MPI. All of MPI is here, and in what main does first and last. */
#ifndef FLEET_WIRE_MPI_H
#define FLEET_WIRE_MPI_H

#include <stdbool.h>

struct err;
struct wire;

/* Initializes MPI for use by the calling thread alone, and returns the wire, owned. NULL and a sentence on
 * failure. */
struct wire *wire_mpi_new(int *argc, char ***argv, struct err *e);

/* Ends MPI: all ranks call it at about the same time. If some are dead, `is_whole` is false: then
 * MPI_Finalize would wait for them, so MPI is left as it is. Call it before wire_free. */
void wire_mpi_end(struct wire *w, bool is_whole);

#endif
