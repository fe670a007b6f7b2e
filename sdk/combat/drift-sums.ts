import { joinDoubles } from '../math/join-arrays';
import { withNumbers } from '../math/wasm/put-numbers';
import type { CombatModel } from './combat-model';
import { harmonizedOf } from './frame/corrected-sites';
import type { ResidualTally } from './unlike-training';

/** A site that is compared with what a model knows of it. */
export interface ComparedSite {
  /** How many scans the model was fitted on there. */
  readonly fitted: number;
  /** Persons per scan of those that are there now. */
  readonly share: number;
  /** Degrees of freedom of what is known of its spread. */
  readonly freedom: number;
}

/** The sites of a model, in its order. */
interface ComparedSites {
  /** `undefined` for a site that is not compared. */
  readonly sites: readonly (ComparedSite | undefined)[];
  /** Cells of fewer persons are not looked at. */
  readonly fewest: number;
}

/** How far a site is from where it was: sums over features. */
export interface DriftSums {
  /** Of squared distances over their variances: t². */
  readonly squares: number;
  /** Of squared distances, in pooled standard deviations, less their variances. */
  readonly beyond: number;
  readonly features: number;
}

type ResidualSums = Pick<ResidualTally, 'sums' | 'counts'>;

/** Adds up how far the sites of a model are from where they were, in WebAssembly where that runs, with the same bits. */
export function driftSums(
  model: CombatModel,
  tally: ResidualSums,
  compared: ComparedSites,
): readonly DriftSums[] {
  return driftsByKernel(model, tally, compared) ?? driftsPlainly(model, tally, compared);
}

function driftsByKernel(
  model: CombatModel,
  { sums, counts }: ResidualSums,
  { sites, fewest }: ComparedSites,
): readonly DriftSums[] | undefined {
  const { gammaHat, deltaHat, pooledSd } = model;
  const count = sites.length;
  const added = byCovariates(model);
  // Of a site that is not compared no cell has enough persons.
  const about = joinDoubles(
    sites.map((site) => Float64Array.of(site?.share ?? 0, site?.fitted ?? 0, site?.freedom ?? 0, added)),
  );
  const features = joinDoubles([harmonizedOf(model), pooledSd]);
  const given = [sums, counts, gammaHat, deltaHat, about, features, new Float64Array(3 * count)];
  return withNumbers(given, 0, (room) => {
    room.run('siteDrifts', [...room.places, pooledSd.length, count, fewest], { units: 1 });
    const made = room.doubles(room.places[6], 3 * count);
    return sites.map((_, site) => {
      const [squares, beyond, used] = made.subarray(3 * site);
      return { squares, beyond, features: used };
    });
  });
}

/** In plain JavaScript, as where nothing was started. Exported for tests. */
export function driftsPlainly(
  model: CombatModel,
  tally: ResidualSums,
  { sites, fewest }: ComparedSites,
): readonly DriftSums[] {
  const added = byCovariates(model);
  return sites.map((about, site) =>
    about === undefined
      ? { squares: 0, beyond: 0, features: 0 }
      : driftOfSite(model, tally, { site, about, fewest, added }),
  );
}

function driftOfSite(
  { status, gammaHat, deltaHat, pooledSd }: CombatModel,
  { sums, counts }: ResidualSums,
  {
    site,
    about: { fitted, share, freedom },
    fewest,
    added,
  }: {
    readonly site: number;
    readonly about: ComparedSite;
    readonly fewest: number;
    readonly added: number;
  },
): DriftSums {
  const width = status.length;
  let [squares, beyond, features] = [0, 0, 0];
  for (let w = 0, at = site * width; w < width; w++, at++) {
    const persons = counts[at] * share;
    if (status[w] !== 'harmonized' || persons < fewest || !(deltaHat[at] > 0)) continue;
    const apart = sums[at] / counts[at] / pooledSd[w] - gammaHat[at];
    const spread = (deltaHat[at] * (fitted - 1)) / freedom;
    const variance = spread * (1 / persons + 1 / fitted + added);
    squares += (apart * apart) / variance;
    beyond += apart * apart - variance;
    features++;
  }
  return { squares, beyond, features };
}

/** What covariates add to the variance of a site's mean, in variances of one scan. */
function byCovariates({ columns, sites }: CombatModel): number {
  return columns.length / sites.reduce((sum, { subjects }) => sum + subjects, 0);
}
