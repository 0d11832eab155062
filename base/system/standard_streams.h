/* Standard input, output and error, open from the start: the next file or socket would get the descriptor of
 * one that is closed, and receive what is meant for people. Some cron jobs and supervisors start programs
 * that way. */
#ifndef BASE_STANDARD_STREAMS_H
#define BASE_STANDARD_STREAMS_H

/* Opens /dev/null on each that is closed; the first thing in every main. -1 when that fails. */
int standard_streams_open(void);

#endif
