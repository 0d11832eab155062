/* errors.csv: errors by cause, per second, stream and phase. */
#ifndef RECORD_ERROR_ROWS_H
#define RECORD_ERROR_ROWS_H

#include <stdint.h>

struct stats;
struct csv_writer;
struct plan;

#define ERROR_ROWS_HEADER "t_s,stream,step,cluster,phase,class,cause,status,count_n"

/* Writes the errors of a second. Those without a recorded cause get a row with an empty one, so that the rows
 * of a class add up to its count in intervals.csv; rows of class ok are events that failed no request. */
void error_rows_write(struct csv_writer *w, const struct plan *plan, uint64_t second,
                      const struct stats *sum);

#endif
