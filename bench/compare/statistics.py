"""Medians, quartiles, and the confidence interval of a ratio over interleaved pairs."""

import random


def quantile(values, share):
    """Linear between the two nearest values in order."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values):
    return quantile(values, 0.5)


def interval(values, share=0.95, resamples=5000):
    """The bootstrap interval of the median: the middle `share` of the medians of as many values drawn from
    `values` with replacement. The draws are seeded: the same values give the same interval."""
    draws = random.Random(len(values))
    medians = [median(draws.choices(values, k=len(values))) for _ in range(resamples)]
    return quantile(medians, (1 - share) / 2), quantile(medians, (1 + share) / 2)


def ratios(rows, of, to, key="cpu_us", by="round"):
    """The ratio of `key` of one server to another's in the same round, for each round that has both."""
    values = {(row["server"], row[by]): row[key] for row in rows}
    rounds = sorted({number for server, number in values if server == of})
    return [values[of, number] / values[to, number] for number in rounds if values.get((to, number))]


def summary(values):
    """Median and its interval, for a table or a plot."""
    if not values:
        return None
    low, high = interval(values)
    return {"median": median(values), "low": low, "high": high, "pairs": len(values)}
