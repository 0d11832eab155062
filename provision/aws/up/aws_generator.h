/* The generator of `up`: a machine in the region on which `loadgen run --on-generator` runs. It is launched
 * with the instances; then loadgen is installed on it over ssh. */
#ifndef PROVISION_AWS_GENERATOR_H
#define PROVISION_AWS_GENERATOR_H

struct aws_up;
struct err;

/* Whether the options and the topology's generator go together, once the plan has its key pair. */
int aws_generator_check_options(const struct aws_up *up, struct err *e);

/* That, and checks before anything is created what the installation will need (ssh, the private key, the
 * package) and reads the package. Does nothing without a generator. */
int aws_generator_check(struct aws_up *up, struct err *e);

#endif
