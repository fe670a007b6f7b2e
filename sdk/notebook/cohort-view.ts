import type { FeatureCohort } from '../data/cohort';
import type { Covariate } from '../data/people/covariate';
import type { FeatureMatrix } from '../data/feature-matrix';
import type { Participants } from '../data/people/participants';
import { sizedSites } from '../data/people/sized-sites';
import { quantityTitle } from '../data/quantity';
import { escapeHtml } from '../plot/html/html';
import type { Cell, TableLimits, TableSource } from './table-view';
import { tableView } from './table-view';
import type { View } from './view';
import { stacked } from './view';
import { counted } from '../data/counted';
import { listFirst } from '../data/list-names';

/** One column of a table as it is shown. */
export interface TableColumn {
  readonly name: string;
  readonly cell: (row: number) => Cell;
}

/** A cohort as a table: who, where, covariates, features; below it, how it was made. */
export function cohortView(cohort: FeatureCohort, limits: TableLimits): View {
  const { participants, features, provenance, issues } = cohort;
  const columns = [...participantColumns(participants), ...featureColumns(features)];
  const missing = missingCells(features);
  const title =
    `Cohort: ${counted(participants.ids.length, 'subject')} × ${counted(features.features.length, 'feature')}, ` +
    (missing === 0 ? 'no missing cells' : counted(missing, 'missing cell'));
  const steps = provenance.length === 0 ? '' : `; made by ${provenance.map(({ step }) => step).join(' → ')}`;
  const raised = issues.length === 0 ? '' : `; ${counted(issues.length, 'issue')}`;
  return stacked(
    tableView(tableOf(title, columns, participants.ids.length), limits),
    note(`sites: ${siteSizes(participants)}${steps}${raised}`),
  );
}

/** A matrix of features as a table with its subject ids. */
export function matrixView(matrix: FeatureMatrix, limits: TableLimits): View {
  const id: TableColumn = { name: 'subject', cell: (row) => matrix.subjects[row] };
  const title = `Features: ${counted(matrix.subjects.length, 'subject')} × ${counted(matrix.features.length, 'feature')}`;
  return tableView(tableOf(title, [id, ...featureColumns(matrix)], matrix.subjects.length), limits);
}

/** Participants as a table: id, site, covariates with their units. */
export function participantsView(participants: Participants, limits: TableLimits): View {
  const title = `Participants: ${counted(participants.ids.length, 'subject')}`;
  return stacked(
    tableView(tableOf(title, participantColumns(participants), participants.ids.length), limits),
    note(`sites: ${siteSizes(participants)}`),
  );
}

/** A table from its columns. */
export function tableOf(title: string, columns: readonly TableColumn[], rowCount: number): TableSource {
  return {
    title,
    columns: columns.map((column) => column.name),
    rowCount,
    cell: (row, column) => columns[column].cell(row),
  };
}

/** The columns of participants: id, site, covariates with their units. */
export function participantColumns(participants: Participants): TableColumn[] {
  return [
    { name: 'subject', cell: (row) => participants.ids[row] },
    { name: 'site', cell: (row) => participants.sites[row] },
    ...participants.covariates.map(covariateColumn),
  ];
}

function covariateColumn(covariate: Covariate): TableColumn {
  if (covariate.kind === 'categorical') {
    return {
      name: covariate.name,
      cell: (row) => (covariate.codes[row] === -1 ? null : covariate.levels[covariate.codes[row]]),
    };
  }
  return { name: quantityTitle(covariate), cell: (row) => covariate.values[row] };
}

function featureColumns(matrix: FeatureMatrix): TableColumn[] {
  const width = matrix.features.length;
  return matrix.features.map((name, k) => ({ name, cell: (row) => matrix.values[row * width + k] }));
}

function missingCells(matrix: FeatureMatrix): number {
  return matrix.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
}

/** The sites with their numbers of subjects; of many, the first dozen. */
function siteSizes(participants: Participants): string {
  return listFirst(sizedSites(participants), ({ name, subjects }) => `${name} ${subjects}`, { most: 12 });
}

function note(text: string): View {
  return { html: `<p class="concord-note">${escapeHtml(text)}</p>`, text };
}
