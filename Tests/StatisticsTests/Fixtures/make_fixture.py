#!/usr/bin/env python3
"""Makes tables.jsonl: random tables and what scipy says of them, one table a line.

    make_fixture.py > tables.jsonl

Needs scipy (made with 1.17.1) and numpy (2.4.6). What scipy does not have is computed here from its definition, in another
way than the library does: exact fractions, loops over pairs.
"""
import json
import math
import warnings
from fractions import Fraction

import numpy as np
from scipy import special, stats

MASK = (1 << 64) - 1
TABLES = 200


class Ours(np.random.Generator):
    """xoshiro256** seeded by SplitMix64, with Lemire's bounded numbers, for scipy's bootstrap."""

    def __new__(cls, seed):
        return super().__new__(cls, np.random.PCG64(0))

    def __init__(self, seed):
        super().__init__(np.random.PCG64(0))
        self.words = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            value = seed
            value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
            value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
            self.words.append(value ^ value >> 31)

    def word(self):
        a, b, c, d = self.words

        def rotate(value, count):
            return ((value << count) | (value >> (64 - count))) & MASK

        result = (rotate((b * 5) & MASK, 7) * 9) & MASK
        shifted = (b << 17) & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        self.words = [a, b, c, rotate(d, 45)]
        return result

    def below(self, bound):
        product = self.word() * bound
        if product & MASK < bound:
            rest = (1 << 64) % bound
            while product & MASK < rest:
                product = self.word() * bound
        return product >> 64

    def integers(self, low, high=None, size=None, dtype=np.int64, endpoint=False):
        assert low == 0 and not endpoint
        return np.array([self.below(high) for _ in range(math.prod(size))], dtype=dtype).reshape(size)


def distribution(name, parameters, law, x, p):
    """One law at one place: density, both tails, and where a probability lies, from both sides."""
    return {"name": name, "parameters": parameters, "x": x, "p": p, "density": float(law.pdf(x)),
            "cumulative": float(law.cdf(x)), "survival": float(law.sf(x)), "quantile": float(law.ppf(p)),
            "upper": float(law.isf(p))}


def distributions(rng):
    p = float(rng.choice([rng.uniform(), 10 ** rng.uniform(-8, -1)]))
    freedom = float(np.round(10 ** rng.uniform(0, 4), 2))
    a, b = (float(np.round(10 ** rng.uniform(-0.5, 4), 3)) for _ in range(2))
    shape, scale = float(np.round(10 ** rng.uniform(-0.5, 4), 3)), float(np.round(10 ** rng.uniform(-2, 2), 3))
    mean, deviation = float(np.round(rng.normal() * 10, 2)), float(np.round(10 ** rng.uniform(-2, 2), 3))
    beta, gamma, chi = stats.beta(a, b), stats.gamma(shape, scale=scale), stats.chi2(freedom)
    student, normal = stats.t(freedom), stats.norm(mean, deviation)
    place = float(rng.uniform(0.001, 0.999))
    return [
        distribution("normal", [mean, deviation], normal, float(normal.ppf(place)), p),
        distribution("student", [freedom], student, float(rng.normal() * 3), p),
        distribution("beta", [a, b], beta, float(beta.ppf(place)), p),
        distribution("gamma", [shape, scale], gamma, float(gamma.ppf(place)), p),
        distribution("chi-square", [freedom], chi, float(chi.ppf(place)), p),
    ]


def binomial(rng):
    n, p = int(10 ** rng.uniform(0, 4)), float(rng.uniform(0.01, 0.99))
    law = stats.binom(n, p)
    k = int(law.rvs(random_state=rng))
    level = float(rng.uniform(0.001, 0.999))
    return {"n": n, "p": p, "k": k, "mass": float(law.pmf(k)), "cumulative": float(law.cdf(k)),
            "survival": float(law.sf(k)), "level": level, "quantile": int(law.ppf(level))}


def interval(pair):
    return [float(pair[0]), float(pair[1])]


def mean_interval(values, confidence):
    return interval(stats.t.interval(confidence, len(values) - 1, loc=np.mean(values), scale=stats.sem(values)))


def clustered(values, clusters, confidence):
    """By the definition: the sum over all pairs within a cluster."""
    n, mean = len(values), float(np.mean(values))
    total = sum((values[i] - mean) * (values[j] - mean) for i in range(n) for j in range(n) if clusters[i] == clusters[j])
    count = len(set(clusters))
    error = math.sqrt(max(0, total) * count / (count - 1)) / n
    critical = float(stats.t.ppf((1 + confidence) / 2, count - 1))
    spread = mean * (1 - mean)
    effective = count if spread == 0 else min(n, spread / error ** 2)
    low, high = sorted(np.roots([effective + critical ** 2, -(2 * effective * mean + critical ** 2), effective * mean ** 2]).real)
    return {"values": values, "clusters": clusters, "error": error, "effective": float(effective),
            "interval": [mean - critical * error, mean + critical * error], "wilson": interval((low, high))}


def paired(rng, confidence):
    n = int(rng.integers(3, 40))
    first = [float(v) for v in np.round(rng.normal(size=n), 3)]
    second = [float(v) for v in np.round(np.array(first) * 0.7 + rng.normal(size=n) + rng.normal() / 2, 3)]
    test = stats.ttest_rel(second, first)
    return {"first": first, "second": second, "statistic": float(test.statistic), "p": float(test.pvalue),
            "interval": interval(test.confidence_interval(confidence))}


def holm(values):
    """Source of the definition: the largest of (m - j + 1) p_(j) over the j that come no later."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    adjusted = [0.0] * len(values)
    for place, i in enumerate(order):
        adjusted[i] = min(1.0, max((len(values) - j) * values[order[j]] for j in range(place + 1)))
    return adjusted


def order_bounds(values, p, confidence):
    """Ranks by trying all, with the tails of scipy's binomial."""
    n, side, law = len(values), (1 - confidence) / 2, stats.binom(len(values), p)
    lower = [rank for rank in range(1, n + 1) if law.cdf(rank - 1) <= side]
    upper = [rank for rank in range(1, n + 1) if law.sf(rank - 1) <= side]
    if not lower or not upper:
        return None
    ordered = sorted(values)
    return [ordered[lower[-1] - 1], ordered[upper[0] - 1]]


def kappa(first, second):
    n, labels = len(first), sorted(set(first) | set(second))
    observed = Fraction(sum(a == b for a, b in zip(first, second)), n)
    expected = sum(Fraction(first.count(label) * second.count(label), n * n) for label in labels)
    return None if expected == 1 else float((observed - expected) / (1 - expected))


def table(number):
    rng = np.random.default_rng([20261129, number])
    confidence = float(rng.choice([0.8, 0.9, 0.95, 0.99]))
    trials = int(10 ** rng.uniform(0, 4))
    successes = int(rng.integers(0, trials + 1))
    values = [float(v) for v in np.round(rng.lognormal(size=int(rng.integers(2, 30))), 3)]
    count = int(rng.integers(6, 60))
    clusters = [int(c) for c in rng.integers(0, int(rng.integers(2, 12)), size=count)]
    clusters[0], clusters[1] = 0, 1
    lean = rng.uniform(size=12)
    shares = [float(rng.uniform() < lean[c]) for c in clusters]
    flips = [int(f) for f in rng.integers(0, int(10 ** rng.uniform(0.5, 3)), size=2)]
    several = [float(p) for p in rng.uniform(size=int(rng.integers(1, 12))) ** 3]
    n = int(rng.integers(1, 200))
    c, k = int(rng.integers(0, n + 1)), int(rng.integers(1, n + 1))
    sample = [float(v) for v in np.round(rng.lognormal(size=int(rng.integers(1, 120))), 3)]
    p = float(rng.choice([0.5, 0.9, 0.95, rng.uniform()]))
    labels = [[int(v) for v in rng.integers(0, 4, size=25)] for _ in range(2)]
    labels[1] = [a if rng.uniform() < 0.5 else b for a, b in zip(*labels)]
    seed = int(rng.integers(0, 1 << 63))
    resampled = stats.bootstrap((values,), np.mean, n_resamples=299, confidence_level=confidence, method="percentile",
                                rng=Ours(seed)).confidence_interval
    medians = stats.bootstrap((values,), np.median, n_resamples=99, confidence_level=confidence, method="percentile",
                              rng=Ours(seed)).confidence_interval
    return {
        "confidence": confidence,
        "distributions": distributions(rng),
        "binomial": binomial(rng),
        "proportion": {"successes": successes, "trials": trials, "wilson": interval(
            stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson"))},
        "mean": {"values": values, "mean": float(np.mean(values)), "deviation": float(np.std(values, ddof=1)),
                 "interval": mean_interval(values, confidence)},
        "clustered": clustered(shares, clusters, confidence),
        "paired": paired(rng, confidence),
        "mcnemar": {"flips": flips, "p": float(stats.binomtest(flips[0], sum(flips), 0.5).pvalue) if sum(flips) else 1.0},
        "bootstrap": {"seed": seed, "mean": interval(resampled), "median": interval(medians)},
        "holm": {"values": several, "adjusted": holm(several)},
        "pass": {"n": n, "c": c, "k": k,
                 "any": float(1 - Fraction(special.comb(n - c, k, exact=True), special.comb(n, k, exact=True))),
                 "all": float(Fraction(special.comb(c, k, exact=True), special.comb(n, k, exact=True)))},
        "quantile": {"values": sample, "p": p, "quantile": float(np.quantile(sample, p)),
                     "bounds": order_bounds(sample, p, confidence)},
        "kappa": {"first": labels[0], "second": labels[1], "kappa": kappa(*labels)},
    }


if __name__ == "__main__":
    warnings.simplefilter("error")
    for i in range(TABLES):
        print(json.dumps(table(i), separators=(",", ":")))
