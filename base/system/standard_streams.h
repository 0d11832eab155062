/* Standard input, output and error are there from the start: a descriptor of them that is closed would be
 * given to the next file or socket, which then gets what was meant for people. Cron jobs and supervisors
 * start programs so. */
#ifndef BASE_STANDARD_STREAMS_H
#define BASE_STANDARD_STREAMS_H

/* Opens /dev/null on each that is closed; the first thing in every main. -1 when that cannot be had. */
int standard_streams_open(void);

#endif
