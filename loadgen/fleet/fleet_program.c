#include "fleet_program.h"

#include "err.h"
#include "exit_code.h"
#include "fleet.h"
#include "fleet_commands.h"
#include "fleet_greeting.h"
#include "fleet_options.h"
#include "fleet_order.h"
#include "fleet_run.h"
#include "program.h"
#include "share.h"
#include "url_given.h"
#include "wire.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct subcommand subcommands[] = {
    { .name = "run", .command = &fleet_run_command },
    { .name = "sweep", .command = &fleet_sweep_command },
    { .name = "campaign", .command = &fleet_campaign_command },
    { 0 },
};

/* `loadgen-fleet SCENARIO`, too: no scenario is called as a command. */
static const struct subcommand *implied(const char *first)
{
    (void)first;
    return &subcommands[0];
}

/* --- rank 0 --- */

static int run(void *payload, const struct subcommand *s, int argc, char *const argv[], struct err *e)
{
    struct fleet *f = payload;
    return fleet_greeting_exchange(f, e) ? -1 : fleet_commands_run(f, s->command, argc, argv, e);
}

static int run_program(const struct program *about, struct fleet *f, int argc, char *argv[])
{
    struct program program = *about;
    program.subcommands = subcommands;
    program.implied = implied;
    program.run = run;
    program.payload = f;
    return program_main(&program, argc, argv);
}

static int lead(const struct program *about, struct fleet *f, int argc, char *argv[])
{
    struct err e;
    const struct fleet_order end = { .kind = FLEET_ORDER_END, .code = run_program(about, f, argc, argv) };
    if (fleet_order_give(f, &end, &e))
        fprintf(stderr, "loadgen-fleet: %s\n", e.text);
    return end.code;
}

/* --- the others --- */

static int follow(struct fleet *f)
{
    struct fleet_order order;
    struct err e;
    int code = EXIT_CODE_FAILED;
    bool is_over = false;
    signal(SIGXFSZ, SIG_IGN); /* a write beyond ulimit -f then fails, with a sentence */
    if (fleet_greeting_exchange(f, &e))
        return EXIT_CODE_FAILED;
    while (!is_over) {
        is_over = fleet_order_await(f, &order, &e) != 0;
        if (is_over)
            fleet_lose_root(f);
        else if (order.kind == FLEET_ORDER_RUN)
            fleet_run_follow(f, &order);
        else {
            is_over = true;
            code = order.code;
            f->is_whole &= order.is_whole;
        }
        fleet_order_fini(&order);
        is_over |= f->is_root_lost;
    }
    return code;
}

/* A launcher of another MPI starts as many fleets of one rank, each of which would send the whole load. */
static bool is_alone_among_many(const struct wire *w)
{
    struct share share;
    struct err none;
    const char *source;
    if (w->n_ranks > 1 || share_parse(&share, &source, "auto", &none) || share.count <= 1)
        return false;
    if (share.index == 0)
        fprintf(stderr,
                "loadgen-fleet: the launcher started %u processes, but for MPI each is alone: use the "
                "launcher of the MPI that loadgen-fleet was built with; with Slurm `srun --mpi=pmix` for "
                "Open MPI, `--mpi=pmi2` for MPICH\n",
                share.count);
    return true;
}

int fleet_program_main(const struct program *about, struct wire *w, int argc, char *argv[], bool *is_whole)
{
    struct fleet f;
    struct err e;
    int code = EXIT_CODE_FAILED;
    if (is_alone_among_many(w))
        return EXIT_CODE_USAGE;
    if (fleet_init(&f, w, &e))
        fprintf(stderr, "loadgen-fleet: %s\n", e.text);
    else
        code = w->rank == 0 ? lead(about, &f, argc, argv) : follow(&f);
    *is_whole = f.is_whole;
    fleet_fini(&f);
    return code;
}

bool fleet_program_is_question(int argc, char *const argv[])
{
    static const char *const words[] = { "--help", "-h",      "help",  "--version",
                                         "-V",     "version", "--man", "--complete" };
    if (argc < 2)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(argv[1], words[i]) == 0)
            return true;
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* Without MPI, the launcher's variables say which rank this is. */
int fleet_program_answer(const struct program *about, int argc, char *argv[])
{
    struct share share;
    struct err none;
    const char *source;
    const bool is_other = share_parse(&share, &source, "auto", &none) == 0 && share.index > 0;
    return is_other ? EXIT_CODE_DONE : run_program(about, NULL, argc, argv);
}
