/**
 * The share of correctly named items of each class (recall); `NaN` for a class without items.
 *
 * @param truth - class of each item, 0 … classes − 1
 */
export function recallPerClass(truth: Int32Array, predicted: Int32Array, classes: number): Float64Array {
  const hits = new Float64Array(classes);
  const totals = new Float64Array(classes);
  truth.forEach((label, item) => {
    totals[label]++;
    if (predicted[item] === label) hits[label]++;
  });
  return hits.map((count, label) => count / totals[label]);
}

/** Balanced accuracy: the mean of the recalls of the classes that have items, so that a large one does not count more. */
export function balancedAccuracy(truth: Int32Array, predicted: Int32Array, classes: number): number {
  const recalls = recallPerClass(truth, predicted, classes).filter((recall) => !Number.isNaN(recall));
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/**
 * Area under the receiver operating characteristic by ranks (Hanley & McNeil 1982, Radiology 143:29): the chance
 * that a positive item scores above a negative one, ties counting half. `NaN` without both.
 */
export function areaUnderCurve(scores: ArrayLike<number>, positive: ArrayLike<boolean>): number {
  const order = Array.from(scores, (_, item) => item).sort((a, b) => scores[a] - scores[b]);
  let below = 0; // negatives passed so far
  let wins = 0;
  let positives = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    let tiedPositives = 0;
    while (to < order.length && scores[order[to]] === scores[order[from]]) {
      if (positive[order[to++]]) tiedPositives++;
    }
    const tiedNegatives = to - from - tiedPositives;
    wins += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    positives += tiedPositives;
    from = to;
  }
  return wins / (positives * below);
}
