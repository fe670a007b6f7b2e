/** An option of networks that make images in styles. */
export interface DetailOptions {
  /**
   * The share of what an image loses where it is taken apart and put together again that is given back to it: it is made in
   * the style that it has, too, and what is missing there is added. Small networks and short trainings lose fine detail,
   * which is the person's; but noise and blur of the scan's own scanner are detail too. It takes twice as long.
   *
   * @defaultValue 0
   */
  readonly detail?: number;
}
