/* `Filter.N` of EC2's Describe calls. Unlike a request by id, a filter does not fail when one of several is
 * gone. */
#ifndef PROVISION_EC2_FILTER_H
#define PROVISION_EC2_FILTER_H

#include <stddef.h>

struct form;

struct ec2_filter {
    const char *name;
    const char *const *values;
    size_t n_values;
};

/* One value; several are given as .values and .n_values. */
#define EC2_FILTER_ONE(filter_name, value)                                                                   \
    {                                                                                                        \
        (filter_name), (const char *const[]){ (value) }, 1                                                   \
    }

void ec2_filter_add(struct form *f, const struct ec2_filter *filters, size_t n);

#endif
