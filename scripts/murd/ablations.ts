// What each term of the loss is for: tiny models without it, on the same slices, from the same seed.
import * as concord from 'concord-mri';
import type { FitMurdOptions, ImageCohort } from 'concord-mri';
import { runOf } from '../study/cohorts';
import { geometry } from './phantoms';

const small = { ...geometry, slices: 3, size: 32, pixelSize: 6 } as const;

const variants: Readonly<Record<string, FitMurdOptions>> = {
  'all terms': {},
  'without cycle': { weights: { cycle: 0, gradients: 0 } },
  'without content consistency': { weights: { contentConsistency: 0 } },
  'without style diversity': { weights: { diversity: 0 } },
  'without style consistency': { weights: { styleConsistency: 0 } },
  'without adversary': { weights: { adversarial: 0 } },
  'style concatenated': { architecture: { styleInput: 'concatenate' } },
};

/** Trains each variant and prints how near it comes to the truth, and what content and styles hold. */
export async function ablations(): Promise<void> {
  const training = (await concord.simulateSlices({ ...small, subjects: 60, seed: 501 })).cohort;
  const { cohort: all } = await concord.simulateSlices({
    ...small,
    subjects: 8,
    seed: 602,
    traveling: true,
    testRetest: true,
  });
  const raw = runOf(all, '1');
  for (const [name, options] of Object.entries(variants)) {
    const model = await concord.fitMurd(training, {
      size: 'tiny',
      steps: 600,
      batchSize: 8,
      learningRate: 0.002,
      seed: 1,
      averageDecay: 0.99,
      ...options,
    });
    let mae = 0;
    let edges = 0;
    for (const site of model.sites) {
      const dataRange = concord.metrics.siteDataRange(all, site);
      const after = await concord.murd.translate(model, raw, { site });
      const { mean } = await concord.compareTravelers(after, all, { target: site, dataRange });
      mae += (100 * mean.mae) / dataRange / model.sites.length;
      edges += (mean.gradientCorrelation ?? NaN) / model.sites.length;
    }
    const content = concord.murd.compareRepresentations(await concord.murd.contentOf(model, all), all);
    const across = content.samePersonOtherSite?.mean ?? NaN;
    const people = content.otherPersonSameSite?.mean ?? NaN;
    console.log(
      `${name.padEnd(28)} MAE ${mae.toFixed(2)} %  edges r ${edges.toFixed(3)}  content r, same person at other sites ` +
        `${across.toFixed(3)}, other people ${people.toFixed(3)}  two styles of a site differ by ` +
        `${(await differenceOfStyles(model, raw)).toFixed(2)} % of the range`,
    );
    for (const { message } of model.issues) console.log(`  ${message}`);
  }
}

async function differenceOfStyles(model: concord.MurdModel, raw: ImageCohort): Promise<number> {
  const [one, other] = await Promise.all(
    [1, 2].map((styleSeed) => concord.murd.translate(model, raw, { site: model.sites[0], styleSeed })),
  );
  const range = model.domains[0].range.high - model.domains[0].range.low;
  let sum = 0;
  let count = 0;
  raw.images.data.forEach((value, i) => {
    if (value === 0) return;
    sum += Math.abs(one.images.data[i] - other.images.data[i]);
    count++;
  });
  return (100 * sum) / count / range;
}
