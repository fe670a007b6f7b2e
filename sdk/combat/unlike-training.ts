import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { listNames, quoteName } from '../data/list-names';
import type { Participants } from '../data/people/participants';
import { counted } from '../data/counted';
import type { CombatModel } from './combat-model';
import { distancesOfSites } from './site-distances';

/** What is summed over the cells of a cohort while a model is applied; sites are those of the model, in its order. */
export interface ResidualTally {
  /** Sites × features: sums of residuals, value − what covariates predict, on the model's scale. */
  readonly sums: Float64Array;
  /** Sites × features: the number of cells summed. */
  readonly counts: Float64Array;
  /** Per feature, the number of cells corrected, those of unseen sites too; and how many residuals exceed its limit. */
  readonly seen: Float64Array;
  readonly far: Float64Array;
  /** Per feature, how far a residual may be from 0: {@link farAway} pooled standard deviations. */
  readonly limits: Float64Array;
}

/** A value this many pooled standard deviations or more from what the model expects is on another scale. */
export const farAway = 8;
/** The mean of fewer cells may be one that is far off by itself. */
const fewestMean = 3;
/** A site of fewer subjects is not looked at: chance moves its means too far. */
const fewest = 5;
/** By what factor the model's effects must exceed chance; see {@link unlikeTraining}. */
const clear = 36;

/** What was noticed of a cohort that a model was applied to. */
export interface NoticedRows {
  readonly participants: Participants;
  /** The number of each scan's site in the model; as many as it has sites, or more, for a site that it does not know. */
  readonly codes: Int32Array;
  /** See `unlikeRows`. */
  readonly farRows: readonly number[];
  readonly tally: ResidualTally;
}

/** An empty tally for a model. */
export function residualTally({ sites, features, pooledSd }: CombatModel): ResidualTally {
  const cells = sites.length * features.length;
  return {
    sums: new Float64Array(cells),
    counts: new Float64Array(cells),
    seen: new Float64Array(features.length),
    far: new Float64Array(features.length),
    limits: pooledSd.map((sd) => farAway * sd),
  };
}

/**
 * Warns of a table that is not like the one that the model was fitted on, though its features and sites have the same
 * names:
 *
 * - a feature of which more than half of the cells are more than 8 pooled standard deviations from what the model
 *   expects: another unit, or another measure of that name;
 * - the same of one of its sites, whose mean over 3 cells or more is as far from what the model expects there;
 * - scans that are so in a quarter or more of their features, at whatever site (`unlikeRows`);
 * - sites that show none of the effects that the model removes: their mean residuals z̄, about their common mean, are
 *   nearer to 0 than to the model's effects γ*, Σ n z̄² < Σ n (z̄ − γ*)² over sites of 5 subjects or more and p
 *   features, where these effects are clear of chance, Σ n γ*² > 36 p. A table that is harmonized already is like
 *   that, or one whose sites are mixed up. (In a table that has the effects, Σ n z̄ γ* is Σ n γ*² plus noise of
 *   variance at most p Σ n γ*², reached where all features are one. To be below half of Σ n γ*² it must then be more
 *   than three standard deviations off: at most about 1 such table in 1,000 is warned of wrongly.)
 */
export function unlikeTraining(model: CombatModel, noticed: NoticedRows): readonly Issue[] {
  return [...otherScale(model, noticed), ...noEffects(model, noticed.tally)];
}

function otherScale(
  model: CombatModel,
  { participants: { ids, sites: siteOf }, codes, farRows, tally }: NoticedRows,
): readonly Issue[] {
  const { features, sites } = model;
  const { far, seen } = tally;
  const everywhere = features.filter((_, w) => far[w] * 2 > seen[w]);
  const said = everywhere.length * 4 >= features.length;
  // Where the means of a site are off because of a few of its scans, these are named.
  const atSites = sites.flatMap(({ name }, s) => {
    if (said) return [];
    const farHere = farRows.filter((row) => codes[row] === s).length;
    if (farHere > 0 && farHere * 2 < codes.filter((code) => code === s).length) return [];
    const there = farAtSite(model, tally, s)
      .filter((w) => !(far[w] * 2 > seen[w]))
      .map((w) => features[w]);
    return there.length === 0 ? [] : [{ name, there }];
  });
  const named = new Set(atSites.map(({ name }) => name));
  const scans = said ? [] : farRows.filter((row) => !named.has(siteOf[row]));
  return [
    ...(everywhere.length === 0 ? [] : [farIssue(model, everywhere)]),
    ...atSites.map(({ name, there }) => farIssue(model, there, name)),
    ...(scans.length === 0
      ? []
      : [
          makeIssue(
            'unlike-training',
            `a quarter or more of the values of ${counted(scans.length, 'subject')} are ${farFrom}: ` +
              listNames(
                scans.map((row) => ids[row]),
                5,
              ),
            { subject: ids[scans[0]], site: siteOf[scans[0]] },
            checkUnit,
          ),
        ]),
  ];
}

const farFrom = `more than ${farAway} standard deviations from those that the model was fitted on`;
const checkUnit = [
  'check that they are in the same unit and measured the same way; the model moves values by amounts in its own unit',
];

function farIssue({ features }: CombatModel, names: readonly string[], site?: string): Issue {
  const at = site === undefined ? '' : ` at site ${quoteName(site)}`;
  const message = `values of ${names.length} of ${features.length} features${at} are ${farFrom}: ${listNames(names, 5)}`;
  return makeIssue('unlike-training', message, { feature: names[0], site }, checkUnit);
}

/** The features whose mean at a site, over enough cells, is far from what the model expects there. */
function farAtSite(
  { status, gammaStar, pooledSd }: CombatModel,
  { sums, counts }: ResidualTally,
  site: number,
): readonly number[] {
  const found: number[] = [];
  for (let w = 0, at = site * status.length; w < status.length; w++, at++) {
    if (counts[at] < fewestMean || status[w] !== 'harmonized') continue;
    if (Math.abs(sums[at] / counts[at] / pooledSd[w] - gammaStar[at]) > farAway) found.push(w);
  }
  return found;
}

function noEffects(model: CombatModel, tally: ResidualTally): readonly Issue[] {
  const width = model.features.length;
  const large = [...model.sites.keys()].filter(
    (s) =>
      model.sites[s].adjusts !== 'reference' &&
      tally.counts.subarray(s * width, (s + 1) * width).some((count) => count >= fewest),
  );
  if (large.length < 2) return [];
  const { toZero, toModel, effects, used } = distancesOfSites(model, tally, large);
  if (effects <= clear * used || toZero >= toModel) return [];
  const names = listNames(large.map((s) => model.sites[s].name));
  const message = `values at ${names} show none of the differences between sites that the model removes`;
  return [
    makeIssue('unlike-training', message, {}, [
      'check that the table is not harmonized already, and that its sites are named as when the model was fitted',
    ]),
  ];
}
