import { PNG } from 'pngjs';
import type { Picture } from '../../data/images/picture';
import { escapeHtml } from './html';
import type { Raster } from '../panels/raster';

/** Turns finished pixels into a picture. The same pixels give the same bytes. */
export function encodePicture({ width, height, data }: Raster, alt: string): Picture {
  const image = new PNG({ width, height });
  image.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const png = PNG.sync.write(image, { colorType: 2, inputColorType: 2, inputHasAlpha: false });
  return { kind: 'picture', png: new Uint8Array(png), width, height, alt };
}

/** The picture as an HTML element that holds all its bytes. */
export function pictureHtml(picture: Picture): string {
  const { png, width, height, alt } = picture;
  const bytes = Buffer.from(png).toString('base64');
  return (
    `<img class="concord-picture" src="data:image/png;base64,${bytes}" width="${width}" height="${height}" ` +
    `alt="${escapeHtml(alt)}" style="max-width:100%;height:auto">`
  );
}
