import type { Random } from '../../math/random';
import { requireCall } from '../../data/calls/require-call';

/** The sex of a phantom, as in participants tables. */
export type PhantomSex = 'F' | 'M';

/** What is true of one digital person: lengths in mm, volumes in mL. */
export interface PhantomTraits {
  /** In years. */
  readonly age: number;
  readonly sex: PhantomSex;
  /** Size relative to the model brain, which is as large as the MNI152 average. */
  readonly scale: number;
  /**
   * Thickness of the cerebral cortex in mm: the distance from white matter to fluid, in the median. It varies by about
   * a third from place to place, more on the crowns and where folds meet.
   */
  readonly thickness: number;
  /** Width of the sulci inside the brain in mm. */
  readonly sulcalWidth: number;
  /** Volume of all ventricles together in mL. */
  readonly ventricleVolume: number;
  /** T1 of white matter relative to that of the tissue table. */
  readonly whiteMatterT1: number;
  /** T1 of gray matter, cortical and deep, relative to that of the tissue table. */
  readonly grayMatterT1: number;
  /** Standard deviation in mm of the deformation that makes shapes differ. */
  readonly shapeVariation: number;
}

/**
 * The effects of age and sex that phantoms have, on average. Persons differ around them by `phantoms.spread`.
 *
 * - Sex: men's brains are about 10 % larger (Ruigrok et al. 2014, Neurosci. Biobehav. Rev. 39:34: 8–13 %).
 * - Ventricles grow by 2.2 % a year. The segmented volumes of 291 persons of IXI aged 20–86 grow by 2.5 % in a
 *   regression, with a standard deviation around it of 0.40 in the logarithm; here it is 0.25, to make the effect
 *   plain.
 * - The cortex thins by 0.005 mm a year (Fjell et al. 2009, Cereb. Cortex 19:2001, of that order) and sulci widen.
 * - T1 of white matter is least in early middle age and grows towards old age along a parabola (Yeatman, Wandell &
 *   Mezer 2014, Nat. Commun. 5:4932), which dims white matter and its contrast to gray.
 */
export const phantomEffects = {
  /** Volume of a man's brain over that of a woman. */
  maleVolume: 1.1,
  /** Linear size of a woman's brain relative to the model's. */
  femaleScale: 0.93,
  /** Ventricles of a woman aged 20, mL, and their growth per year. */
  ventricleVolumeAt20: 11,
  ventricleGrowthPerYear: 0.022,
  /** Cortical thickness at 20, mm, and its change per year. */
  thicknessAt20: 2.5,
  thicknessPerYear: -0.005,
  /** Width of sulci at 20, mm, and its change per year. */
  sulcalWidthAt20: 0.4,
  sulcalWidthPerYear: 0.012,
  /** Age of least white matter T1, and the relative rise of T1 per squared year from there. */
  whiteMatterPrime: 35,
  whiteMatterT1Rise: 4e-5,
} as const;

/** Standard deviations of persons around their expectation; those of volumes, size and T1 in the logarithm. */
export const phantomSpread = {
  scale: 0.025,
  thickness: 0.08,
  sulcalWidth: 0.08,
  ventricleVolume: 0.25,
  whiteMatterT1: 0.015,
  grayMatterT1: 0.015,
  shape: 4.5,
} as const;

/** What to expect of a person of this age and sex. */
export function expectedTraits(age: number, sex: PhantomSex): PhantomTraits {
  requireCall('phantoms.expectedTraits', { age, sex });
  const effects = phantomEffects;
  const years = age - 20;
  const size = sex === 'M' ? effects.maleVolume : 1;
  return {
    age,
    sex,
    scale: effects.femaleScale * Math.cbrt(size),
    thickness: effects.thicknessAt20 + effects.thicknessPerYear * years,
    sulcalWidth: Math.max(0.3, effects.sulcalWidthAt20 + effects.sulcalWidthPerYear * years),
    ventricleVolume: effects.ventricleVolumeAt20 * size * Math.exp(effects.ventricleGrowthPerYear * years),
    whiteMatterT1: 1 + effects.whiteMatterT1Rise * (age - effects.whiteMatterPrime) ** 2,
    grayMatterT1: 1,
    shapeVariation: phantomSpread.shape,
  };
}

/** Draws one person of this age and sex. Size moves the ventricles along. */
export function drawTraits(age: number, sex: PhantomSex, random: Random): PhantomTraits {
  const mean = expectedTraits(age, sex);
  const deviate = (): number => Math.max(-2.5, Math.min(2.5, random.normal()));
  const size = Math.exp(phantomSpread.scale * deviate());
  return {
    ...mean,
    scale: mean.scale * size,
    thickness: mean.thickness + phantomSpread.thickness * deviate(),
    sulcalWidth: Math.max(0.2, mean.sulcalWidth + phantomSpread.sulcalWidth * deviate()),
    ventricleVolume: mean.ventricleVolume * size ** 3 * Math.exp(phantomSpread.ventricleVolume * deviate()),
    whiteMatterT1: mean.whiteMatterT1 * Math.exp(phantomSpread.whiteMatterT1 * deviate()),
    grayMatterT1: mean.grayMatterT1 * Math.exp(phantomSpread.grayMatterT1 * deviate()),
  };
}
