#!/bin/sh
# neuroHarmonize applies a model to covariates by their position: with columns in another order age is taken for sex.
#
# One would assume: harmonizationApply takes a table with named columns and the model that was learned from one, finds SITE by its name,
#   and so finds AGE and SEX by theirs; or complains where the order is another.
# In fact: SITE is found by name wherever it is, and all other columns are taken as they come. A table with SEX before AGE is
#   multiplied by the slopes of AGE and SEX, in turn. There is no error, and the result is of the right size and sign. Below,
#   the very scans that the model was learned from, whose table has two columns swapped, come back up to 5 standard deviations
#   away, with half as much again between the sexes and less of age; harmonizationLearn itself does not mind the order.
# Why it matters to people who harmonize MRI: learning on controls or on a training fold and applying to others is what the
#   function is for, and covariates of the others come from another query, another export or another site. A dictionary, a merge or
#   an alphabetical order of columns is enough.
# Needs: python3 (3.9 to 3.12) with venv, PyPI. Versions: neuroHarmonize 2.5.2 with numpy 1.26.4 and pandas 2.3.3.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check neuroHarmonize==2.5.2 numpy==1.26.4 pandas==2.3.3
cat > "$folder/show.py" <<'PYTHON'
import contextlib, io, sys, warnings
from importlib.metadata import version
warnings.filterwarnings("ignore")
with contextlib.redirect_stdout(io.StringIO()):
    import numpy as np, pandas as pd
    from neuroHarmonize import harmonizationApply, harmonizationLearn

SCANS, FEATURES, SLOPE, DIFFERENCE = 300, 20, -0.02, 0.2
random = np.random.default_rng(2)
site = np.repeat(["A", "B", "C"], SCANS // 3)
# Scanner B has older patients than A, and C older ones than B.
age = random.uniform(20, 70, SCANS) + 10 * (site == "B") + 20 * (site == "C")
sex = random.integers(0, 2, SCANS)
data = 4 + SLOPE * age[:, None] + DIFFERENCE * sex[:, None] + 0.3 * random.normal(size=(SCANS, FEATURES))
data = data * np.where(site == "B", 1.2, 1)[:, None] + 0.3 * (site == "C")[:, None]
covariates = pd.DataFrame({"SITE": site, "AGE": age, "SEX": sex})


def quietly(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)


def effects(values):
    """The slope of age and the difference between the sexes, of the mean of all features."""
    design = np.column_stack([np.ones(SCANS), age, sex])
    return np.linalg.lstsq(design, values.mean(axis=1), rcond=None)[0][1:]


print("neuroHarmonize", version("neuroHarmonize"))
model, learned = quietly(harmonizationLearn, data, covariates)
orders = {"SITE, AGE, SEX": ["SITE", "AGE", "SEX"], "SITE, SEX, AGE": ["SITE", "SEX", "AGE"], "AGE, SITE, SEX": ["AGE", "SITE", "SEX"]}
moved = {}
print("                                   slope of age  SEX=1 less SEX=0  farthest from learned")
print("learned                            {:12.3f} {:17.3f}".format(*effects(learned)))
for name, columns in orders.items():
    applied = quietly(harmonizationApply, data, covariates[columns], model)
    again = quietly(harmonizationLearn, data, covariates[columns])[1]
    moved[name] = np.abs(applied - learned).max() / data.std()
    same = np.allclose(again, learned)
    print(f"applied to {name:24s}{effects(applied)[0]:12.3f} {effects(applied)[1]:17.3f} {moved[name]:19.3f} SD",
          "(learned again: the same)" if same else "(learned again: another)")
still = moved["SITE, AGE, SEX"] < 1e-9 and moved["AGE, SITE, SEX"] < 1e-9 and moved["SITE, SEX, AGE"] > 0.5
print("covariates are taken by position" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"
