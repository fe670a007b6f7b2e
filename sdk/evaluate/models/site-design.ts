import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { isMissing, takeCovariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { covariateNamed, siteCodes, siteNames } from '../../data/people/participants';
import type { CovariateColumn } from '../../math/linear/covariate-columns';
import { columnsOf } from '../../math/linear/covariate-columns';
import { mean } from '../../math/statistics/moments';

/** One covariate as columns of numbers. */
export interface DesignTerm {
  readonly covariate: string;
  readonly unit?: string;
  readonly columns: readonly CovariateColumn[];
}

/** Sites and covariates of the subjects that have all covariates. */
export interface SiteDesign {
  /** Rows of the cohort that are used. */
  readonly rows: Int32Array;
  readonly siteNames: readonly string[];
  /** Site of each used row. */
  readonly sites: Int32Array;
  /** The person of each used row, where sites are compared within persons; otherwise rows are independent. */
  readonly persons?: Int32Array;
  readonly terms: readonly DesignTerm[];
  readonly issues: readonly Issue[];
}

/**
 * Codes sites and covariates for linear models, by {@link columnsOf}; continuous covariates are centered. Subjects
 * without a value of one of the covariates are left out, with an Issue.
 *
 * @param persons - the person of each row of the cohort, where the tests are to compare sites within persons
 * @throws ConcordError `unknown-column` when the cohort lacks a covariate.
 */
export function makeSiteDesign(
  cohort: FeatureCohort,
  covariates: readonly string[],
  persons?: Int32Array,
): SiteDesign {
  const { participants } = cohort;
  const chosen = covariates.map((name) => covariateNamed(participants, name));
  const kept: number[] = [];
  participants.ids.forEach((_, row) => {
    if (!chosen.some((covariate) => isMissing(covariate, row))) kept.push(row);
  });
  const rows = Int32Array.from(kept);
  const names = siteNames(participants);
  const all = siteCodes(participants, names);
  const left = participants.ids.length - rows.length;
  const message = `${left} subjects lack a covariate (${covariates.join(', ')}) and are left out of the tests, shares of variance and slopes`;
  return {
    rows,
    siteNames: names,
    sites: Int32Array.from(rows, (row) => all[row]),
    persons: persons && Int32Array.from(rows, (row) => persons[row]),
    terms: chosen.map((covariate) => codeTerm(takeCovariate(covariate, rows))),
    issues: left === 0 ? [] : [makeIssue('dropped-subject', message)],
  };
}

function codeTerm(covariate: Covariate): DesignTerm {
  const { name } = covariate;
  const columns = columnsOf(covariate);
  if (covariate.kind === 'categorical') return { covariate: name, columns };
  const center = mean(covariate.values);
  const centered = columns.map((column) => ({ name, values: column.values.map((value) => value - center) }));
  const { unit } = covariate;
  return { covariate: name, columns: centered, ...(unit === undefined ? {} : { unit }) };
}
