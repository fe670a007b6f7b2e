"""Child process of combat.bench.ts: harmonizes a CSV file as one would by hand, with pandas and neuroHarmonize.

python harmonize-csv-peer.py TABLE OUTPUT
"""

import contextlib
import sys
import warnings

import pandas as pd
from neuroHarmonize import harmonizationLearn

warnings.simplefilter("ignore")
table = pd.read_csv(sys.argv[1])
known = ["subject", "site", "age", "sex"]
features = [name for name in table.columns if name not in known]
# It takes numbers only, so sex is coded as it asks for.
covariates = pd.DataFrame(
    {"SITE": table["site"], "AGE": table["age"], "SEX": (table["sex"] == "M").astype(float)}
)
with contextlib.redirect_stdout(None):
    _, harmonized = harmonizationLearn(table[features].to_numpy(), covariates)
after = table.copy()
after[features] = harmonized
after.to_csv(sys.argv[2], index=False)
