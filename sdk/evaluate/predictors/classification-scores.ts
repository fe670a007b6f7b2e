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
 * Area under the receiver operating characteristic (Hanley & McNeil 1982, Radiology 143:29): the chance that a positive
 * item scores above a negative one, ties counting half; from pairs of items of the same group alone, averaged over groups
 * by their pairs. `NaN` where no group has both.
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
  return weightedAreaWithinGroups(scores, positive, groups)(new Uint16Array(scores.length).fill(1));
}

/**
 * Prepares {@link areaWithinGroups} of items that count as often as they are drawn: bootstraps ask for it thousands of
 * times, and items need to be put in order once.
 *
 * @returns the area by how often each item counts, from a place on
 */
export function weightedAreaWithinGroups(
  scores: ArrayLike<number>,
  positive: ArrayLike<boolean>,
  groups: ArrayLike<number>,
): (counts: Uint16Array, from?: number) => number {
  const order = Int32Array.from({ length: scores.length }, (_, item) => item).sort(
    (one, other) => groups[one] - groups[other] || scores[one] - scores[other],
  );
  const isPositive = Uint8Array.from(order, (item) => Number(positive[item]));
  // Where what is compared begins, and within that where the items of one score do.
  const beginsGroup = Uint8Array.from(order, (item, at) => Number(groups[item] !== groups[order[at - 1]]));
  const beginsScore = Uint8Array.from(order, (item, at) =>
    Number(beginsGroup[at] === 1 || scores[item] > scores[order[at - 1]]),
  );
  if (beginsScore.every((begins) => begins === 1)) return areaWithoutTies(order, isPositive, beginsGroup);
  return (counts, from = 0) => {
    let [wins, pairs] = [0, 0];
    let [positives, negatives] = [0, 0];
    // Items of one score: those of the other kind count half.
    let [tied, below] = [0, 0];
    for (let at = 0; at < order.length; at++) {
      if (beginsScore[at] === 1) {
        positives += tied;
        wins += (tied * (below + negatives)) / 2;
        tied = 0;
        below = negatives;
      }
      if (beginsGroup[at] === 1) {
        pairs += positives * negatives;
        positives = negatives = below = 0;
      }
      if (isPositive[at] === 1) tied += counts[from + order[at]];
      else negatives += counts[from + order[at]];
    }
    wins += (tied * (below + negatives)) / 2;
    return wins / (pairs + (positives + tied) * negatives);
  };
}

/** The same where no two items of a group have one score, as predictions hardly ever have: without branches. */
function areaWithoutTies(
  order: Int32Array,
  isPositive: Uint8Array,
  beginsGroup: Uint8Array,
): (counts: Uint16Array, from?: number) => number {
  const shares = Float64Array.from(isPositive);
  const starts = [...beginsGroup.keys()].filter((at) => beginsGroup[at] === 1);
  const ends = Int32Array.from([...starts.slice(1), order.length]);
  return (counts, from = 0) => {
    let wins = 0;
    let pairs = 0;
    for (let group = 0, at = 0; group < ends.length; group++) {
      let positives = 0;
      let negatives = 0;
      for (const end = ends[group]; at < end; at++) {
        const weight = counts[from + order[at]];
        const positive = weight * shares[at];
        wins += positive * negatives;
        positives += positive;
        negatives += weight - positive;
      }
      pairs += positives * negatives;
    }
    return wins / pairs;
  };
}
