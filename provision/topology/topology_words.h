/* What a name, a path or a date in a topology looks like, and how messages describe it. */
#ifndef PROVISION_TOPOLOGY_WORDS_H
#define PROVISION_TOPOLOGY_WORDS_H

#include <stdbool.h>

#define TOPOLOGY_NAME_FORM "1 to 32 of A-Z a-z 0-9 _ -"
#define TOPOLOGY_PATH_FORM "a path such as /cluster1, of A-Z a-z 0-9 _ - . and /, at most 64 characters"

#define TOPOLOGY_CERTIFICATE_FORM                                                                            \
    "the ARN of a certificate such as arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-"    \
    "1234-123456789012"

bool topology_is_name(const char *text);
bool topology_is_word(const char *text); /* a name that may have dots: an instance type, a key pair */
bool topology_is_path(const char *text);
/* A path other than `/`, which is the health check's. */
bool topology_is_cluster_path(const char *text);
bool topology_is_printable(const char *text);   /* a line of text */
bool topology_is_image(const char *text);       /* "ami-..." */
bool topology_is_certificate(const char *text); /* the ARN of one of ACM or IAM */
bool topology_is_host(const char *text);        /* a DNS name of two labels or more */
bool topology_is_date(const char *text);        /* "2024-02-01" */

#endif
