#include "nearest.h"

#include <string.h>

enum { WORD_MOST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    const size_t n = strlen(a);
    const size_t m = strlen(b);
    size_t rows[3][WORD_MOST + 1];

    if (n > WORD_MOST || m > WORD_MOST)
        return WORD_MOST + 1;
    size_t *before = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];
    for (size_t j = 0; j <= m; j++)
        above[j] = j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[m];
}

const char *nearest_word(const char *word, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t best_distance = WORD_MOST;
    for (size_t i = 0; i < n; i++) {
        const size_t length = strlen(word) > strlen(candidates[i]) ? strlen(word) : strlen(candidates[i]);
        const size_t allowed = length >= 6 ? length / 3 : 1;
        const size_t d = distance(word, candidates[i]);
        if (d <= allowed && d < length && d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}
