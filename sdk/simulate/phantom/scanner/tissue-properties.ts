import { ConcordError } from '../../../errors';
import type { PhantomTissue } from '../tissues';
import { requireCall } from '../../../data/calls/require-call';

/** What a tissue is to a scanner: relaxation times in ms, proton density relative to water. */
export interface TissueProperties {
  readonly t1: number;
  readonly t2: number;
  readonly t2Star: number;
  readonly protonDensity: number;
}

/** T1, T2 and T2* in ms at one field strength. */
type Relaxation = readonly [t1: number, t2: number, t2Star: number];

interface TissueRow {
  readonly protonDensity: number;
  /** At the field strengths of `fields`. */
  readonly relaxation: readonly [Relaxation, Relaxation, Relaxation];
}

/** The field strengths of the table, in tesla. */
const fields = [1.5, 3, 7] as const;

/**
 * Rounded values of living human brain, of the order of these sources. T1 of white and cortical gray matter: Wright et
 * al. 2008 (MAGMA 21:121) and Stanisz et al. 2005 (Magn. Reson. Med. 54:507) at 1.5 T, Wansapura et al. 1999 (J. Magn.
 * Reson. Imaging 9:531) at 3 T, Wright at 7 T; deep gray: Gelman et al. 2001 (Magn. Reson. Med. 45:71) at 3 T, Wright
 * at 7 T; fluid, which does not depend on the field: Rooney et al. 2007 (Magn. Reson. Med. 57:308). T2: Stanisz at 1.5
 * and 3 T, Cox & Gowland 2010 (Magn. Reson. Med. 64:1610) at 7 T. T2*: Peters et al. 2007 (Magn. Reson. Imaging
 * 25:748). Proton densities and scalp: BrainWeb (Collins et al. 1998, IEEE Trans. Med. Imaging 17:463). Bone gives next
 * to no signal at ordinary echo times.
 */
const table: Readonly<Record<PhantomTissue, TissueRow>> = {
  csf: {
    protonDensity: 1,
    relaxation: [
      [4300, 2000, 1000],
      [4300, 1800, 800],
      [4300, 1300, 400],
    ],
  },
  grayMatter: {
    protonDensity: 0.86,
    relaxation: [
      [1124, 95, 84],
      [1331, 99, 66],
      [1939, 55, 33],
    ],
  },
  whiteMatter: {
    protonDensity: 0.77,
    relaxation: [
      [646, 72, 66],
      [832, 69, 53],
      [1126, 46, 27],
    ],
  },
  deepGray: {
    protonDensity: 0.84,
    relaxation: [
      [960, 85, 56],
      [1180, 78, 32],
      [1660, 45, 16],
    ],
  },
  bone: {
    protonDensity: 0.1,
    relaxation: [
      [300, 1, 0.5],
      [300, 1, 0.5],
      [300, 1, 0.5],
    ],
  },
  scalp: {
    protonDensity: 0.95,
    relaxation: [
      [380, 70, 55],
      [420, 65, 45],
      [500, 50, 30],
    ],
  },
};

/**
 * Looks up a tissue at a field strength. Between and beyond the strengths of the table its times follow a power of the
 * field (Bottomley et al. 1984, Med. Phys. 11:425).
 *
 * @param fieldStrength - in tesla, 0.2 to 12
 * @throws ConcordError `invalid-option` when the field strength is out of range.
 */
export function tissueProperties(tissue: PhantomTissue, fieldStrength: number): TissueProperties {
  requireCall('phantoms.tissueProperties', { tissue, fieldStrength });
  if (!(fieldStrength >= 0.2 && fieldStrength <= 12)) {
    throw new ConcordError(
      'invalid-option',
      `invalid fieldStrength: ${fieldStrength} (0.2 to 12 tesla is allowed)`,
    );
  }
  const { protonDensity, relaxation } = table[tissue];
  const from = fieldStrength < fields[1] ? 0 : 1;
  const share = Math.log(fieldStrength / fields[from]) / Math.log(fields[from + 1] / fields[from]);
  const time = (index: 0 | 1 | 2): number =>
    relaxation[from][index] * (relaxation[from + 1][index] / relaxation[from][index]) ** share;
  return { t1: time(0), t2: time(1), t2Star: time(2), protonDensity };
}
