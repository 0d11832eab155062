/* The certificate of an HTTPS listener: Elastic Load Balancing takes only those of its own region and
 * account. */
#ifndef PROVISION_AWS_CERTIFICATE_H
#define PROVISION_AWS_CERTIFICATE_H

struct aws_session;
struct err;

/* Checks the ARN of the session's topology, if it has one, before anything is made. */
int aws_certificate_check(const struct aws_session *s, struct err *e);

#endif
