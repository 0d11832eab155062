/* loadgen-fleet: one scenario on many machines, under MPI. */
#include "build_facts.h"
#include "err.h"
#include "exit_code.h"
#include "fleet_options.h"
#include "fleet_program.h"
#include "libraries.h"
#include "program.h"
#include "stop.h"
#include "wire.h"
#include "wire_mpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Open MPI gives each rank a terminal for stdout, wherever its own output goes, but not for stderr. */
static void drop_colours(void)
{
    if (!isatty(STDERR_FILENO))
        setenv("NO_COLOR", "1", 0);
}

int main(int argc, char *argv[])
{
    struct build_library libraries[LIBRARIES_ROWS];
    struct err e;
    bool is_whole = true;
    const struct program program = {
        .name = "loadgen-fleet",
        .summary = "One scenario on many machines, one exact result",
        .overview = &fleet_overview,
        .build = &build_facts,
        .libraries = libraries_in_use(libraries),
    };
    drop_colours();
    if (fleet_program_is_question(argc, argv))
        return fleet_program_answer(&program, argc, argv);
    stop_catch(); /* first: a signal during MPI's start must not kill the rank */
    struct wire *w = wire_mpi_new(&argc, &argv, &e);
    if (!w) {
        fprintf(stderr, "loadgen-fleet: %s\n", e.text);
        return EXIT_CODE_FAILED;
    }
    const int code = fleet_program_main(&program, w, argc, argv, &is_whole);
    wire_mpi_end(w, is_whole, code);
    wire_free(w);
    return code;
}
