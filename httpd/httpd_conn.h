/* A client's connection: one request at a time, its answer, and perhaps a stream. */
#ifndef HTTPD_CONN_H
#define HTTPD_CONN_H

#include "httpd_state.h"

void httpd_conn_accept(struct httpd_listener *listener);
/* Closes the connections that take too long. */
void httpd_conn_sweep(struct httpd *server);
/* Ends all connections: at once, or, `gently`, when their last bytes are read. */
void httpd_conn_end_all(struct httpd *server, bool gently);

#endif
