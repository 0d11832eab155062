/* Lines of access logs of an AWS Application Load Balancer (AWS, "Access logs for your Application Load
 * Balancer"). A request is due at its creation time, field 22; field 2 is when it was answered. Fields after
 * that may be missing, or be more than are known. */
#ifndef IMPORT_ALB_LINE_H
#define IMPORT_ALB_LINE_H

#include "log_entry.h"

enum log_skip alb_line_parse(struct log_entry *out, struct log_room *room, const char *line,
                             size_t length_bytes);

#endif
