import type { ImageCohort } from '../data/cohort';

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
   * The site whose head of the style encoder reads the reference. For a site that the model does not know: the one under
   * which the model gives the reference back best.
   *
   * @defaultValue the reference's own site where the model knows it, else the nearest
   */
  readonly head?: string;
}

/** The style images shall have. */
export type StyleChoice = SiteStyle | ReferenceStyle;
