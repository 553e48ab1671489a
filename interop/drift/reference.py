"""The drift numbers once more, written from their definition with NumPy and SciPy alone.

    reference.py make FOLDER        writes pairs of files NAME.reference.csv and NAME.current.csv
    reference.py fixture FOLDER     writes one small pair, fixture.*.csv, and its numbers, fixture.json
    reference.py compare FOLDER     compares NAME.slipway.json and NAME.evidently-compat.json with them

The definition, which the project's documentation has too: every number with at least a tenth of the finite values is
its own bin; the other values are cut at their quantiles by nearest rank, equal cuts once, ends open, and an interval
that holds such a number is cut there. Texts: the 50 most frequent ones, then OTHER. MISSING and INVALID are bins. Bins
empty on both sides are dropped, half a value is added to each of the others on both sides, then shares are taken.
"""

import csv
import json
import math
import pathlib
import sys
from bisect import bisect_left
from collections import Counter

import numpy as np
from scipy import special, stats
from scipy.spatial import distance

BINS, SPIKE, TOP = 20, 0.1, 50
TOLERANCE = 1e-9


# --- Slipway's own definition


class Numbers:
    def __init__(self, cells):
        finite = np.array(sorted(v for v in map(value, cells) if v is not None and math.isfinite(v)))
        counted = Counter(finite.tolist())
        self.spikes = sorted(v for v, times in counted.items() if times >= SPIKE * len(finite))
        rest = finite[~np.isin(finite, self.spikes)]
        edges = {rest[-(-k * len(rest) // BINS) - 1] for k in range(1, BINS)} if len(rest) else set()
        self.cuts = sorted(edges | set(self.spikes))
        self.finite = finite
        self.bins = len(self.cuts) + len(self.spikes) + 1

    def place(self, number):
        """A cut belongs to the interval below it, unless it is a spike, whose bin follows that interval."""
        below, spikes = bisect_left(self.cuts, number), bisect_left(self.spikes, number)
        return below + spikes + (number in self.spikes)

    def counts(self, cells):
        counts = [0] * (self.bins + 2)
        for number in map(value, cells):
            if number is None:
                counts[-2] += 1
            elif not math.isfinite(number):
                counts[-1] += 1
            else:
                counts[self.place(number)] += 1
        return counts

    def centres(self):
        places = np.array([self.place(v) for v in self.finite])
        centres, ends = [], [-math.inf, *self.cuts, math.inf]
        at = 0
        for low, high in zip(ends, ends[1:]):
            inside = self.finite[places == at]
            known = [end for end in (low, high) if math.isfinite(end)]
            centres.append(inside.mean() if len(inside) else (sum(known) / len(known) if known else 0))
            at += 1
            if high in self.spikes:
                centres.append(high)
                at += 1
        return centres

    def ordered(self, reference, current):
        r, c = np.array(reference[: self.bins]), np.array(current[: self.bins])
        n, m = r.sum(), c.sum()
        if n == 0 or m == 0:
            return None, None
        apart = np.abs(np.cumsum(r) / n - np.cumsum(c) / m)
        ks = apart.max()
        transport = (apart[:-1] * np.diff(self.centres())).sum()
        deviation = self.finite.std()
        return (
            {"statistic": ks, "p_value": special.kolmogorov(ks * math.sqrt(n * m / (n + m)))},
            transport / deviation if deviation > 0 else None,
        )

    def quality(self, cells):
        given = [v for v in map(value, cells) if v is not None]
        outside = sum(
            math.isfinite(v) and len(self.finite) > 0 and not self.finite[0] <= v <= self.finite[-1] for v in given
        )
        if not len(self.finite):
            outside = sum(map(math.isfinite, given))
        return {
            "missing": 1 - len(given) / len(cells),
            "invalid": sum(not math.isfinite(v) for v in given) / len(cells),
            "out_of_range": outside / len(cells),
            "unseen": 0,
        }


class Texts:
    def __init__(self, cells):
        counted = Counter(cell for cell in cells if cell)
        ranked = sorted(counted, key=lambda text: (-counted[text], text))
        self.values, self.known = ranked[:TOP], len(ranked) <= TOP

    def counts(self, cells):
        counted = Counter(cells)
        top = [counted[text] for text in self.values]
        missing = counted[""]
        return [*top, len(cells) - missing - sum(top), missing, 0]

    def ordered(self, reference, current):
        return None, None

    def quality(self, cells):
        counts = self.counts(cells)
        return {
            "missing": counts[-2] / len(cells),
            "invalid": 0,
            "out_of_range": 0,
            "unseen": counts[-3] / len(cells) if self.known else None,
        }


def own(reference, current, numeric):
    feature = Numbers(reference) if numeric else Texts(reference)
    before, now = feature.counts(reference), feature.counts(current)
    kept = [i for i in range(len(before)) if before[i] or now[i]]
    b, n = np.array(before)[kept], np.array(now)[kept]
    r, c = (b + 0.5) / (b.sum() + 0.5 * len(kept)), (n + 0.5) / (n.sum() + 0.5 * len(kept))
    chi = stats.chi2_contingency([b, n], correction=False) if len(kept) > 1 else None
    ks, transport = feature.ordered(before, now)
    return {
        "reference_rows": len(reference),
        "current_rows": len(current),
        "bins": len(kept),
        "psi": ((c - r) * np.log(c / r)).sum(),
        "psi_without_drift": (len(kept) - 1) * (1 / len(reference) + 1 / len(current)),
        "kl": stats.entropy(r, c),
        "js": distance.jensenshannon(r, c),
        "js_base2": distance.jensenshannon(r, c, base=2),
        "hellinger": math.sqrt(((np.sqrt(r) - np.sqrt(c)) ** 2).sum() / 2),
        "total_variation": np.abs(r - c).sum() / 2,
        "chi_square": {"statistic": chi[0], "p_value": chi[1]} if chi else {"statistic": 0, "p_value": 1},
        "ks": ks,
        "wasserstein": transport,
        "quality": {"reference": feature.quality(reference), "current": feature.quality(current)},
    }


# --- Evidently's formulas, at its commit a4aa4c2


def shares(reference, current, numeric, fill):
    if numeric and len(set(reference)) > 20:
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        both = [np.histogram(side, edges)[0] / len(side) for side in (reference, current)]
    else:
        keys = sorted(set(reference) | set(current))
        both = [np.array([Counter(side)[key] / len(side) for key in keys]) for side in (reference, current)]
    for side in both if fill else []:
        least = side[side > 0].min()
        side[side == 0] = least / 1e6 if least <= 1e-4 else 1e-4
    return both


def evidently(reference, current, numeric):
    if numeric:
        reference, current = (
            [v for v in map(value, side) if v is not None and math.isfinite(v)] for side in (reference, current)
        )
    else:
        reference, current = ([cell for cell in side if cell] for side in (reference, current))
    r, c = shares(reference, current, numeric, True)
    result = {
        "reference_rows": len(reference),
        "current_rows": len(current),
        "psi": ((c - r) * np.log(c / r)).sum(),
        "kl": stats.entropy(r, c),
        "js": distance.jensenshannon(*shares(reference, current, numeric, False)),
    }
    if numeric:
        ks = stats.ks_2samp(reference, current)
        result["ks"] = {"statistic": ks[0], "p_value": ks[1]}
        result["wasserstein"] = stats.wasserstein_distance(reference, current) / max(np.std(reference), 0.001)
    values = sorted(set(reference) | set(current))
    few = len(values) <= 5
    if len(reference) > 1000:
        result["test"] = "jensenshannon" if few or not numeric else "wasserstein"
        result["value"] = result["js"] if few or not numeric else result["wasserstein"]
    elif numeric and not few:
        result["test"], result["value"] = "ks", result["ks"]["p_value"]
    elif len(values) > 2:
        before, now = Counter(reference), Counter(current)
        expected = np.array([before[v] * len(current) / len(reference) for v in values])
        observed = np.array([now[v] for v in values])
        with np.errstate(divide="ignore"):
            result["test"], result["value"] = "chisquare", stats.chi2.sf(
                ((observed - expected) ** 2 / expected).sum(), len(values) - 1
            )
    else:
        p, q = (sum(v != values[0] for v in side) / len(side) for side in (reference, current))
        n, m = len(reference), len(current)
        both = (p * n + q * m) / (n + m)
        z = abs(p - q) / math.sqrt(both * (1 - both) * (1 / n + 1 / m)) if len(values) > 1 else 0
        result["test"], result["value"] = "z", 2 * stats.norm.sf(z)
    result["drift"] = (
        result["value"] < 0.05 if result["test"] in ("ks", "chisquare", "z") else result["value"] >= 0.1
    )
    return result


# --- Files


def value(cell):
    return None if cell == "" else float(cell)


def columns(path):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def make(folder):
    random = np.random.default_rng(20_260)
    write(folder, "ordinary", table(random, 5000, 0), table(random, 3000, 0.3))
    write(folder, "same", table(random, 2000, 0), table(random, 2000, 0))
    write(folder, "small", table(random, 300, 0), table(random, 140, 0.5))
    write(folder, "tiny", table(random, 3, 0), table(random, 2, 1))
    write(folder, "large", table(random, 12_000, 0), table(random, 11_000, 0.02))
    write(folder, "uneven", table(random, 10_100, 0), table(random, 90, 0.4))


def fixture(folder):
    random = np.random.default_rng(7)
    write(folder, "fixture", table(random, 160, 0), table(random, 90, 0.5))
    before, now = columns(folder / "fixture.reference.csv"), columns(folder / "fixture.current.csv")
    numbers = [
        {"feature": name, mode: of(before[name], now[name], name.startswith("n_"))}
        for name in before
        for mode, of in (("slipway", own), ("evidently-compat", evidently))
    ]
    text = json.dumps(numbers, indent=1, default=lambda number: number.item())
    (folder / "fixture.json").write_text(text + "\n", encoding="utf-8")


def table(random, n, shift):
    """Columns whose names begin with n_ hold numbers, with t_ texts."""

    def some(values, share, cell):
        drawn = random.random(n) < share
        drawn[0] = False  # So that no column is wholly without values.
        return [cell if d else v for d, v in zip(drawn, values)]

    normal = random.normal(shift, 1, n)
    inflated = np.where(random.random(n) < 0.95 - shift / 10, 0.0, random.exponential(1 + shift, n))
    outliers = np.where(random.random(n) < 0.002, 1e12 * random.normal(size=n), normal)
    spikes = np.where(random.random(n) < 0.5, random.choice([-1.0, 0.0, 2.5], n), normal)
    small = random.choice(["a", "b", "c, d"], n, p=[0.6 - shift / 4, 0.3 + shift / 4, 0.1])
    wide = [f"v{int(v)}" for v in random.exponential(30 * (1 + shift), n)]
    return {
        "n_normal": normal,
        "n_zero_inflated": inflated,
        "n_outliers": outliers,
        "n_spikes": spikes,
        "n_counts": random.poisson(3 + shift, n),
        "n_binary": (random.random(n) < 0.2 + shift / 5).astype(int),
        "n_constant": np.full(n, 7.5),
        "n_missing": some(normal, 0.1 + shift / 5, ""),
        "n_invalid": some(some(some(normal, 0.02 + shift / 10, "NaN"), 0.01, "inf"), 0.01, "-inf"),
        "n_mixed": some(some(inflated, 0.05, ""), 0.05 + shift / 10, "NaN"),
        "t_few": some(small, 0.03 + shift / 20, ""),
        "t_two": random.choice(["no", "yes"], n, p=[0.7 - shift / 5, 0.3 + shift / 5]),
        "t_many": wide,
        "t_new": some(small, shift / 3, "new"),
    }


def write(folder, name, reference, current):
    for side, data in (("reference", reference), ("current", current)):
        with open(folder / f"{name}.{side}.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(data)
            out.writerows(zip(*([c if isinstance(c, str) else repr(c.item()) for c in v] for v in data.values())))


def differences(path, expected, found):
    if isinstance(expected, dict):
        for key, part in expected.items():
            yield from differences(f"{path}.{key}", part, found.get(key, "nothing"))
    elif expected is None or isinstance(expected, (str, bool, np.bool_)):
        if expected != found:
            yield math.inf, path, expected, found
        else:
            yield 0, path, expected, found
    elif not isinstance(found, (int, float)):
        yield math.inf, path, expected, found
    else:
        yield abs(expected - found) / max(1, abs(expected)), path, expected, found


def compare(folder):
    worst = {}
    for path in sorted(folder.glob("*.json")):
        name, mode, _ = path.name.split(".")
        before, now = columns(folder / f"{name}.reference.csv"), columns(folder / f"{name}.current.csv")
        features = {f["feature"]: f for f in json.loads(path.read_text(encoding="utf-8"))["features"]}
        for column in before:
            of = own if mode == "slipway" else evidently
            expected = of(before[column], now[column], column.startswith("n_"))
            for found in differences(f"{name}.{column}", expected, features[column]):
                count, last = worst.get(mode, (0, (-1,)))
                worst[mode] = count + 1, max(last, found, key=lambda f: f[0])
                if found[0] > TOLERANCE:
                    print("differs by %g: %s: %s (expected: %s)" % (found[0], found[1], found[3], found[2]))
    for mode, (count, last) in worst.items():
        print(f"{mode}: {count} numbers, the greatest difference {last[0]:.2g} ({last[1]})")
    return len(worst) == 2 and all(last[0] <= TOLERANCE for _, last in worst.values())


if __name__ == "__main__":
    action, target = sys.argv[1], pathlib.Path(sys.argv[2])
    if action == "make":
        make(target)
    elif action == "fixture":
        fixture(target)
    elif not compare(target):
        sys.exit(1)
