"""Child process of family.bench.ts: harmonizes the table in a folder with a peer of PyPI and reports on itself.

python family-peer.py neuroharmonize|covbat FOLDER OUTPUT
"""

import contextlib
import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
tool, folder, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
if tool == "neuroharmonize":
    from neuroHarmonize import harmonizationLearn
else:
    from neuroCombat import neuroCombat
    from sklearn.decomposition import PCA

rows = pd.read_csv(folder / "rows.csv")
data = np.fromfile(folder / "values.f64", dtype="<f8").reshape(len(rows), -1)


def covbat():
    """ComBat, its leftovers standardized, ComBat of the scores of 95 % of their variance, and back."""
    covariates = rows[["site", "age", "sex"]]
    first = neuroCombat(
        dat=data.T, covars=covariates, batch_col="site", categorical_cols=["sex"], continuous_cols=["age"]
    )
    expected = (first["estimates"]["stand.mean"] + first["estimates"]["mod.mean"]).T
    rest = first["data"].T - expected
    center, scale = rest.mean(0), rest.std(0, ddof=1)
    standardized = (rest - center) / scale
    pca = PCA(svd_solver="full").fit(standardized)
    count = int(np.argmax(np.cumsum(pca.explained_variance_ratio_) > 0.95)) + 1
    scores = pca.transform(standardized)[:, :count]
    second = neuroCombat(dat=scores.T, covars=covariates, batch_col="site", eb=False)["data"].T
    moved = (second - scores) @ pca.components_[:count]
    return (standardized + moved) * scale + center + expected


with contextlib.redirect_stdout(None):
    processor = os.times().user
    started = time.perf_counter()
    if tool == "neuroharmonize":
        # It takes numbers only, so sex is coded as it asks for.
        numbers = pd.DataFrame({"SITE": rows["site"], "AGE": rows["age"], "SEX": (rows["sex"] == "M") * 1.0})
        _, harmonized = harmonizationLearn(data, numbers, smooth_terms=["AGE"])
    else:
        harmonized = covbat()
    seconds = time.perf_counter() - started
    user = os.times().user - processor
np.ascontiguousarray(harmonized, dtype="<f8").tofile(output)
print(json.dumps({"seconds": seconds, "user": user, "base": 0, "peak": 0}))
