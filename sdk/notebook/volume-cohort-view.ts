import { basename } from 'node:path';
import type { VolumeCohort } from '../data/cohort';
import { siteNames } from '../data/people/participants';
import type { Scan, Scanner } from '../data/images/scan';
import { personOf } from '../data/images/scan';
import { escapeHtml } from '../plot/html/html';
import type { TableColumn } from './cohort-view';
import { participantColumns, tableOf } from './cohort-view';
import type { Cell, TableLimits } from './table-view';
import { tableView } from './table-view';
import type { View } from './view';
import { stacked } from './view';
import { counted } from '../data/counted';
import { listFirst } from '../data/list-names';

/** What a scanner's table says, in the units of BIDS. */
const scannerColumns: readonly { readonly name: string; readonly cell: (scanner: Scanner) => Cell }[] = [
  { name: 'manufacturer', cell: (scanner) => scanner.manufacturer },
  { name: 'model', cell: (scanner) => scanner.model },
  { name: 'station', cell: (scanner) => scanner.station },
  { name: 'field (T)', cell: (scanner) => scanner.fieldStrength },
  { name: 'TR (s)', cell: (scanner) => scanner.repetitionTime },
  { name: 'TE (s)', cell: (scanner) => scanner.echoTime },
  { name: 'TI (s)', cell: (scanner) => scanner.inversionTime },
  { name: 'flip (°)', cell: (scanner) => scanner.flipAngle },
];

/**
 * A cohort of scans as a table: who, where, covariates, files, scanners; columns without any value are left out. Below
 * it counts by site and scanner, how the cohort was made, and its issues counted. No scan is opened.
 */
export function volumeCohortView(cohort: VolumeCohort, limits: TableLimits): View {
  const { participants, scans, provenance, issues } = cohort;
  const subjects = new Set(scans.map(({ subject }) => subject)).size;
  const title = `Cohort: ${counted(scans.length, 'scan')} of ${counted(subjects, 'subject')}, opened when needed`;
  const columns = [...participantColumns(participants), ...scanColumns(cohort)];
  const facts = [
    `sites: ${tally(participants.sites, siteNames(participants))}`,
    ...tallied(
      'images',
      scans.map(({ suffix }) => suffix),
    ),
    ...tallied('scanners', scans.map(scannerName)),
    ...(provenance.length === 0 ? [] : [`made by ${provenance.map(({ step }) => step).join(' → ')}`]),
    ...(issues.length === 0 ? [] : [`${counted(issues.length, 'issue')}: see cohort.issues`]),
  ].join('; ');
  return stacked(tableView(tableOf(title, columns, scans.length), { maxColumns: 20, ...limits }), {
    html: `<p class="concord-note">${escapeHtml(facts)}</p>`,
    text: facts,
  });
}

function scanColumns({ scans }: VolumeCohort): TableColumn[] {
  const repeated = scans.some(({ id, subject }) => id !== subject);
  const own: readonly { readonly name: string; readonly cell: (scan: Scan) => Cell }[] = [
    { name: 'person', cell: (scan) => (repeated ? personOf(scan) : undefined) },
    { name: 'session', cell: (scan) => scan.session },
    { name: 'run', cell: (scan) => scan.run },
    { name: 'image', cell: (scan) => scan.suffix },
    { name: 'file', cell: (scan) => (scan.file === undefined ? undefined : basename(scan.file)) },
    ...scannerColumns.map(({ name, cell }) => ({
      name,
      cell: (scan: Scan): Cell => (scan.scanner === undefined ? undefined : cell(scan.scanner)),
    })),
  ];
  return own
    .filter(({ cell }) => scans.some((scan) => cell(scan) !== undefined))
    .map(({ name, cell }) => ({ name, cell: (row) => cell(scans[row]) }));
}

function scannerName({ scanner }: Scan): string | undefined {
  if (scanner === undefined) return undefined;
  const { manufacturer, model, fieldStrength } = scanner;
  const field = fieldStrength === undefined ? undefined : `${fieldStrength} T`;
  const known = [manufacturer, model, field].filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(' ');
}

/** A heading with how often each value occurs; nothing where none is known. */
function tallied(heading: string, values: readonly (string | undefined)[]): string[] {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return [];
  const unknown = values.length - known.length;
  const names = [...new Set(known)].sort();
  return [`${heading}: ${tally(known, names)}${unknown === 0 ? '' : `, not known ${unknown}`}`];
}

/** How often each name occurs; of many names, the first dozen. */
function tally(values: readonly string[], names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return listFirst(names, (name) => `${name} ${counts.get(name) ?? 0}`, { most: 12 });
}
