import type { ImageCohort } from '../../data/cohort';
import { suffixesOf } from '../../data/cohort';
import { ConcordError } from '../../errors';

/** A style by the name of a site that the model knows. */
export interface SiteStyle {
  /** The site whose scanner the images shall look like. */
  readonly site: string;
  /** Draws one of the styles that the site can have. @defaultValue the one in their middle */
  readonly styleSeed?: number;
}

/** A style by example. */
export interface ReferenceStyle {
  /** A scan, or several whose styles are averaged. */
  readonly reference: ImageCohort;
  /**
   * The site whose head of the style encoder reads the reference.
   *
   * @defaultValue the reference's own site where the model knows it, else the one under which the model gives the
   * reference back best
   */
  readonly head?: string;
}

/** The style images shall have. */
export type StyleChoice = SiteStyle | ReferenceStyle;

/**
 * Checks that one style is asked for.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireChoice(choice: StyleChoice): void {
  if ('site' in choice !== 'reference' in choice) return;
  throw new ConcordError('invalid-option', 'invalid style: one of site and reference is needed, not both');
}

/**
 * Checks that there is something to see in a reference, and that it is of the contrast of what is to be translated.
 *
 * @throws ConcordError `too-little-data`, `invalid-option`.
 */
export function requireReference(reference: ImageCohort, suffix: string): void {
  if (reference.images.shape[0] === 0) {
    throw new ConcordError(
      'too-little-data',
      'the reference is empty (at least one image is needed to read a style)',
    );
  }
  const other = suffixesOf(reference).find((found) => suffix !== '' && found !== suffix);
  if (other === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `invalid reference: it holds ${other} scans, the images to be translated are ${suffix} (give a reference of their contrast)`,
  );
}
