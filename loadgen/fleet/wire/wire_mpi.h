/* The wire over MPI. All of MPI is here, and in what main does first and last. */
#ifndef FLEET_WIRE_MPI_H
#define FLEET_WIRE_MPI_H

#include <stdbool.h>

struct err;
struct wire;

/* Initializes MPI for use by the calling thread alone, and returns the wire, owned. NULL and a sentence on
 * failure. */
struct wire *wire_mpi_new(int *argc, char ***argv, struct err *e);

/* Ends MPI, at all ranks at about the same time, before wire_free. `is_whole`: no rank is lost. MPI_Finalize
 * may wait for ranks that are, forever; then the process ends here, with the exit code. */
void wire_mpi_end(struct wire *w, bool is_whole, int code);

#endif
