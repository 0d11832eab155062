"""The tests' own decoder of HdrHistogram logs, against published vectors: what it is trusted for elsewhere is shown here."""

import pytest

import hdr_log


def test_a_published_histogram_holds_one_value_of_42():
    histogram = hdr_log.decode("HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=")
    assert [(histogram.lowest_value(i), n) for i, n in histogram.counts.items()] == [(42, 1)]


@pytest.mark.parametrize("encoded, number", [
    ("00", 0), ("01", -1), ("02", 1), ("54", 42), ("7f", -64), ("8001", 64), ("9007", 456), ("8f07", -456), ("a09c01", 10000),
    ("8080808080808004", 2**50), ("ff" * 9, -(2**63)),
])
def test_zigzag_numbers_have_at_most_nine_bytes(encoded, number):
    assert list(hdr_log.numbers(bytes.fromhex(encoded))) == [number]


@pytest.mark.parametrize("lowest, highest, index, low, high", [
    (1000, 3_600_000_000_000, 1953, 999_936, 1_000_447),
    (1000, 3_600_000_000_000, 5316, 9_994_240, 10_002_431),
    (1, 3_600_000_000, 1000, 1000, 1000),
    (1, 3_600_000_000, 17_909, 99_942_400, 100_007_935),
])
def test_a_counter_covers_the_published_range(lowest, highest, index, low, high):
    histogram = hdr_log.Histogram(lowest, highest, 3)
    assert (histogram.lowest_value(index), histogram.highest_value(index)) == (low, high)


@pytest.mark.parametrize("p_ppm, value", [(500_000, 5), (910_000, 10), (1_000_000, 10), (1, 1), (70_000, 1)])
def test_percentiles_are_nearest_ranks(p_ppm, value):
    histogram = hdr_log.Histogram(1, 3_600_000_000_000, 3)
    histogram.counts.update(range(1, 11))
    assert histogram.value_at_ppm(p_ppm) == value
