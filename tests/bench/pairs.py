"""Medians, and medians of the ratios of loadgen's figures to those of the other generators in the same round."""

import statistics


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def ratio(ours, theirs):
    return ours / theirs if ours is not None and theirs else None


def summary_of_pairs(rows, settings):
    """Per value of the columns `settings` and generator: medians, and loadgen's figure over the generator's, pair by pair."""
    for setting in dict.fromkeys(tuple(row[column] for column in settings) for row in rows):
        here = [row for row in rows if tuple(row[column] for column in settings) == setting]
        ours = {row["round"]: row for row in here if row["generator"] == "loadgen"}
        for name in dict.fromkeys(row["generator"] for row in here):
            theirs = [row for row in here if row["generator"] == name]
            summary = {**dict(zip(settings, setting)), "generator": name, "rounds_n": len(theirs)}
            for column, what in (("cpu_per_request_us", "cpu"), ("rate_per_s", "rate"), ("rss_peak_bytes", "rss")):
                middle = median([row[column] for row in theirs])
                of_pairs = median([ratio(ours[row["round"]][column], row[column]) for row in theirs if row["round"] in ours])
                summary[column] = round(middle, 3) if middle else None
                summary[f"loadgen_to_it_{what}"] = round(of_pairs, 3) if of_pairs else None
            yield summary
