#!/bin/sh
# neuroCombat's train-and-apply form bends the effect of age, by another factor at each site.
#
# One would assume: neuroCombatFromTraining, given the very scans that a model was fitted on, returns what neuroCombat
#   returned for them; new scans of a known site are harmonized as if they had been among the others.
# In fact: the function takes no covariates. It subtracts the average prediction of the training scans from every scan,
#   divides what remains by the scale of the site, and with it the effects of age and sex, which it does not know to be
#   effects. At a site whose noise is larger than the average the slope of age shrinks, at a quiet one it grows. Below,
#   where the true slope is 0.05 at both sites, it comes out as 0.11 at one and 0.04 at the other; neuroCombat itself
#   leaves 0.05. Without covariates both agree to the last bit.
# Why it matters to people who harmonize MRI: this is the form that leakage-free validation asks for. Models of age or
#   disease that are tested on its output meet site differences in slope that were made by the harmonization.
# Needs: python3 (3.9 to 3.12) with venv, PyPI. Versions: neuroCombat 0.2.12 with numpy 1.26.4 and pandas 2.2.3.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check neuroCombat==0.2.12 numpy==1.26.4 pandas==2.2.3
cat > "$folder/show.py" <<'PYTHON'
import contextlib, io, sys, warnings
from importlib.metadata import version
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
from neuroCombat import neuroCombat, neuroCombatFromTraining

SCANS, FEATURES, SLOPE = 150, 50, 0.05
random = np.random.default_rng(3)
site = np.repeat(["quiet", "noisy"], SCANS)
age = random.uniform(20, 80, 2 * SCANS)
noise = 0.5 * random.normal(size=(FEATURES, 2 * SCANS)) * np.where(site == "noisy", 3, 1)
data = 2 + SLOPE * (age - 50) + noise + np.where(site == "noisy", 1, 0)


def run(covariates):
    """What neuroCombat gives for the scans, and what the trained model gives for the same scans."""
    table = pd.DataFrame({"site": site, **covariates})
    with contextlib.redirect_stdout(io.StringIO()):
        fitted = neuroCombat(dat=data, covars=table, batch_col="site", continuous_cols=list(covariates) or None)
        applied = neuroCombatFromTraining(dat=data, batch=site, estimates=fitted["estimates"])
    return fitted["data"], applied["data"]


print("neuroCombat", version("neuroCombat"))
fitted, applied = run({"age": age})
slopes = {}
print(f"slope of age, true {SLOPE} at both sites:   raw   neuroCombat   neuroCombatFromTraining")
for name in ("quiet", "noisy"):
    own = site == name
    slopes[name] = [np.polyfit(age[own], values[:, own].mean(axis=0), 1)[0] for values in (data, fitted, applied)]
    print("  {:34s} {:9.3f} {:11.3f} {:13.3f}".format(name, *slopes[name]))
plain, again = run({})
print("largest difference between the two without covariates:", np.abs(plain - again).max())
still = (
    all(abs(slopes[name][1] - SLOPE) < 0.002 for name in slopes)
    and slopes["quiet"][2] > 1.5 * SLOPE
    and slopes["noisy"][2] < 0.9 * SLOPE
    and np.array_equal(plain, again)
)
print("the trained form bends the slopes" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"
