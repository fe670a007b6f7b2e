import { listNames } from '../../data/list-names';
import { oneOf } from '../../data/one-of';
import { ConcordError } from '../../errors';
import { isKnownMark } from '../cells/missing-marks';
import type { LoadBidsOptions } from './load-bids-options';

/**
 * Checks what a caller from JavaScript, who has no compiler, may have given instead of options.
 *
 * @throws ConcordError `invalid-option` naming the option, what was given and what is allowed.
 */
export function requireBidsOptions(options: LoadBidsOptions): void {
  const { mask = 'auto', check = 'header', missingSite = 'keep', frame } = options;
  oneOf('mask', mask, ['auto', 'none']);
  oneOf('check', check, ['none', 'header', 'full']);
  oneOf('missingSite', missingSite, ['keep', 'drop']);
  if (options.site !== undefined) requireSite(options.site);
  if (frame !== undefined && !(Number.isInteger(frame) && frame >= 0)) {
    throw invalid('frame', frame, 'a whole number from 0 is allowed');
  }
  for (const name of ['derivative', 'participants', 'person'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && !isText(value)) throw invalid(name, value, 'a text is allowed');
  }
  for (const name of ['subjects', 'sessions', 'runs', 'missing'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && !isListOf(value, (one) => typeof one === 'string')) {
      throw invalid(name, value, 'a list of texts is allowed');
    }
  }
  const { suffix, entities = {}, space, desc, covariates } = options;
  if (covariates !== undefined && !isListOf(covariates, (one) => isText(isRecord(one) ? one['name'] : one))) {
    throw invalid(
      'covariates',
      covariates,
      'a list of names, or of { name, kind, unit, levels }, is allowed',
    );
  }
  if (suffix !== undefined && !isText(suffix) && !isListOf(suffix, isText)) {
    throw invalid('suffix', suffix, 'a text or a list of texts is allowed');
  }
  if (!isRecord(entities)) throw invalid('entities', entities, 'an object of labels by key is allowed');
  for (const [name, filter] of Object.entries({ space, desc, ...entities })) {
    if (filter === undefined || isLabel(filter) || isListOf(filter, isLabel)) continue;
    throw invalid(name, filter, 'a label, null for names without one, or a list of these is allowed');
  }
}

/** What each kind of site source is made of, by its key. */
const sources: Readonly<Record<string, (value: unknown) => boolean>> = {
  column: isText,
  session: (value) => value === true,
  sidecar: (value) => isListOf(value, isText) && (value as readonly unknown[]).length > 0,
  name: isSiteName,
};

function requireSite(site: unknown): void {
  const entries = isRecord(site) ? Object.entries(site).filter(([, value]) => value !== undefined) : [];
  const [[key, value] = ['', undefined]] = entries;
  if (entries.length === 1 && Object.hasOwn(sources, key) && sources[key](value)) return;
  const allowed =
    'an object with one of these is allowed: column, its name; session, which is true; sidecar, a list of its fields; name, that of the site';
  throw invalid('site', site, allowed);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** A missing cell is what a site must not be called: it would be read as one. */
function isSiteName(value: unknown): boolean {
  return typeof value === 'string' && value === value.trim() && !isKnownMark(value);
}

function isLabel(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isListOf(value: unknown, fits: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(name: string, value: unknown, allowed: string): ConcordError {
  return new ConcordError('invalid-option', `invalid ${name}: ${inWords(value)} (${allowed})`);
}

function inWords(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.slice(0, 4).map(inWords).join(', ')}]`;
  if (isRecord(value)) return `an object with ${listNames(Object.keys(value), 4)}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
