import { capHeight, lineHeight } from './bitmap-font';
import type { Raster, Rgb } from './raster';
import { drawText, fitText, textWidth } from './raster-text';

/** The colors of sheets: what is behind, what is written to be read first, and what is written beside it. */
export const ground: Rgb = [0, 0, 0];
export const bright: Rgb = [236, 236, 236];
export const dim: Rgb = [176, 176, 176];

/** The room that a caption takes below a panel. */
export const captionHeight: number = 2 * (capHeight + 2) + 4;

/** Centered below a panel, smaller where the panel is narrow. */
export function drawCaption(
  sheet: Raster,
  caption: string,
  place: { readonly x: number; readonly y: number; readonly width: number },
): void {
  const scale = textWidth(caption, 2) <= place.width ? 2 : 1;
  const text = fitText(caption, place.width, scale);
  const x = place.x + Math.max(0, Math.floor((place.width - textWidth(text, scale)) / 2));
  drawText(sheet, text, { x, y: place.y, color: dim, scale });
}

/** Lines of text below each other, from their left upper corner. */
export function drawLines(
  sheet: Raster,
  lines: readonly string[],
  [x, y]: readonly [number, number],
  color: Rgb,
): void {
  lines.forEach((line, i) => drawText(sheet, line, { x, y: y + 2 * lineHeight * i, color, scale: 2 }));
}

/** Breaks a text between words into lines of at most so many pixels. */
export function wrapText(text: string, width: number, scale: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && textWidth(longer, scale) <= width) lines[lines.length - 1] = longer;
    else lines.push(fitText(word, width, scale));
  }
  return lines;
}
