/* Comparing doubles with the digits that a worked example gives. Include after cmocka.h. */
#ifndef TESTS_CLOSE_H
#define TESTS_CLOSE_H

#include <math.h>

/* `half_digit` is half a unit of the last digit given. */
#define assert_close(got, right, half_digit)                                                                 \
    assert_close_at((got), (right), (half_digit), #got, __FILE__, __LINE__)

static inline void assert_close_at(double got, double right, double half_digit, const char *what,
                                   const char *file, int line)
{
    if (fabs(got - right) <= half_digit)
        return;
    print_error("%s is %.12g, should be %.12g\n", what, got, right);
    _fail(file, line);
}

#endif
