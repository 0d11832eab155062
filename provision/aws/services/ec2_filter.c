#include "ec2_filter.h"

#include "form.h"

void ec2_filter_add(struct form *f, const struct ec2_filter *filters, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        form_addf(f, filters[i].name, "Filter.%zu.Name", i + 1);
        for (size_t k = 0; k < filters[i].n_values; k++)
            form_addf(f, filters[i].values[k], "Filter.%zu.Value.%zu", i + 1, k + 1);
    }
}
