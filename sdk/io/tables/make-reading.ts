import type { Covariate } from '../../data/people/covariate';
import type { JsonValue } from '../../data/json';
import type { CovariateReading, TableReading } from '../../data/table-reading';
import { onlyLeavesOut } from '../columns/features/feature-patterns';
import type { FeatureSelection, TableOptions } from './table-options';

/** Options that say nothing about how a table is read, or have places of their own in the reading. */
const apart: ReadonlySet<string> = new Set([
  ...['features', 'covariates', 'participants', 'allowSingleSite', 'notice', 'signal', 'onProgress'],
  ...['id', 'site', 'family', 'measures', 'parcellation', 'strict'],
]);

/** What a reading is made of, besides the options. */
export type ReadingParts = Pick<TableReading, 'id' | 'site' | 'covariates' | 'setAside'> &
  Partial<TableReading>;

/**
 * Records how a table was read. Options are remembered unless they are known to say nothing about reading, so that those
 * to come are remembered too.
 */
export function makeReading(options: TableOptions, parts: ReadingParts): TableReading {
  const others = Object.entries(options).filter(([name]) => !apart.has(name));
  // The names of columns alone: a source of rows is no part of the record.
  const stated = Object.entries(parts.participants ?? {}).filter(([, value]) => typeof value === 'string');
  const reading: TableReading = {
    source: 'table',
    features: howChosen(options.features),
    options: Object.fromEntries<JsonValue>(others),
    ...parts,
    participants: stated.length === 0 ? undefined : Object.fromEntries(stated),
  };
  // Without what is undefined, so that a model read back equals the one that was saved.
  const plain: unknown = JSON.parse(JSON.stringify(reading));
  return plain as TableReading;
}

/** What a covariate was read as. */
export function covariateReading(covariate: Covariate): CovariateReading {
  const { name, kind } = covariate;
  return kind === 'continuous'
    ? { name, kind, unit: covariate.unit }
    : { name, kind, levels: covariate.levels };
}

/** Whether the features are named, or inferred, all of them or without some that are left out. */
export function howChosen(features: FeatureSelection | undefined): TableReading['features'] {
  return features === undefined || onlyLeavesOut(features) ? 'inferred' : 'chosen';
}
