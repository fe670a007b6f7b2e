import type { CombatModel, FeatureStatus } from '../combat/combat-model';
import type { SiteEffects, SiteInput } from '../combat/frame/shrink-sites';
import { shrinkSite } from '../combat/frame/shrink-sites';
import { poolPriors, referenceEffects } from '../combat/frame/gather-sites';
import { smallSiteIssues } from '../combat/fit-issues';
import { siteDesign } from '../combat/means/site-residuals';
import { otherUnitAtSite } from '../combat/other-unit';
import { meanOnlyIssues } from '../combat/mean-only';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { counted } from '../data/counted';
import { quoteName } from '../data/list-names';
import { breathe } from '../data/run-options';
import { pickDoubles } from '../math/pick-doubles';
import type { MapsRun } from './maps-run';
import { vertexStatus } from './maps-model';

/** Every so many vertices, one is looked at for another unit. */
const sampled = 61;

/** What is known once site effects are shrunk. */
export interface ShrunkenSites extends Pick<CombatModel, 'sites' | 'pooledPrior'> {
  readonly issues: readonly Issue[];
}

/**
 * The third pass: shrinks site effects by empirical Bayes, site after site over all vertices, exactly as `fitCombat` does it for a
 * table in memory, and writes them into the model's file.
 */
export async function shrinkRows(run: MapsRun): Promise<ShrunkenSites> {
  const { arrays, layout, prepared } = run;
  const { vertices } = layout;
  const { settings, reference, sites, mean } = prepared;
  const effects: SiteEffects[] = [];
  const issues: Issue[] = [];
  for (const [site, name] of sites.names.entries()) {
    await breathe(run.run.signal);
    const subjects = mean.design.siteSizes[site];
    const input = await siteInput(run, { site, name, subjects });
    issues.push(...(await absentVertices(run, input)));
    const shrunken =
      site === reference
        ? referenceEffects(input)
        : await shrinkSite(input, settings, { run: { signal: run.run.signal } });
    for (const part of ['gammaHat', 'deltaHat', 'gammaStar', 'deltaStar'] as const)
      await arrays.write(part, site * vertices, spread(shrunken.features, shrunken[part], vertices));
    // The pooled prior needs these of all sites; the rest is in the file.
    effects.push({
      ...shrunken,
      features: new Int32Array(0),
      gammaStar: new Float64Array(0),
      deltaStar: new Float64Array(0),
    });
  }
  return {
    sites: effects.map((effect) => effect.site),
    pooledPrior: settings.eb === 'none' ? null : poolPriors(effects),
    issues: [
      ...(await otherUnits(run)),
      ...issues,
      ...smallSiteIssues(effects, settings),
      ...meanOnlyIssues(effects, settings),
      ...effects.flatMap((effect) => effect.issues),
    ],
  };
}

/** The standardized statistics of a site at the vertices where it has values. */
async function siteInput(
  { arrays, sums, layout: { vertices }, scale }: MapsRun,
  { site, name, subjects }: { readonly site: number; readonly name: string; readonly subjects: number },
): Promise<SiteInput> {
  const location = await arrays.read('gammaHat', site * vertices, vertices);
  let count = 0;
  for (let vertex = 0; vertex < vertices; vertex++) if (location[vertex] === location[vertex]) count++;
  const features = new Int32Array(count);
  for (let vertex = 0, at = 0; vertex < vertices; vertex++)
    if (location[vertex] === location[vertex]) features[at++] = vertex;
  const picked = (row: Float64Array): Float64Array => pickDoubles(row, features);
  const counts = picked(await sums.read('counts', site * vertices, vertices));
  return {
    name,
    subjects,
    features,
    location: picked(location),
    squares: picked(await sums.read('squares', site * vertices, vertices)),
    counts,
    values: scale.keepsValues ? await valuesAt() : undefined,
  };

  /** Robust only: one site's values at a time are in memory. */
  async function valuesAt(): Promise<readonly Float64Array[]> {
    const all = await sums.read(`values.${site}`, 0, vertices * subjects);
    return Array.from(features, (vertex, i) =>
      all.subarray(vertex * subjects, vertex * subjects + counts[i]),
    );
  }
}

function spread(features: Int32Array, values: Float64Array, vertices: number): Float64Array {
  const all = new Float64Array(vertices).fill(NaN);
  for (let i = 0; i < features.length; i++) all[features[i]] = values[i];
  return all;
}

/** Says at how many vertices a site has no value, though others have. */
async function absentVertices(
  { arrays, layout: { vertices } }: MapsRun,
  { name, features }: SiteInput,
): Promise<readonly Issue[]> {
  const status = await arrays.read('status', 0, vertices);
  let harmonized = 0;
  for (let vertex = 0; vertex < vertices; vertex++)
    if (status[vertex] === vertexStatus.harmonized) harmonized++;
  const absent = harmonized - features.length;
  if (absent <= 0) return [];
  const message = `site ${quoteName(name)} has no value of ${counted(absent, 'vertex', 'vertices')}`;
  return [makeIssue('site-not-estimable', message, { site: name })];
}

/** Warns of a site whose maps are in another unit: one vertex in sixty is looked at. */
async function otherUnits({
  arrays,
  layout: { vertices },
  prepared,
  nameOf,
}: MapsRun): Promise<readonly Issue[]> {
  const { sites, settings } = prepared;
  const some = Array.from({ length: Math.ceil(vertices / sampled) }, (_, k) => k * sampled);
  const pick = async (name: string, row = 0): Promise<Float64Array> => {
    const all = await arrays.read(name, row * vertices, vertices);
    return Float64Array.from(some, (vertex) => all[vertex]);
  };
  const status = await pick('status');
  const location = new Float64Array(sites.names.length * some.length);
  for (let site = 0; site < sites.names.length; site++)
    location.set(await pick('gammaHat', site), site * some.length);
  const { design } = prepared.mean;
  const coefficients = new Float64Array(design.columns * some.length);
  for (let k = 0; k < design.columns; k++) coefficients.set(await pick('coefficients', k), k * some.length);
  const standardized = {
    status: Array.from(status, (code): FeatureStatus =>
      code === vertexStatus.harmonized ? 'harmonized' : 'constant',
    ),
    grandMean: await pick('grandMean'),
    pooledSd: await pick('pooledSd'),
    location,
    coefficients,
  };
  const columnMeans = siteDesign(design);
  const several = (count: number): string =>
    `${count} of ${counted(some.length, 'vertex', 'vertices')} looked at:`;
  return otherUnitAtSite(some.map(nameOf), standardized, {
    ...{ sites: sites.names, settings, columnMeans },
    several,
  });
}
