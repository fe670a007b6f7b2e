/** An option of networks that make images again. */
export interface GuidedOptions {
  /**
   * Has what was made guided by the scan: around each pixel, in a neighborhood of this full width at half maximum in mm, it is
   * brought to a · scan + b. So the scan's own edges stay where they are, whatever contrast they get, what small networks and
   * short trainings blur comes back, and what the scan does not show is left out. 8 mm serves well;
   * above 0 and at most 100 mm, and below half a pixel it does nothing, with an issue of code `narrow-guide`.
   *
   * @defaultValue not at all
   */
  readonly guided?: number;
}
