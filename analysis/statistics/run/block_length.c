#include "block_length.h"

#include "mean.h"

static const double WEAK = 0.2;

double block_length_autocorrelation(const double *x, size_t n, size_t length)
{
    const size_t n_blocks = n / length;
    if (n_blocks < 2)
        return 0;
    const double mean = mean_of(x, n_blocks * length);
    double squares = 0;
    double products = 0;
    double previous = 0;
    for (size_t i = 0; i < n_blocks; i++) {
        const double deviation = mean_of(x + i * length, length) - mean;
        squares += deviation * deviation;
        products += deviation * previous;
        previous = deviation;
    }
    return squares > 0 ? products / squares : 0;
}

struct block_length block_length_choose(const double *x, size_t n)
{
    const size_t longest = n >= 10 ? n / 10 : 1;
    size_t length = 1;
    double autocorrelation = block_length_autocorrelation(x, n, length);
    while (autocorrelation >= WEAK && length < longest) {
        length = 2 * length < longest ? 2 * length : longest;
        autocorrelation = block_length_autocorrelation(x, n, length);
    }
    return (struct block_length){ length, autocorrelation, autocorrelation >= WEAK };
}
