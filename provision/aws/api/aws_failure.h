/* A refused or failed call: the code that AWS gave, its class, and advice for the user. The code decides, not
 * the HTTP status, which is 400 for nearly everything. */
#ifndef PROVISION_AWS_FAILURE_H
#define PROVISION_AWS_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct xml_node;

enum aws_class {
    AWS_CLASS_NONE,
    AWS_CLASS_THROTTLED, /* back off and retry */
    AWS_CLASS_TRANSIENT, /* server errors, time-outs, broken connections, unreadable replies: the outcome may
                            be unknown */
    AWS_CLASS_CREDENTIALS, /* missing, wrong or expired credentials, or not allowed */
    AWS_CLASS_QUOTA,       /* limits of the account, or no capacity in the zone */
    AWS_CLASS_INPUT,       /* AWS rejects the request as invalid */
    AWS_CLASS_CONFLICT,    /* exists already: look it up, adopt it only with our tags */
    AWS_CLASS_ORDERING,    /* something else must finish first: retry for a while */
    AWS_CLASS_MISSING,     /* no such resource, or not yet known everywhere */
    AWS_CLASS_UNREACHABLE, /* no connection: nothing was sent */
    AWS_CLASS_PROXY,       /* the proxy is not found or refuses: nothing was sent */
    AWS_CLASS_UNTRUSTED,   /* the certificate is not trusted: nothing was sent */
    AWS_CLASS_NOT_AWS,     /* a reply that AWS would not send */
    AWS_CLASS_STOPPED,     /* the user interrupted */
    AWS_CLASS_OTHER,
};

struct aws_failure {
    enum aws_class class;
    bool timed_out;
    bool maybe_done;     /* this attempt or an earlier one may have been carried out */
    long http_status;    /* 0: no reply */
    char code[96];       /* "" when the reply names none */
    char message[640];   /* one line, printable, cut to fit */
    char request_id[80]; /* "" when the reply has none */
    long clock_ahead_s;  /* local clock minus the reply's Date; 0: unknown or equal */
};

/* The class of a code; AWS_CLASS_OTHER if unknown. */
enum aws_class aws_failure_class_of(const char *code);

/* Fills code, message, request id and class from an error reply: XML of any shape (`root` not NULL), JSON, or
 * anything else in `body`. `http_status` must be set. */
void aws_failure_read(struct aws_failure *f, const struct xml_node *root, const char *body,
                      size_t length_bytes);

/* Copies text to `out` as one line of printable ASCII, cut to fit. */
void aws_failure_one_line(const char *text, size_t length_bytes, char *out, size_t out_bytes);

bool aws_failure_is(const struct aws_failure *f, const char *code);

/* Describes the failure in `e`: call, code, message, status, request id and advice. `what` is "EC2
 * RunInstances". Returns -1. */
int aws_failure_error(const struct aws_failure *f, const char *what, struct err *e);

#endif
