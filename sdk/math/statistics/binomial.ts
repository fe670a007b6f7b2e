/**
 * The chance of at most k successes of `count` trials, for k = 0 … `count`, each of which succeeds with chance `share`: the
 * cumulative binomial distribution, by the ratios of neighbors from the most likely number on, so that nothing overflows or is
 * lost however many trials there are.
 *
 * @param count - of trials, 1 at least
 * @param share - from 0 to 1
 */
export function binomialCumulative(count: number, share: number): Float64Array {
  const chances = new Float64Array(count + 1);
  const likeliest = Math.min(count, Math.floor((count + 1) * share));
  chances[likeliest] = 1;
  const odds = share / (1 - share);
  for (let k = likeliest; k < count; k++) chances[k + 1] = chances[k] * ((count - k) / (k + 1)) * odds;
  for (let k = likeliest; k > 0; k--) chances[k - 1] = (chances[k] * (k / (count - k + 1))) / odds;
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    sum += chances[k];
    chances[k] = sum;
  }
  return chances.map((below) => below / sum);
}
