import type { Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { advise, option } from '../../remedy';
import { profileOf } from './column-profile';
import { areDates, areSerialDates } from './column-suspicion';
import type { CovariateSpec } from '../tables/table-options';

/** Up to how many whole numbers may be the codes of groups: the points of a rating scale are rarely more. */
const mostCodes = 8;

/** From how many levels a category is likely to be something else. */
const manyLevels = 12;

/** Dates in text: 2004-05-03, 3.5.2004, 5/3/04, 03-May-2004, with a time or without. */
const date =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[- ]?[a-z]{3,9}\.?[- ,]*\d{2,4})(?:[T ]\d{1,2}:\d{2}.*)?$/i;

const asTime = ['write times as numbers in the table, such as years since the first scan, or leave them out'];

/**
 * Warns of a covariate whose kind was inferred and may be another: whole numbers of at most 8 kinds, each met 4 times on
 * average, taken as continuous. And of a category of very many levels, as dates and numbers with a unit make: 12 and more
 * where the kind was inferred, or 6 and more that are at least half as many as the subjects. And of dates, which are neither
 * groups nor, as 20040503, amounts.
 */
export function doubtfulCovariateIssues(
  built: readonly { readonly covariate: Covariate }[],
  roles: { readonly covariates: readonly { readonly spec: CovariateSpec }[] },
  file: string,
): readonly Issue[] {
  return built.flatMap(({ covariate }, at) => doubtsAbout(covariate, roles.covariates[at].spec, file));
}

function doubtsAbout(covariate: Covariate, spec: CovariateSpec, file: string): readonly Issue[] {
  const { name } = covariate;
  const where = { file, column: name };
  if (covariate.kind === 'categorical') {
    const levels = covariate.levels.length;
    const subjects = covariate.codes.filter((code) => code >= 0).length;
    const stated = spec.kind !== undefined || spec.levels !== undefined;
    const many = (!stated && levels >= manyLevels) || (levels >= 6 && levels * 2 >= subjects);
    if (!many) return [];
    const some = covariate.levels.slice(0, 3).map((level) => `"${level}"`);
    if (covariate.levels.every((level) => date.test(level.trim()))) {
      const message =
        `covariate "${name}" holds dates (${some.join(', ')} …), each of which is taken as a group of its own: ${levels} groups of ` +
        `${subjects} subjects`;
      return [makeIssue('doubtful-kind', message, where, asTime)];
    }
    const message =
      `covariate "${name}" is taken as categorical and has ${levels} levels for ${subjects} subjects ` +
      `(${some.join(', ')} …): each level takes one degree of freedom`;
    return [makeIssue('many-levels', message, where)];
  }
  if (areDates(covariate.values, profileOf(covariate.values))) {
    const [first] = covariate.values.filter((value) => !Number.isNaN(value));
    const message =
      `covariate "${name}" holds dates such as ${first}, which are taken as amounts: from one year to the next they grow by 10,000, and ` +
      'from its first month to its last by 1,100';
    return [makeIssue('doubtful-kind', message, where, asTime)];
  }
  const profile = profileOf(covariate.values);
  if (/(^|[^a-z])age([^a-z]|$)/i.test(name) && areSerialDates(covariate.values, profile)) {
    const message =
      `covariate "${name}" holds ${profile.min} to ${profile.max}, which are dates as spreadsheets count them, in days from 1900 on, ` +
      'and no ages; they are taken as amounts';
    return [makeIssue('doubtful-kind', message, where, ['give the age at the scan in years'])];
  }
  if (spec.kind !== undefined) return [];
  const met = [...new Set(covariate.values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const subjects = covariate.values.filter((value) => !Number.isNaN(value)).length;
  if (met.length > mostCodes || met.length < 2 || subjects < 4 * met.length || !met.every(Number.isInteger))
    return [];
  const message =
    `covariate "${name}" is taken as continuous, as amounts along a line or a curve, though its only values are ${met.join(', ')}: ` +
    'they may be codes of groups';
  const remedy = advise`if they are groups, say ${option('categorical', name)}; if they are amounts, ${option('continuous', name)}`;
  return [makeIssue('doubtful-kind', message, where, remedy)];
}
