/* The command line of a campaign, and for a resumed one the options that it began with before those given
 * now.
 */
#ifndef COMMAND_CAMPAIGN_LINE_H
#define COMMAND_CAMPAIGN_LINE_H

#include "campaign_options.h"
#include "given_words.h"

struct campaign;
struct err;

struct campaign_line {
    const struct run_options *begin; /* borrowed: what does not come from the command line */
    struct campaign_options options;
    struct options_result given;
    struct given_words words; /* as run.json shows it; made by the caller */
    char **all;               /* owned array of borrowed words: what was parsed; NULL: argv alone */
};

/* Parses argv with the options of `line->begin->parsed`, which the caller has set. The caller frees `line`
 * with campaign_line_fini in every case. */
int campaign_line_parse(struct campaign_line *line, int argc, char *const argv[], struct err *e);
/* Parses the options of the campaign's file, then those given now: the last of a kind counts. Values that the
 * file does not keep because they may be secret must be given again. */
int campaign_line_parse_again(struct campaign_line *line, const struct campaign *c, int argc,
                              char *const argv[], struct err *e);
void campaign_line_fini(struct campaign_line *line);

#endif
