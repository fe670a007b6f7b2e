import type { Audit } from '../images-audit/image-audit';
import type { AuditRow, AuditValue } from './audit-row';
import { counted } from '../../data/counted';

/** A figure of an audit as text: `0.480 (0.450 to 0.510)`, `12 %`, `60 of 62`, or a dash where there is none. */
export function auditNumber(row: AuditRow, value: AuditValue | undefined): string {
  if (value === undefined) return '–';
  const { estimate, interval, of } = value;
  const number = (x: number): string => shownNumber(x, row.share);
  if (of !== undefined && Number.isFinite(estimate)) return `${Math.round(estimate * of)} of ${of}`;
  if (interval === undefined || !Number.isFinite(interval.low)) return number(estimate);
  return `${number(estimate)} (${number(interval.low).replace(' %', '')} to ${number(interval.high)})`;
}

/** A number with three significant digits or so; as a percentage where it is a share. */
export function shownNumber(value: number, share: boolean = false): string {
  if (!Number.isFinite(value)) return 'n/a';
  if (share) return `${(100 * value).toFixed(Math.abs(value) < 0.1 ? 1 : 0)} %`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** What was evaluated of every participant: `62 features`, or `300 slices of 64 × 64`. */
export function payloadText(audit: Audit): string {
  if (audit.kind === 'table-audit') return counted(audit.features.length, 'feature');
  return `${counted(audit.images, 'slice')} of ${audit.imageSize.join(' × ')}`;
}

/**
 * Who was evaluated: `559 subjects`, or `120 scans of 60 persons` where some were scanned several times, `of 40 families` where
 * some are related.
 */
export function subjectsText({
  subjects,
  persons,
  families,
}: {
  readonly subjects: number;
  readonly persons: number;
  readonly families?: number;
}): string {
  const who =
    subjects === persons
      ? counted(subjects, 'subject')
      : `${counted(subjects, 'scan')} of ${counted(persons, 'person')}`;
  return families === undefined ? who : `${who} of ${counted(families, 'family', 'families')}`;
}
