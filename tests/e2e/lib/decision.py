"""The rule of decision between two arms, written a second time from its description: for pairs of runs that all have a time.

d is the log ratio of a pair. It shares no line with the programs."""

import math
import statistics
from collections import namedtuple

PAIRS_LEAST, TRIM_LEAST = 6, 8
MARGIN = math.log(1.05)

Decided = namedtuple("Decided", "outcome ratio lo hi p")


def beta_fraction(a, b, x):
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    value = d
    for m in range(1, 500):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d, c = 1 + numerator * d, 1 + numerator / c
            d, c = 1 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def t_tail(t, df):
    """P(|T| > |t|)."""
    a, b, x = df / 2, 0.5, df / (df + t * t)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) if 0 < x < 1 else 0
    if not front:
        return float(x >= 1)
    return front * beta_fraction(a, b, x) / a if x < (a + 1) / (a + b + 2) else 1 - front * beta_fraction(b, a, 1 - x) / b


def t_quantile(two_sided, df):
    """t with P(|T| > t) = two_sided."""
    lo, hi = 0.0, 1e6
    for _ in range(200):
        middle = (lo + hi) / 2
        lo, hi = (middle, hi) if t_tail(middle, df) > two_sided else (lo, middle)
    return hi


def centre(d, trims):
    """Value, standard error, degrees of freedom."""
    n, d = len(d), sorted(d)
    g = n // 5 if trims else 0
    h = n - 2 * g
    winsorised = [d[min(max(i, g), n - 1 - g)] for i in range(n)]
    return statistics.fmean(d[g:n - g]), statistics.stdev(winsorised) * math.sqrt(n - 1) / math.sqrt(h * (h - 1)), h - 1


def has_apart(d):
    median = statistics.median(d)
    mad = statistics.median(abs(x - median) for x in d)
    return mad > 0 and any(abs(x - median) > 10 * mad for x in d)


def within_margin(value, se, df):
    h = t_quantile(.1, df) * se
    return value - h > -MARGIN and value + h < MARGIN


def decide(d, controls):
    n, k = len(d), len(controls)
    if n < PAIRS_LEAST:
        return Decided("description", math.exp(statistics.fmean(d)), None, None, None)
    trims = n >= TRIM_LEAST and has_apart(d)
    value, se, df = centre(d, trims)
    q = t_quantile(.05, df)
    shift, is_shifted = 0.0, False
    if k >= 2:
        shift = abs(statistics.fmean(controls))
        s = max(se * math.sqrt(n), statistics.stdev(controls))
        is_shifted = shift > q * s / math.sqrt(k)
    outcome = "undecided"
    if abs(value) > MARGIN and abs(value) > q * se:
        left = abs(value) - shift
        if not is_shifted or (left > MARGIN and left > q * s * math.sqrt(1 / n + 1 / k)):
            outcome = "higher" if value > 0 else "lower"
    elif within_margin(*centre(d, False)) and (not trims or within_margin(value, se, df)) and not is_shifted:
        outcome = "equivalent"
    return Decided(outcome, math.exp(value), math.exp(value - q * se), math.exp(value + q * se), t_tail(value / se, df))
