/** A column of UK Biobank: which field it holds, and at which visit (0 recruitment, 2 first imaging, 3 repeated imaging). */
export interface UkBiobankColumn {
  readonly field: number;
  /** `undefined` for fields that are recorded once. */
  readonly visit?: number;
}

/** What a field of UK Biobank is, as far as it matters here. */
export type UkBiobankKind = 'brain' | 'quality' | 'acquisition' | 'head' | 'ratio' | 'other';

/**
 * Reads the name of a column as UK Biobank and the programs around it write it: `25741-2.0`, `f.25741.2.0` and
 * `X25741.2.0` (R), `n_25741_2_0` (Stata), `p25741_i2` and `participant.p25741_i2_a0` (Research Analysis Platform).
 *
 * @returns `undefined` for any other name
 */
export function ukBiobankColumn(name: string): UkBiobankColumn | undefined {
  const found =
    /^(?:[fx]\.?|[nstd]_)?(?<field>\d{2,5})[-._](?<visit>\d)[._]\d{1,3}$/i.exec(name) ??
    /^(?:participant\.)?p(?<field>\d{2,5})(?:_i(?<visit>\d))?(?:_a\d{1,3})?$/.exec(name);
  if (found?.groups === undefined) return undefined;
  const { field, visit } = found.groups;
  return visit === undefined ? { field: Number(field) } : { field: Number(field), visit: Number(visit) };
}

/** Sex, the assessment center of a visit, the age at a visit, and the age at recruitment, which is visit 0. */
export const ukBiobankFields = { sex: 31, center: 54, age: 21003, firstAge: 21022 } as const;

type Range = readonly [first: number, last: number];

/**
 * Fields by kind, first and last of each range, from the schema of the Showcase (fields.txt as in fmrib-unpack 4.0.1,
 * categories 100, 106 to 112, 119, 134, 135, 190 to 198, 507, 1101, 1102). What is listed first counts: 26521 is the
 * intracranial volume among those of FreeSurfer.
 */
const kinds: readonly (readonly [UkBiobankKind, readonly Range[]])[] = [
  [
    'head',
    [
      [25000, 25000],
      [26521, 26521],
    ],
  ],
  ['ratio', [[26536, 26537]]],
  // Motion, outliers, how well images fit each other, noise, holes of surfaces.
  [
    'quality',
    [
      [24419, 24466],
      [25731, 25746],
      [25921, 25922],
      [26568, 26568],
      [26599, 26599],
      [30115, 30117],
    ],
  ],
  // Batches, software, coils, where the head lay in the scanner, echo times, scaling of intensities.
  [
    'acquisition',
    [
      [24410, 24418],
      [25756, 25759],
      [25780, 25780],
      [25923, 25930],
      [26500, 26500],
      [30028, 30028],
      [30118, 30125],
    ],
  ],
  // Perfusion, susceptibility, lesions, volumes, T2*, activation, diffusion, FreeSurfer.
  [
    'brain',
    [
      [24360, 24409],
      [24467, 24486],
      [25001, 25730],
      [25754, 25755],
      [25760, 25768],
      [25781, 25920],
      [26501, 27772],
      [32137, 32152],
    ],
  ],
];

/** What a field is; `other` where it is not known to be measured in brain scans. */
export function ukBiobankKind(field: number): UkBiobankKind {
  const found = kinds.find(([, ranges]) => ranges.some(([first, last]) => first <= field && field <= last));
  return found?.[0] ?? 'other';
}
