import type { JsonObject } from '../data/json';
import { counted } from '../data/counted';
import { listNames } from '../data/list-names';
import { covariateNamed } from '../data/people/participants';
import { leastAndGreatest } from '../math/statistics/least-and-greatest';
import type { HospitalTable } from './hospital-table';
import { requireCells } from './require-cells';
import type { FederatedStudy } from './study';

/** A site as one hospital has it. */
export interface CountedSite {
  readonly name: string;
  readonly scans: number;
  readonly persons: number;
}

/** A covariate as one hospital has it. */
export type CountedCovariate =
  | {
      readonly kind: 'continuous';
      readonly name: string;
      readonly unit?: string;
      /** No more than this, and a round number: the lowest value itself is one person's. */
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: 'categorical';
      readonly name: string;
      readonly levels: readonly string[];
      /** Scans of each level, all sites together. */
      readonly scans: readonly number[];
    };

/** The first answer of a hospital: what it has. */
export interface HospitalCounts {
  readonly features: readonly string[];
  readonly sites: readonly CountedSite[];
  readonly covariates: readonly CountedCovariate[];
}

/**
 * What a hospital says of itself in the first round.
 *
 * @throws ConcordError `too-little-data` for a cell of too few persons.
 */
export function hospitalCounts(table: HospitalTable, study: FederatedStudy, minimum: number): HospitalCounts {
  const { cohort, sites, codes } = table;
  const { participants, features } = cohort;
  requireCells(table, study, { rows: [...participants.ids.keys()], minimum });
  return {
    features: features.features,
    sites: sites.map((name, site) => {
      const rows = participants.ids.flatMap((_, row) => (codes[row] === site ? [row] : []));
      return {
        name,
        scans: rows.length,
        persons: new Set(rows.map((row) => participants.persons[row])).size,
      };
    }),
    covariates: study.preserve.map(({ name }): CountedCovariate => {
      const covariate = covariateNamed(participants, name);
      if (covariate.kind === 'continuous') {
        const { unit, values } = covariate;
        return { kind: 'continuous', name, unit, ...roundedRange(values) };
      }
      const scans = covariate.levels.map((_, code) => covariate.codes.filter((own) => own === code).length);
      const met = covariate.levels.filter((_, code) => scans[code] > 0);
      return { kind: 'categorical', name, levels: met, scans: scans.filter((count) => count > 0) };
    }),
  };
}

/** The range of some values, widened to round numbers about a tenth of it apart. */
export function roundedRange(values: Float64Array): { readonly low: number; readonly high: number } {
  const [min, max] = leastAndGreatest(values);
  const size = max > min ? (max - min) / 4 : Math.max(Math.abs(max) / 4, 1e-300);
  const ten = 10 ** Math.floor(Math.log10(size));
  const step = [5, 2, 1].map((times) => times * ten).find((one) => one <= size) ?? ten;
  const round = (steps: number): number => Number((steps * step).toPrecision(12));
  const low = Math.floor(min / step);
  const high = Math.ceil(max / step);
  return {
    low: round(low) <= min ? round(low) : round(low - 1),
    high: round(high) >= max && high > low ? round(high) : round(high + 1),
  };
}

/** What the first answer discloses, in words. */
export function countsDisclose({ features, sites, covariates }: HospitalCounts): readonly string[] {
  return [
    `the names of ${counted(features.length, 'feature')}: ${listNames(features)}`,
    ...sites.map(
      ({ name, scans, persons }) =>
        `site "${name}": ${counted(scans, 'scan')} of ${counted(persons, 'person')}`,
    ),
    ...covariates.map((covariate) =>
      covariate.kind === 'continuous'
        ? `${covariate.name}: between ${covariate.low} and ${covariate.high}, rounded outwards`
        : `${covariate.name}: ${covariate.levels.map((level, k) => `${level} ${covariate.scans[k]}`).join(', ')}`,
    ),
  ];
}

/** Counts as JSON. */
export function countsToJson({ features, sites, covariates }: HospitalCounts): JsonObject {
  return JSON.parse(JSON.stringify({ features, sites, covariates })) as JsonObject;
}
