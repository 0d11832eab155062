#include "caption_comparison.h"

#include "caption.h"
#include "caption_campaign.h"
#include "comparison.h"
#include "dataset.h"

void caption_comparison(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *pair = comparison_first(c);
    if (c->within_run) {
        caption_of_times(out, data);
        return;
    }
    if (pair)
        fputs(caption_metric(pair->a.headline), out);
    caption_campaign(out, c);
}
