import { isNames } from '../../data/json';
import { ConcordError } from '../../errors';
import { fewestSplines, splinesOn, usualSplines } from '../design/smooth-basis';
import type { CombatCovariate, CombatModel, CombatSmooth } from '../combat-model';
import { designColumns, scaleCoding } from '../design/covariate-design';
import { termKey } from '../design/formula';

/**
 * Checks that the parts of a model that was read from a file fit together: a damaged or edited file must not give
 * numbers that look right.
 *
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function checkCombatModel(model: CombatModel): CombatModel {
  checkSettings(model);
  const allowed = ['harmonized', 'constant', 'not-estimable'];
  const strange = model.status.find((status) => !allowed.includes(status));
  if (strange !== undefined) throw malformedModel(`status holds "${strange}"`);
  requireUnique('features', model.features);
  requireUnique(
    'sites',
    model.sites.map((site) => site.name),
  );
  model.covariates.forEach(checkCovariate);
  model.smooths.forEach((smooth) => checkSmooth(smooth, model));
  checkTerms(model);
  const columns = designColumns(model);
  if (columns.join('\n') !== model.columns.join('\n')) {
    throw malformedModel(
      `columns are ${model.columns.join(', ')} but the covariates make ${columns.join(', ')}`,
    );
  }
  const ofScale = designColumns(scaleCoding(model));
  if (ofScale.join('\n') !== model.scaleColumns.join('\n')) {
    throw malformedModel(
      `scaleColumns are ${model.scaleColumns.join(', ')} but the covariates make ${ofScale.join(', ')}`,
    );
  }
  checkNumbers(model);
  return model;
}

/** Terms are of covariates that are there, each once. */
function checkTerms({ terms, scaleTerms, covariates }: CombatModel): void {
  const known = covariates.map(({ name }) => name);
  for (const term of [...terms, ...scaleTerms]) {
    const stray = term.find((name) => !known.includes(name));
    if (stray !== undefined) throw malformedModel(`terms have "${stray}", which is no covariate`);
  }
  for (const own of [terms, scaleTerms]) requireUnique('terms', own.map(termKey));
}

function checkSettings({ settings, sites }: CombatModel): void {
  const { preserve, eb, meanOnly, reference, transform } = settings;
  if (!isNames(preserve)) throw malformedModel('settings have no preserve');
  if (!['parametric', 'nonparametric', 'none'].includes(eb)) throw malformedModel('settings have no eb');
  if (typeof meanOnly !== 'boolean' && meanOnly !== 'shrunk-by-size')
    throw malformedModel('settings have no meanOnly');
  if (transform !== 'none' && transform !== 'log') throw malformedModel('settings have no transform');
  if (typeof settings.tolerance !== 'number' || typeof settings.maxIterations !== 'number') {
    throw malformedModel('settings have no tolerance and maxIterations');
  }
  if (typeof settings.robust !== 'boolean') throw malformedModel('settings have no robust');
  if (!['reml', 'gcv', 'kfold', 'given'].includes(settings.smoothing))
    throw malformedModel('settings have no smoothing');
  if (!isBasis(settings.basis)) throw malformedModel('settings have no basis');
  const divisor: unknown = settings.varianceDivisor;
  // Models of the first versions lack it.
  if (divisor !== undefined && divisor !== 'n' && divisor !== 'n-1')
    throw malformedModel('settings have no varianceDivisor');
  const marked = sites.find((site) => site.adjusts === 'reference')?.name ?? null;
  if (marked !== reference)
    throw malformedModel(`the reference site is "${reference}" in one place and "${marked}" in another`);
}

function checkCovariate(covariate: CombatCovariate): void {
  if (typeof covariate.name !== 'string') throw malformedModel('a covariate has no name');
  if (covariate.kind === 'continuous') {
    if (covariate.unit !== undefined && typeof covariate.unit !== 'string')
      throw malformedModel(`covariate ${covariate.name} has a unit that is no text`);
    if (typeof covariate.min === 'number' && typeof covariate.max === 'number') return;
    throw malformedModel(`covariate ${covariate.name} has no range`);
  }
  const kind: string = covariate.kind;
  if (kind !== 'categorical') throw malformedModel(`covariate ${covariate.name} is of kind "${kind}"`);
  if (!isNames(covariate.levels) || !covariate.levels.includes(covariate.reference)) {
    throw malformedModel(`covariate ${covariate.name} has no levels with its reference among them`);
  }
}

function checkSmooth({ name, by, basis, knots, centers }: CombatSmooth, { covariates }: CombatModel): void {
  const covariate = covariates.find((one) => one.name === name);
  if (covariate?.kind !== 'continuous' || covariate.smooth !== true)
    throw malformedModel(`the smooth of ${name} has no covariate`);
  if (by !== undefined) {
    const factor = covariates.find((one) => one.name === by.covariate);
    if (factor?.kind !== 'categorical' || !factor.levels.includes(by.level))
      throw malformedModel(`the smooth of ${name} has no level ${by.covariate}=${by.level}`);
  }
  if (!isBasis(basis)) throw malformedModel(`the smooth of ${name} has no basis`);
  const ascending = knots.every((knot, i) => Number.isFinite(knot) && (i === 0 || knot >= knots[i - 1]));
  const splines = splinesOn(knots);
  const enough = basis === 'p-spline' ? splines >= fewestSplines : splines === usualSplines;
  if (!enough || !ascending || !(knots[splines] > knots[3]))
    throw malformedModel(`the smooth of ${name} has no knots in order`);
  const needed = basis === 'p-spline' ? splines : 0;
  if (
    centers.length !== needed ||
    // Below 0 where many scans are on the straight lines beyond the knots.
    !centers.every(Number.isFinite) ||
    (needed > 0 && !(Math.max(...centers) > 0))
  )
    throw malformedModel(`the smooth of ${name} has no ${needed} centers`);
}

function isBasis(value: unknown): boolean {
  return value === 'p-spline' || value === 'neuroharmonize';
}

/** Every number that harmonization uses is finite where the feature is harmonized, and spreads are above zero. */
function checkNumbers(model: CombatModel): void {
  const width = model.features.length;
  model.status.forEach((status, feature) => {
    if (status !== 'harmonized') return;
    const name = model.features[feature];
    if (!(model.pooledSd[feature] > 0)) throw malformedModel(`pooledSd of ${name} is not above zero`);
    const others = [
      model.grandMean[feature],
      ...model.columns.map((_, k) => model.coefficients[k * width + feature]),
      ...model.scaleColumns.map((_, k) => model.scaleCoefficients[k * width + feature]),
    ];
    if (!others.every(Number.isFinite))
      throw malformedModel(`grandMean or coefficients of ${name} are missing`);
    model.sites.forEach((site, index) => {
      const gamma = model.gammaStar[index * width + feature];
      const delta = model.deltaStar[index * width + feature];
      // Both are missing where the site has no value of the feature.
      if (Number.isNaN(gamma) && Number.isNaN(delta)) return;
      if (!Number.isFinite(gamma) || !(delta > 0)) {
        throw malformedModel(`gammaStar or deltaStar of ${name} at site "${site.name}" is not usable`);
      }
    });
  });
  if (!model.columnMeans.every(Number.isFinite)) throw malformedModel('columnMeans hold a missing number');
  if (!model.scaleMeans.every(Number.isFinite)) throw malformedModel('scaleMeans hold a missing number');
}

function requireUnique(part: string, names: readonly string[]): void {
  if (new Set(names).size < names.length) throw malformedModel(`${part} holds a name twice`);
}

/** The error for a model file that cannot be used. */
export function malformedModel(what: string): ConcordError {
  // Names and words of a damaged file can be of any length.
  const short = what.length > 400 ? `${what.slice(0, 400)}…` : what;
  return new ConcordError('malformed-model', `malformed model: ${short}`);
}
