// Whether the site is gone, and people and their biology are still there.
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { elsewhere, ofSite } from './cohorts';
import type { Methods } from './intensity-baselines';

/**
 * All scans harmonized to one target: the site by a network that is trained anew on the result, age and sex by ridge regression on
 * its pixels, distances between people, and between distributions.
 */
export async function siteAndBiology(
  methods: Methods,
  {
    raw,
    training,
    target,
  }: { readonly raw: ImageCohort; readonly training: ImageCohort; readonly target: string },
): Promise<void> {
  const features = await concord.metrics.fitImageFeatures(training);
  console.log(`FID and KID: ${features.name}`);
  const real = ofSite(training, target);
  const half = (part: 0 | 1): ImageCohort =>
    concord.takeSubjects(
      real,
      [...real.participants.ids.keys()].filter((at) => at % 2 === part),
    );
  const floor = await concord.metrics.compareImageSets(half(0), half(1), { features });
  console.log(`real–real floor: FID ${floor.frechet.toFixed(3)} KID ${floor.kernel.toFixed(4)}`);
  for (const [name, method] of Object.entries(methods)) {
    const after = await method(raw, target);
    const figures: string[] = [];
    for (const variable of ['site', 'age', 'sex']) {
      // Of so few persons a network learns neither age nor sex, so that none could be seen to be lost.
      const predictor = variable === 'site' ? 'cnn' : 'pixels';
      const probe = await concord.metrics.imageProbe(after, {
        target: variable,
        predictor,
        steps: 400,
        seeds: [1],
      });
      const { estimate, low, high } = probe.value;
      figures.push(
        `${variable} ${estimate.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] (chance ${probe.chance.toFixed(3)})`,
      );
    }
    const distances = await concord.metrics.imageDistanceCorrelation(raw, after);
    const sets = await concord.metrics.compareImageSets(elsewhere(after, target), real, { features });
    figures.push(
      `distance r ${JSON.stringify(distances.mean ?? distances)}`,
      `FID ${sets.frechet.toFixed(3)} KID ${sets.kernel.toFixed(4)}`,
    );
    console.log(`${name.padEnd(20)} ${figures.join('  ')}`);
  }
}
