#!/bin/sh
# combatlearn's CovBat destroys effects of age in data that have no site effect at all.
#
# One would assume: where sites do not differ, CovBat changes next to nothing, and whatever it changes, the covariates that it is
#   given keep their effects. combatlearn's own "fortin" (ComBat with covariates) does so on the same scans.
# In fact: method="chen" divides the scores of each principal component by their standard deviation at the site and does not multiply
#   them back, so that every component that it touches returns with a spread of about 1, in whatever unit. Small components, which
#   are noise, become as large as the first. Below, three sites without any difference and 20 features in mm: the spread
#   of features grows by up to half, values move by more than 4 standard deviations, and correlations with age of -0.7 come
#   out as -0.2 to -0.4. The same thicknesses in micrometers lose two thirds of their spread
#   and all that they had to do with age.
# Why it matters to people who harmonize MRI: CovBat is chosen so that classifiers do not find the scanner in the
#   covariances, and it does not: but neither do they find age or disease. As a scikit-learn step inside folds it raises no
#   error, and a model that finds nothing any more is taken for one that was led by the scanner before.
# Needs: python3 (3.10 or later) with venv, PyPI. Versions: combatlearn 2.3.0 with numpy 1.26.4 and pandas 2.3.3.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check combatlearn==2.3.0 numpy==1.26.4 pandas==2.3.3
cat > "$folder/show.py" <<'PYTHON'
import sys, warnings
from importlib.metadata import version
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
from combatlearn import ComBat

SCANS, FEATURES = 300, 20
random = np.random.default_rng(1)
site = pd.Series(np.repeat(["A", "B", "C"], SCANS // 3))
age = random.uniform(20, 80, SCANS)
# Thicknesses: they fall with age, and have something in common. Sites have no part in them.
values = 3 - 0.02 * age[:, None] + 0.3 * random.normal(size=(SCANS, 1)) + 0.2 * random.normal(size=(SCANS, FEATURES))
table = pd.DataFrame(values, columns=[f"f{i}" for i in range(FEATURES)])
spread = values.std(axis=0)


def correlations(features):
    return np.array([np.corrcoef(age, feature)[0, 1] for feature in features.T])


print("combatlearn", version("combatlearn"))
print("three sites without a difference    spread of features    correlation with age       largest change")
print("  as they are                           1.00 to 1.00         {:.2f} to {:.2f}".format(*np.sort(correlations(values))[[0, -1]]))
found = {}
for name, method, unit in (("ComBat (fortin)", "fortin", 1), ("CovBat (chen)", "chen", 1), ("CovBat (chen), in micrometers", "chen", 1000)):
    step = ComBat(batch=site, method=method, continuous_covariates=pd.DataFrame({"age": age}))
    after = np.asarray(step.fit_transform(unit * table)) / unit
    ratio, related = after.std(axis=0) / spread, correlations(after)
    moved = (np.abs(after - values) / spread).max()
    found[name] = (ratio.max(), np.abs(related).min(), moved)
    print("  {:34s}    {:.2f} to {:.2f}         {:.2f} to {:.2f}           {:.1f} SD".format(
        name, ratio.min(), ratio.max(), related.min(), related.max(), moved))
combat, covbat, small = found.values()
still = combat[0] < 1.05 and combat[1] > 0.6 and combat[2] < 1
still = still and covbat[0] > 1.3 and covbat[1] < 0.4 and covbat[2] > 3 and small[0] < 0.5
print("CovBat takes the age with it" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"
