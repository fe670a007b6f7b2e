"""Child process of combat.bench.ts: harmonizes the table in a folder with a peer and reports on itself.

python harmonize-peer.py neuroCombat|neuroHarmonize FOLDER OUTPUT
"""

import contextlib
import json
import os
import re
import resource
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
tool, folder, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
if tool == "neuroCombat":
    from neuroCombat import neuroCombat
else:
    from neuroHarmonize import harmonizationLearn


def memory(field):
    """VmRSS or VmHWM in bytes; where there is no /proc, the peak for both."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB$", status, re.M)[1]) * 1024
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


base = memory("VmRSS")
table = json.loads((folder / "meta.json").read_text())
data = np.fromfile(folder / "values.f64", dtype="<f8").reshape(table["subjects"], table["features"])
covariates = pd.DataFrame({"SITE": table["site"], "AGE": table["age"], "SEX": table["sex"]})
loaded = memory("VmRSS")

with contextlib.redirect_stdout(None):
    before = os.times()
    started = time.perf_counter()
    if tool == "neuroCombat":
        harmonized = neuroCombat(
            dat=data.T,
            covars=covariates,
            batch_col="SITE",
            categorical_cols=["SEX"],
            continuous_cols=["AGE"],
            parametric=table["eb"] == "parametric",
        )["data"].T
    else:
        # It takes numbers only, so sex is coded as it asks for.
        numbers = covariates.assign(SEX=(covariates["SEX"] == "M").astype(float))
        _, harmonized = harmonizationLearn(data, numbers)
    seconds = time.perf_counter() - started
    after = os.times()
    user = after.user - before.user
    system = after.system - before.system
peak = memory("VmHWM")
np.ascontiguousarray(harmonized, dtype="<f8").tofile(output)
print(json.dumps({"seconds": seconds, "user": user, "system": system, "base": base, "loaded": loaded, "peak": peak, "notes": ""}))
