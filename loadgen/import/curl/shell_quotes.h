/* The escapes of bash's $'..'. */
#ifndef IMPORT_SHELL_QUOTES_H
#define IMPORT_SHELL_QUOTES_H

struct word_out;

/* Reads from behind the opening quote; `*at` is then behind the closing one. -1: there is none. */
int shell_quotes_ansi(const char **at, struct word_out *w);

#endif
