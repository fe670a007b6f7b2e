import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { suggestNames } from '../../data/nearest-names';
import type { TextColumn } from '../columns/build-covariate';
import { prepareSites } from '../columns/labels/prepare-labels';
import type { SameLabels } from '../tables/table-options';
import type { BidsImage } from './list-images';
import type { SiteSource } from './load-bids-options';
import type { PeopleTable } from './tables/people-table';
import type { Metadata } from './read-metadata';
import { machineFields, textField } from './scanner-fields';
import { sidecarSites } from './sidecar-sites';
import type { Advice } from '../../remedy';
import { advise, option } from '../../remedy';

/** What is known of the scans whose sites are looked for. */
export interface SiteEvidence {
  readonly images: readonly BidsImage[];
  /** One per image. */
  readonly metadata: readonly Metadata[];
  readonly people: PeopleTable;
}

/** The site of each image and how it was found. */
export interface ScanSites {
  /** `undefined` where there is nothing to find sites by. */
  readonly source: SiteSource | undefined;
  /** `null` where it is missing. */
  readonly sites: readonly (string | null)[];
  readonly issues: readonly Issue[];
}

/** How sites are looked for. */
export interface SiteSetting {
  readonly site?: SiteSource;
  readonly sameSite?: SameLabels;
  /** Throw where no scan has a site. */
  readonly required: boolean;
}

/** Names under which a column of sites is looked for, in this order, whatever their case. */
export const siteColumns: readonly string[] = [
  ...['site', 'site_id', 'siteid', 'acquisition_site', 'acq_site', 'scanner', 'scanner_id', 'scanner_site'],
  ...['center', 'centre', 'institution', 'institution_name'],
];

/**
 * Finds the site of each image. Sites that differ only in how they are written are named in an issue, or made one where
 * the caller says so.
 *
 * @param among - the scans that these are some of, where how a site is spelled goes by all of them
 * @throws ConcordError `unknown-column`; `invalid-option`; where sites are required, `missing-value` when none is found,
 * saying what there is.
 */
export function scanSites(
  evidence: SiteEvidence,
  setting: SiteSetting,
  among: SiteEvidence = evidence,
): ScanSites {
  const source = setting.site ?? inferSource(among);
  if (source === undefined) {
    if (setting.required) throw noSite(evidence);
    const sites = evidence.images.map(() => null);
    return { source, sites, issues: [missingSites(sites, evidence)] };
  }
  if ('column' in source && !evidence.people.columns.includes(source.column)) {
    const { columns } = evidence.people;
    const remedy =
      columns.length === 0 ? possibilities(evidence) : advise`${suggestNames(source.column, columns)}`;
    throw new ConcordError(
      'unknown-column',
      `unknown site column: "${source.column}" is not in participants.tsv nor in the sessions files`,
      { where: { file: 'participants.tsv', column: source.column }, remedy },
    );
  }
  const found = sitesFrom(source, among);
  const { column, issues } = prepareSites(found.column, { sameSite: setting.sameSite });
  const places = new Map(among.images.map(({ path }, place) => [path, place]));
  const sites = evidence.images.map(({ path }) => column.texts[places.get(path) ?? -1] ?? null);
  const met = [...found.issues, ...issues];
  if (setting.required && sites.every((site) => site === null)) throw noSite(evidence).after(met);
  return { source, sites, issues: sites.includes(null) ? [...met, missingSites(sites, evidence)] : met };
}

function sitesFrom(
  source: SiteSource,
  { images, metadata, people }: SiteEvidence,
): { readonly column: TextColumn; readonly issues: readonly Issue[] } {
  if ('column' in source) return { column: people.column(source.column, images), issues: [] };
  const made = (name: string, file: string, texts: readonly (string | null)[]): TextColumn => ({
    name,
    file,
    texts,
    lines: texts.map(() => 0),
  });
  if ('name' in source) {
    return {
      column: made(
        'site',
        'the options',
        images.map(() => source.name),
      ),
      issues: [],
    };
  }
  if ('session' in source) {
    const sessions = images.map(({ name }) => name.entities.get('ses') ?? null);
    return { column: made('session', 'the file names', sessions), issues: [] };
  }
  const { sites, issues } = sidecarSites(metadata, source.sidecar);
  return { column: made(source.sidecar.join(', '), 'the JSON sidecars', sites), issues };
}

function inferSource({ people, metadata, images }: SiteEvidence): SiteSource | undefined {
  const byName = new Map(people.columns.map((name) => [name.toLowerCase(), name]));
  for (const candidate of siteColumns) {
    const column = byName.get(candidate);
    if (column === undefined) continue;
    if (people.column(column, images).texts.some((text) => text !== null)) return { column };
  }
  const required = machineFields.slice(0, 2);
  const said = metadata.some((fields) => required.every((field) => textField(fields, field) !== undefined));
  return said ? { sidecar: machineFields } : undefined;
}

function missingSites(sites: readonly (string | null)[], evidence: SiteEvidence): Issue {
  const missing = evidence.images.filter((_, row) => sites[row] === null);
  const all = missing.length === sites.length;
  const names = listNames(
    missing.map(({ file }) => file),
    4,
  );
  const message = all
    ? 'the dataset does not say where its scans were made'
    : `the dataset does not say where ${missing.length} of its ${sites.length} scans were made: ${names}`;
  const where = missing.length === 1 ? { file: `${missing[0].folder}/${missing[0].file}` } : {};
  return makeIssue(
    'missing-site',
    message,
    where,
    advise`preprocessing needs no site; for what does, ${possibilities(evidence)}`,
  );
}

function noSite(evidence: SiteEvidence): ConcordError {
  return new ConcordError(
    'missing-value',
    'missing sites: the dataset does not say where its scans were made',
    { remedy: possibilities(evidence) },
  );
}

/** What a caller could choose. */
function possibilities({ images, metadata, people }: SiteEvidence): Advice {
  const columns = people.columns.length === 0 ? 'no columns beside the ids' : listNames(people.columns);
  const sessions = new Set(images.flatMap(({ name }) => name.entities.get('ses') ?? []));
  const count = (field: string): number =>
    metadata.filter((fields) => textField(fields, field) !== undefined).length;
  const sidecars = machineFields.map((field) => `${field} of ${count(field)} of ${images.length} scans`);
  return advise`choose with ${option('site.column')} where participants.tsv has ${columns}; ${option('site.session', true)} where sessions are ${listNames([...sessions])}; ${option('site.sidecar')} where sidecars say ${sidecars.join(', ')}; or ${option('site.name')} where all scans are of one site`;
}
