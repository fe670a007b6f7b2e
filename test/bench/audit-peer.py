# The probes of an audit by scikit-learn: sites by a linear and an RBF support vector machine, trained and tested on the
# very subjects, folds and values that the audit uses: raw, harmonized as a whole, and harmonized fold by fold.
# Prints the seconds on the clock and of the processor, and the balanced accuracy of each probe.
#     python audit-peer.py FOLDER
import json
import sys
import time

import numpy as np
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

folder = sys.argv[1]
meta = json.load(open(f"{folder}/meta.json"))
sites, fold, folds = np.array(meta["site"]), np.array(meta["fold"]), range(meta["folds"])


def read(name):
    return np.fromfile(f"{folder}/{name}.f64").reshape(meta["subjects"], meta["features"])


raw, in_sample = read("raw"), read("in-sample")
versions = [[raw for _ in folds], [in_sample for _ in folds], [read(f"in-folds-{one}") for one in folds]]
started, used = time.perf_counter(), time.process_time()
scores = []
for tables in versions:
    for kernel in ("linear", "rbf"):
        named = np.empty_like(sites)
        for one, table in enumerate(tables):
            train, test = fold != one, fold == one
            probe = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=1, gamma="scale", class_weight="balanced"))
            named[test] = probe.fit(table[train], sites[train]).predict(table[test])
        scores.append(balanced_accuracy_score(sites, named))
seconds, cpu = time.perf_counter() - started, time.process_time() - used
print(json.dumps({"seconds": seconds, "cpu": cpu, "scores": scores}))
