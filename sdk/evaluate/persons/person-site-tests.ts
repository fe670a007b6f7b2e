import type { FeatureCohort } from '../../data/cohort';
import { hasRepeatedPersons } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { breathe, progressReporter } from '../../data/run-options';
import { extendBasis } from '../../math/linear/orthonormal-basis';
import { mixedFitter } from '../../math/mixed/fit-mixed';
import type { MixedDesign } from '../../math/mixed/mixed-design';
import { mixedDesign } from '../../math/mixed/mixed-design';
import { kenwardRoger } from '../../math/mixed/kenward-roger';
import { flignerKilleen } from '../../math/statistics/fligner-killeen';
import type { PersonFeatureTest, PersonSiteTests } from '../audit';
import { falseDiscoveryRate } from '../models/false-discovery-rate';
import { groupByMissing } from '../models/feature-block';
import type { SiteDesign } from '../models/site-design';
import { makeSiteDesign } from '../models/site-design';

/** Which state of the data is tested, after which covariates. */
export interface PersonSiteTestsOptions extends RunOptions {
  readonly protocol: PersonSiteTests['protocol'];
  readonly covariates: readonly string[];
  readonly alpha: number;
}

/**
 * Tests every feature for site effects on all scans of all persons, in a mixed model with a level of each person: effects on the
 * mean by Kenward and Roger's F of the site after the covariates, effects on the spread by Fligner and Killeen's test on the
 * residuals (of the maximum likelihood fit, as `multTest` of longCombat has them; Beer et al. 2020, NeuroImage 220:117129).
 *
 * @returns `undefined` where no person was scanned twice
 * @throws ConcordError `unknown-column`, `aborted`.
 */
export async function personSiteTests(
  cohort: FeatureCohort,
  { protocol, covariates, alpha, ...run }: PersonSiteTestsOptions,
): Promise<PersonSiteTests | undefined> {
  const { participants, features: matrix } = cohort;
  if (!hasRepeatedPersons(participants)) return undefined;
  const codes = new Map([...new Set(participants.persons)].map((person, code) => [person, code]));
  const persons = Int32Array.from(participants.persons, (person) => codes.get(person) ?? -1);
  const design = makeSiteDesign(cohort, covariates, persons);
  const width = matrix.features.length;
  const report = progressReporter(`tests of persons with several scans, ${protocol}`, width, run);
  const found = new Array<FoundTests>(width).fill(notComputable);
  let done = 0;
  for (const { positions, features } of groupByMissing(matrix, design.rows)) {
    const test = testerOn(design, positions);
    for (const feature of features) {
      if (done % 32 === 0) {
        await breathe(run.signal);
        report(done);
      }
      done++;
      if (test === undefined) continue;
      const value = (at: number): number => matrix.values[design.rows[at] * width + feature];
      found[feature] = test(Float64Array.from(positions, value));
    }
  }
  report(width);
  return summarize(found, matrix.features, { protocol, alpha });
}

interface FoundTests {
  readonly mean: Omit<PersonFeatureTest['mean'], 'q'>;
  readonly spread: Omit<PersonFeatureTest['spread'], 'q'>;
}

const notComputable: FoundTests = {
  mean: { statistic: NaN, p: NaN, degreesOfFreedom: NaN },
  spread: { statistic: NaN, p: NaN },
};

/** The tests on some rows; `undefined` where persons leave no spread, or covariates no difference between sites. */
function testerOn(
  { sites, siteNames, persons, terms }: SiteDesign,
  positions: Int32Array,
): ((values: Float64Array) => FoundTests) | undefined {
  const own = positions.map((at) => sites[at]);
  const columns = terms.flatMap((term) =>
    term.columns.map(({ values }) => Float64Array.from(positions, (at) => values[at])),
  );
  const before = extendBasis([], [new Float64Array(positions.length).fill(1), ...columns]);
  const indicators = siteNames
    .slice(1)
    .map((_, k) => Float64Array.from(own, (site) => Number(site === k + 1)));
  const added = extendBasis(before, indicators);
  if (added.length === 0 || persons === undefined) return undefined;
  const design: MixedDesign | undefined = mixedDesign({
    columns: [...before, ...added].map(({ direction }) => direction),
    persons: positions.map((at) => persons[at]),
  });
  if (design === undefined || design.freedomWithin < 1) return undefined;
  const restricted = mixedFitter(design);
  const whole = mixedFitter(design, 'ml');
  return (values) => {
    const fit = restricted(values);
    const likeliest = whole(values);
    if (typeof fit === 'string' || typeof likeliest === 'string') return notComputable;
    const { statistic, p, denominator } = kenwardRoger(design, fit, added.length);
    return {
      mean: { statistic, p, degreesOfFreedom: denominator },
      spread: flignerKilleen(likeliest.residuals, own, siteNames.length),
    };
  };
}

function summarize(
  found: readonly FoundTests[],
  features: readonly string[],
  { protocol, alpha }: Pick<PersonSiteTests, 'protocol' | 'alpha'>,
): PersonSiteTests {
  const means = falseDiscoveryRate(found.map(({ mean }) => mean.p));
  const spreads = falseDiscoveryRate(found.map(({ spread }) => spread.p));
  const below = (q: Float64Array): number => q.filter((own) => own < alpha).length;
  return {
    protocol,
    features: features.map((feature, k) => ({
      feature,
      mean: { ...found[k].mean, q: means[k] },
      spread: { ...found[k].spread, q: spreads[k] },
    })),
    significant: { mean: below(means), spread: below(spreads) },
    alpha,
  };
}
