/* loadgen-fleet: one scenario on many machines, under MPI. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return printf("loadgen-fleet %s\n", LOADGEN_VERSION) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;

    int provided = 0;
    int rank = 0;
    int n_ranks = 0;
    char host[256] = "";
    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS)
        return EXIT_FAILURE;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
    gethostname(host, sizeof host - 1);
    printf("rank %d of %d on %s\n", rank, n_ranks, host);
    return MPI_Finalize() == MPI_SUCCESS && provided >= MPI_THREAD_FUNNELED ? EXIT_SUCCESS : EXIT_FAILURE;
}
