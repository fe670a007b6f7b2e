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
  const above = new Float64Array(scores.length);
  const others = new Float64Array(scores.length);
  let positives = 0;
  let negatives = 0;
  for (let item = 0; item < scores.length; item++) {
    if (positive[item]) above[positives++] = scores[item];
    else others[negatives++] = scores[item];
  }
  // Bootstraps ask for this thousands of times, and numbers are sorted sooner than items by their numbers.
  const ranked = above.subarray(0, positives).sort();
  const below = others.subarray(0, negatives).sort();
  let lower = 0;
  let upTo = 0;
  let wins = 0;
  for (const score of ranked) {
    while (lower < negatives && below[lower] < score) lower++;
    while (upTo < negatives && below[upTo] <= score) upTo++;
    wins += (lower + upTo) / 2;
  }
  return wins / (positives * negatives);
}

/**
 * The area under the curve from pairs of items of the same group alone, averaged over groups by their pairs. `NaN` where
 * no group has both a positive and a negative item.
 *
 * Scores of held-out items are comparable within one fold only. A fold that holds out more of the positive items leaves
 * fewer of them to train on, so its model scores everybody lower, and what chance makes of the other items goes against
 * those held out: scores pooled over folds put the area of noise below 0.5, the farther the fewer items there are
 * (Parker, Günter & Bedo 2007, BMC Bioinformatics 8:326; Forman & Scholz 2010, SIGKDD Explorations 12:49).
 *
 * @param groups - what is compared of each item, for example its fold, and within that its site
 */
export function areaWithinGroups(
  scores: ArrayLike<number>,
  positive: ArrayLike<boolean>,
  groups: ArrayLike<number>,
): number {
  const members = new Map<number, number[]>();
  for (let item = 0; item < scores.length; item++) {
    const own = members.get(groups[item]);
    if (own === undefined) members.set(groups[item], [item]);
    else own.push(item);
  }
  let weighted = 0;
  let pairs = 0;
  for (const items of members.values()) {
    const isPositive = items.map((item) => positive[item]);
    const positives = isPositive.filter(Boolean).length;
    const count = positives * (items.length - positives);
    if (count === 0) continue;
    weighted +=
      count *
      areaUnderCurve(
        items.map((item) => scores[item]),
        isPositive,
      );
    pairs += count;
  }
  return weighted / pairs;
}
