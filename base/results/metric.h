/* The times that are recorded, each in a histogram of its own. One list makes the enum and the names in tags.
 */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

/* X(constant, name in files). Due times exist in open streams and in sessions. */
#define METRICS(X)                                                                                           \
    X(METRIC_RESPONSE, "response")               /* done - due; where there is a due time */                 \
    X(METRIC_SERVICE, "service")                 /* done - sent */                                           \
    X(METRIC_LAG, "lag")                         /* dispatched - due: the generator was late; as above */    \
    X(METRIC_CONN_WAIT, "conn_wait")             /* sent - dispatched, less own connect and TLS; as above */ \
    X(METRIC_RX_AGE, "rx_age")                   /* read - kernel receive timestamp of the last byte */      \
    X(METRIC_FIRST_BYTE, "first_byte")           /* first byte read - sent */                                \
    X(METRIC_CONNECT, "connect")                 /* connect called - connected */                            \
    X(METRIC_TLS, "tls")                         /* handshake */                                             \
    X(METRIC_SERVICE_FIRST, "service_first")     /* service time of the first request on a connection */     \
    X(METRIC_RESPONSE_LESS_G, "response_less_g") /* response - lag - rx_age; where there is a due time */    \
    X(METRIC_SERVICE_LESS_G, "service_less_g")   /* service - rx_age */                                      \
    X(METRIC_BUSY, "busy")                       /* of a session's pass: total - drawn thinks */             \
    X(METRIC_TOTAL, "total")                     /* of a session's pass: end - start (open: due) */          \
    X(METRIC_RECORDED, "recorded")               /* how long a replayed request took when it was recorded */

enum metric {
#define METRIC_CONSTANT(constant, name) constant,
    METRICS(METRIC_CONSTANT)
#undef METRIC_CONSTANT
        N_METRICS
};

/* Constant string. */
const char *metric_name(enum metric metric);
/* The metric of that name; N_METRICS when there is none. */
enum metric metric_find(const char *name);

#endif
