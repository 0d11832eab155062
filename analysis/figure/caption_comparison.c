#include "caption_comparison.h"

#include "caption.h"
#include "caption_campaign.h"
#include "comparison.h"
#include "dataset.h"

void caption_comparison(FILE *out, const struct dataset *data)
{
    const struct comparison *c = data->comparison;
    const struct comparison_pair *pair = comparison_first(c);
    caption_end_own(out);
    comparison_sentence(out, c);
    putc(' ', out);
    if (c->within_run) {
        caption_latency(out, data);
        caption_attempts(out, data);
        caption_load(out, data);
        caption_run(out, data);
        return;
    }
    if (pair)
        fputs(caption_metric(pair->a.headline), out);
    caption_campaign(out, c);
}
