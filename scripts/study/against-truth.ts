// How close methods come to the person's own scan at the target.
import type { ImageCohort, TravelerComparison } from 'concord-mri';
import * as concord from 'concord-mri';
import type { Methods } from './intensity-baselines';

/** People's scans at every site: one run to harmonize, and all that is true. */
export interface Travelers {
  readonly raw: ImageCohort;
  readonly truth: ImageCohort;
}

/** Every site in turn as the target: the mean over targets of the agreement with the person's own scan there. */
export async function againstTruth(
  methods: Methods,
  {
    raw,
    truth,
    sites,
    each,
  }: Travelers & { readonly sites: readonly string[]; readonly each: readonly string[] },
): Promise<void> {
  for (const [name, method] of Object.entries(methods)) {
    const found: TravelerComparison[] = [];
    for (const target of sites) {
      const after = await method(raw, target);
      const dataRange = concord.metrics.siteDataRange(truth, target);
      found.push(await concord.compareTravelers(after, truth, { target, dataRange }));
      if (each.includes(name)) printAgreement(`  ${name} to ${target}`, [found[found.length - 1]], 'mean');
    }
    printAgreement(name, found, 'mean');
    if (name === 'raw') printAgreement('test–retest floor', found, 'floor');
  }
}

/** Prints a line of agreement, the mean of some comparisons. */
export function printAgreement(
  name: string,
  found: readonly TravelerComparison[],
  which: 'mean' | 'floor',
): void {
  const mean = (of: (comparison: TravelerComparison) => number | undefined): number =>
    found.reduce((sum, comparison) => sum + (of(comparison) ?? NaN), 0) / found.length;
  const figures = {
    'MAE %': mean((c) => (100 * (c[which]?.mae ?? NaN)) / c.dataRange),
    'PSNR dB': mean((c) => c[which]?.psnr),
    SSIM: mean((c) => c[which]?.ssim),
    'MS-SSIM': mean((c) => c[which]?.msSsim),
    'gradient r': mean((c) => c[which]?.gradientCorrelation),
  };
  const shown = Object.entries(figures).map(([label, value]) => `${label} ${value.toFixed(3)}`);
  console.log(`${name.padEnd(24)} ${shown.join('  ')}`);
}
