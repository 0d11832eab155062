/* The exit codes that every program of the toolkit shares. */
#ifndef BASE_EXIT_CODE_H
#define BASE_EXIT_CODE_H

enum exit_code {
    EXIT_CODE_DONE = 0,
    EXIT_CODE_FAILED = 1,
    EXIT_CODE_USAGE = 2,         /* bad usage or bad input file; nothing was sent or created */
    EXIT_CODE_THRESHOLD = 3,     /* a threshold of the scenario was missed */
    EXIT_CODE_INVALID = 4,       /* what was asked for rests on a number that may be loadgen's own doing */
    EXIT_CODE_INTERRUPTED = 130, /* a signal of stop.h; partial results are written */
};

#endif
