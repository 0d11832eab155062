/* The end of a campaign's captions: how many runs, when, under which load, and what failed in them. */
#ifndef CAPTION_CAMPAIGN_H
#define CAPTION_CAMPAIGN_H

#include <stdio.h>

struct comparison;

void caption_campaign(FILE *out, const struct comparison *c);

#endif
