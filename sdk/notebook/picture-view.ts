import type { Picture } from '../data/images/picture';
import type { MimeBundle } from './kernel';

/**
 * A picture as one output: PNG and text. All front ends, nbconvert (to HTML and to PDF) and GitHub draw it; an HTML
 * form would double its size and vanish from PDFs.
 */
export function pictureBundle(picture: Picture): MimeBundle {
  return {
    'image/png': Buffer.from(picture.png).toString('base64'),
    'text/plain': pictureText(picture),
  };
}

/** What goes with the output: its alternative text, for those who cannot see it. */
export function pictureMetadata({ alt }: Picture): MimeBundle {
  return { 'image/png': { alt } };
}

/** A picture in words. */
export function pictureText({ alt, width, height }: Picture): string {
  return `[picture] ${alt} (${width} × ${height} pixels)`;
}
