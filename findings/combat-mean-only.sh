#!/bin/sh
# neuroCombat with mean_only=True leaves most of the site effect, however many scans there are.
#
# One would assume: "mean only" is ComBat without the correction of the scale, so that after it the means of the sites
# agree, as they do after full ComBat, and ever more exactly the more scans there are.
#
# True: empirical Bayes then weighs the mean of a whole site as if it came from one scan, gamma* = (t2 g + g-bar) /
# (t2 + 1) where full ComBat has (n t2 g + d* g-bar) / (n t2 + d*). What sets single features apart at a site is pulled to
# the site's average over features by the factor 1 / (t2 + 1), whether the site has 20 scans or 20,000: with effects of
# half a standard deviation four fifths of each stay in the data. The R packages sva (ComBat, mean.only=TRUE) and
# neuroCombat have the same line; their outputs are equal.
#
# Why it matters: mean only is what is recommended for small sites or few features, and what some tools switch to by
# themselves when a site has one scan. A group study on its output still compares scanners.
#
# Needs: python3 (3.9 to 3.12) with venv, PyPI. Version shown: neuroCombat 0.2.12. Ends with status 1 when this is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  neuroCombat==0.2.12 'numpy==1.26.4' 'pandas==2.2.3'
cat > "$folder/show.py" <<'PYTHON'
import contextlib, io, sys
from importlib.metadata import version
import numpy as np, pandas as pd
from neuroCombat import neuroCombat

FEATURES, SITES = 100, 3


def site_f(values, site):
    """The median over features of the F of site (one-way analysis of variance)."""
    n, mean = len(site), values.mean(axis=1)
    between = within = 0
    for code in range(SITES):
        own = values[:, site == code]
        between = between + own.shape[1] * (own.mean(axis=1) - mean) ** 2
        within = within + ((own - own.mean(axis=1)[:, None]) ** 2).sum(axis=1)
    return np.median(between / (SITES - 1) / (within / (n - SITES)))


print("neuroCombat", version("neuroCombat"), "with numpy", np.__version__)
print(f"{FEATURES} normal features, {SITES} sites, each feature shifted at each site by 0.5 SD times a normal number")
print("median F of site over the features (1 where there is no site effect):")
print("  scans per site      raw  mean_only=True  mean_only=False")
results = {}
for scans in (20, 100, 500):
    random = np.random.default_rng(7)
    site = np.repeat(np.arange(SITES), scans)
    shift = 0.5 * random.normal(size=(FEATURES, SITES))
    values = 10 + random.normal(size=(FEATURES, SITES * scans)) + shift[:, site]
    after = {}
    for mean_only in (True, False):
        with contextlib.redirect_stdout(io.StringIO()):
            out = neuroCombat(dat=values, covars=pd.DataFrame({"site": site}), batch_col="site", mean_only=mean_only)
        after[mean_only] = site_f(out["data"], site)
    results[scans] = (site_f(values, site), after[True], after[False])
    print("  {:14d} {:8.2f} {:15.2f} {:16.2f}".format(scans, *results[scans]))
still = all(raw / 2 < mean_only and full < 1 for raw, mean_only, full in results.values())
print("mean only leaves more than half of F at every size; full ComBat none" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"
