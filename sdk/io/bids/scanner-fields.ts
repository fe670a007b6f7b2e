import type { Scanner } from '../../data/images/scan';
import type { Metadata } from './read-metadata';

/** The fields of JSON sidecars that describe a scanner, by Concord's names. BIDS has seconds, tesla and degrees too. */
const fields = {
  manufacturer: 'Manufacturer',
  model: 'ManufacturersModelName',
  station: 'StationName',
  fieldStrength: 'MagneticFieldStrength',
  repetitionTime: 'RepetitionTime',
  echoTime: 'EchoTime',
  inversionTime: 'InversionTime',
  flipAngle: 'FlipAngle',
} as const satisfies Record<keyof Scanner, string>;

/** The fields that name a machine. */
export const machineFields: readonly string[] = [fields.manufacturer, fields.model, fields.station];

/** What metadata say about the scanner; `undefined` when it is nothing. */
export function scannerOf(metadata: Metadata): Scanner | undefined {
  const text = (field: string): string | undefined => textField(metadata, field);
  const number = (field: string): number | undefined => {
    const value = metadata[field];
    const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
  };
  const scanner: Scanner = {
    manufacturer: text(fields.manufacturer),
    model: text(fields.model),
    station: text(fields.station),
    fieldStrength: number(fields.fieldStrength),
    repetitionTime: number(fields.repetitionTime),
    echoTime: number(fields.echoTime),
    inversionTime: number(fields.inversionTime),
    flipAngle: number(fields.flipAngle),
  };
  const known = Object.entries(scanner).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** The fields of a sidecar that describe this scanner. */
export function scannerFields(scanner: Scanner = {}): Readonly<Record<string, string | number>> {
  const known = Object.entries(fields).flatMap(([key, field]) => {
    const value = scanner[key as keyof Scanner];
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(known);
}

/** A field of metadata as text without blanks around it; `undefined` where it has none. */
export function textField(metadata: Metadata, field: string): string | undefined {
  const value = metadata[field];
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' || text.toLowerCase() === 'n/a' ? undefined : text;
}
