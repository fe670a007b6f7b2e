import type { Provenance } from '../../data/provenance';

/** Steps that change intensities from one scan to the other, by the functions that record them. */
const normalizations: ReadonlySet<string> = new Set([
  ...['zScore', 'percentileScale', 'whiteStripe', 'kdeNormalize', 'fcmNormalize', 'applyNyul'],
  ...['applyHistogramMatching', 'normalizeImages'],
]);

/** Steps after which intensities are no longer what a normalization made of them. */
const made: ReadonlySet<string> = new Set([
  ...['translate', 'harmonizeDdae', 'decode', 'reconstructImages', 'harmonizeVolumes', 'replaceSlices'],
]);

/** The intensity normalizations in a record, in order; those that a dataset's sidecars name come first. */
export function normalizationsOf(provenance: Provenance): readonly string[] {
  return provenance.flatMap(({ step, options }) => {
    const { steps } = options;
    const named = Array.isArray(steps) ? steps.filter((name) => typeof name === 'string') : [];
    return [...named, step].filter((name) => normalizations.has(name));
  });
}

/**
 * The intensity of no signal before the last normalization, where the record says it: a z-score takes 0 to
 * −mean / SD.
 */
export function zeroByRecord(provenance: Provenance): number | undefined {
  const at = provenance.findLastIndex(({ step }) => normalizations.has(step));
  if (at < 0 || normalizationsOf(provenance).length !== 1) return undefined;
  if (provenance.slice(at).some(({ step }) => made.has(step))) return undefined;
  const last = provenance[at];
  const { learned, range } = last.options;
  if (typeof learned !== 'object' || learned === null || Array.isArray(learned)) return undefined;
  const { mean, sd, intensities } = learned as Readonly<Record<string, unknown>>;
  if (['zScore', 'whiteStripe'].includes(last.step)) {
    return isNumber(mean) && isNumber(sd) && sd > 0 ? -mean / sd : undefined;
  }
  if (last.step === 'percentileScale' && isPair(intensities) && isPair(range)) {
    const scale = (range[1] - range[0]) / (intensities[1] - intensities[0]);
    return range[0] - scale * intensities[0];
  }
  return undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber) && value[0] < value[1];
}
