/** A finished raster image: what `montage` and its relatives draw, notebooks show, reports embed and files hold. */
export interface Picture {
  readonly kind: 'picture';
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** What it shows, in words: for those who cannot see it, and for text outputs. */
  readonly alt: string;
}
