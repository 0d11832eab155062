/* What a refused or failed call means: the code that AWS gave, its class, and what the user can do about it.
 * The code decides and not the HTTP status, which is 400 for nearly everything. */
#ifndef PROVISION_AWS_FAILURE_H
#define PROVISION_AWS_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct xml_node;

enum aws_class {
    AWS_CLASS_NONE,
    AWS_CLASS_THROTTLED, /* back off and repeat */
    AWS_CLASS_TRANSIENT, /* server trouble, time-outs, broken connections, unreadable replies: the outcome may
                            be unknown */
    AWS_CLASS_CREDENTIALS, /* missing, wrong or expired credentials, or not allowed */
    AWS_CLASS_QUOTA,       /* limits of the account, or no capacity in the zone */
    AWS_CLASS_INPUT,       /* AWS calls the request wrong */
    AWS_CLASS_CONFLICT,    /* exists already: look it up, adopt only with our tag */
    AWS_CLASS_ORDERING,    /* something else must be finished first: repeat for a while */
    AWS_CLASS_MISSING,     /* no such resource */
    AWS_CLASS_UNREACHABLE, /* no connection: nothing was sent */
    AWS_CLASS_NOT_AWS,     /* an answer that AWS would not give */
    AWS_CLASS_STOPPED,     /* the user interrupted */
    AWS_CLASS_OTHER,
};

struct aws_failure {
    enum aws_class class;
    bool timed_out;
    long http_status;    /* 0: no reply */
    char code[96];       /* "" when the reply names none */
    char message[640];   /* one line, printable, cut to fit */
    char request_id[80]; /* "" when the reply has none */
    long clock_behind_s; /* local clock minus the reply's Date: negative when ours is behind; 0 unknown or
                            equal */
};

/* The class of a code; AWS_CLASS_OTHER for one that is not in the table. */
enum aws_class aws_failure_class_of(const char *code);

/* Fills code, message, request id and class from an error reply: XML of any of the shapes (`root` not NULL),
 * JSON, or whatever `body` holds. `http_status` is set already. */
void aws_failure_read(struct aws_failure *f, const struct xml_node *root, const char *body,
                      size_t length_bytes);

/* Puts text into `out` as one printable line, cut to fit. */
void aws_failure_one_line(const char *text, size_t length_bytes, char *out, size_t out_bytes);

bool aws_failure_is(const struct aws_failure *f, const char *code);

/* Fills `e` with a sentence: who, code, message, status, request id, and what to do. `what` is "EC2
 * RunInstances". Returns -1. */
int aws_failure_sentence(const struct aws_failure *f, const char *what, struct err *e);

#endif
