import { listNames } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { suggestNames } from '../../data/nearest-names';
import type { BidsImage } from './list-images';
import type { SiteSource } from './load-bids-options';
import type { PeopleTable } from './people-table';
import type { Metadata } from './read-metadata';
import { machineFields, textField } from './scanner-fields';
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
  readonly source: SiteSource;
  /** `null` where it is missing. */
  readonly sites: readonly (string | null)[];
}

/** Names under which a column of sites is looked for, in this order, whatever their case. */
export const siteColumns: readonly string[] = [
  ...['site', 'site_id', 'siteid', 'acquisition_site', 'acq_site', 'scanner', 'scanner_id', 'scanner_site'],
  ...['center', 'centre', 'institution', 'institution_name'],
];

/** What joins the parts of a site's name. */
const joint = ' · ';

/**
 * Finds the site of each image.
 *
 * @throws ConcordError `unknown-column`; `missing-value` when no site is found, saying what there is.
 */
export function scanSites(evidence: SiteEvidence, given?: SiteSource): ScanSites {
  const source = given ?? inferSource(evidence);
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
  const sites = sitesFrom(source, evidence);
  if (sites.every((site) => site === null)) throw noSite(evidence);
  return { source, sites };
}

function sitesFrom(
  source: SiteSource,
  { images, metadata, people }: SiteEvidence,
): readonly (string | null)[] {
  if ('column' in source) return people.column(source.column, images).texts;
  if ('session' in source) return images.map(({ name }) => name.entities.get('ses') ?? null);
  return metadata.map((fields) => {
    const parts = source.sidecar.flatMap((field) => textField(fields, field) ?? []);
    return parts.length === 0 ? null : parts.join(joint);
  });
}

function inferSource(evidence: SiteEvidence): SiteSource {
  const { people, metadata, images } = evidence;
  const byName = new Map(people.columns.map((name) => [name.toLowerCase(), name]));
  for (const candidate of siteColumns) {
    const column = byName.get(candidate);
    if (column === undefined) continue;
    if (people.column(column, images).texts.some((text) => text !== null)) return { column };
  }
  const required = machineFields.slice(0, 2);
  const everywhere = metadata.every((fields) =>
    required.every((field) => textField(fields, field) !== undefined),
  );
  if (everywhere) return { sidecar: machineFields };
  throw noSite(evidence);
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
  return advise`choose with ${option('site.column')} where participants.tsv has ${columns}; ${option('site.session', true)} where sessions are ${listNames([...sessions])}; ${option('site.sidecar')} where sidecars say ${sidecars.join(', ')}`;
}
