# The probes of an audit by scikit-learn: sites by a linear and an RBF support vector machine, five folds, for three
# versions of a table. Prints the seconds, and the balanced accuracy of each probe.
#     python audit-peer.py FOLDER FOLDS
import json
import sys
import time

import numpy as np
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

folder, versions = sys.argv[1], int(sys.argv[2])
meta = json.load(open(f"{folder}/meta.json"))
values = np.fromfile(f"{folder}/values.f64").reshape(meta["subjects"], meta["features"])
sites = np.array(meta["site"])
started = time.perf_counter()
scores = []
for version in range(versions):
    table = values * (1 + 0.1 * version)
    for kernel in ("linear", "rbf"):
        probe = make_pipeline(StandardScaler(), SVC(kernel=kernel, C=1, gamma="scale", class_weight="balanced"))
        folds = StratifiedKFold(5, shuffle=True, random_state=1)
        named = cross_val_predict(probe, table, sites, cv=folds)
        scores.append(balanced_accuracy_score(sites, named))
print(json.dumps({"seconds": time.perf_counter() - started, "scores": scores}))
