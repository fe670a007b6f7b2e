/** Draws by what they were drawn from, kept as long as what they belong to, for example the splits of an audit. */
const kept = new WeakMap<object, Map<string, object>>();

/** So many draws are kept at once: one for each probe and each covariate predicted, or a few more. */
const most = 12;

/**
 * What resamples draw, drawn once for all figures that draw the same from the same seed: those of raw and of harmonized
 * data, and of the change between them, which is paired for that reason.
 *
 * @param owner - what the draws belong to; nothing is kept without it
 * @param key - what they are drawn from: equal keys of one owner have equal draws
 */
export function keptDraws<Draws extends object>(
  owner: object | undefined,
  key: string,
  draw: () => Draws,
): Draws {
  if (owner === undefined) return draw();
  let own = kept.get(owner);
  if (own === undefined) kept.set(owner, (own = new Map<string, object>()));
  const known = own.get(key);
  if (known !== undefined) return known as Draws;
  const drawn = draw();
  const [oldest] = own.keys();
  if (own.size >= most && oldest !== undefined) own.delete(oldest);
  own.set(key, drawn);
  return drawn;
}
