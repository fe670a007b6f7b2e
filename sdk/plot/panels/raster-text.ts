import { capHeight, glyphsOf, lineHeight } from './bitmap-font';
import type { Raster, Rgb } from './raster';
import { fillBox } from './raster';

/** How text is drawn into a picture. */
export interface TextStyle {
  readonly color: Rgb;
  /** Pixels of the picture for one of the typeface. */
  readonly scale: number;
  /** A color for the pixels around the letters, so that they stand out from an image. */
  readonly halo?: Rgb;
}

/** The width of a text in pixels. */
export function textWidth(text: string, scale: number): number {
  const glyphs = glyphsOf(text);
  return scale * glyphs.reduce((sum, glyph, i) => sum + glyph.width + (i === 0 ? 0 : 1), 0);
}

/** The height of so many lines of text in pixels. */
export function textHeight(lines: number, scale: number): number {
  return lines === 0 ? 0 : scale * (lineHeight * (lines - 1) + capHeight + 2);
}

/** Draws one line of text; (x, y) is the top left corner of its capitals. */
export function drawText(
  raster: Raster,
  text: string,
  { x, y, color, scale, halo }: TextStyle & { readonly x: number; readonly y: number },
): void {
  if (halo !== undefined) {
    for (const [right, down] of directions) {
      drawText(raster, text, { x: x + right, y: y + down, color: halo, scale });
    }
  }
  let left = x;
  for (const { width, rows } of glyphsOf(text)) {
    rows.forEach((row, down) => {
      for (let right = 0; right < width; right++) {
        if (((row >> (width - 1 - right)) & 1) === 0) continue;
        fillBox(raster, { x: left + scale * right, y: y + scale * down, width: scale, height: scale }, color);
      }
    });
    left += scale * (width + 1);
  }
}

/** The text, its end replaced by an ellipsis where it would be wider than so many pixels. */
export function fitText(text: string, width: number, scale: number): string {
  if (textWidth(text, scale) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, scale) > width) characters.pop();
  return characters.length === 0 ? '' : `${characters.join('')}…`;
}

const directions: readonly (readonly [number, number])[] = [
  ...([
    [-1, -1],
    [0, -1],
    [1, -1],
    [-1, 0],
  ] as const),
  ...([
    [1, 0],
    [-1, 1],
    [0, 1],
    [1, 1],
  ] as const),
];
