import { PNG } from 'pngjs';
import type { Picture } from '../../sdk/data/images/picture';

/** The pixels of a picture, as another program would read them from the file. */
export interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue at a place. */
  at(x: number, y: number): [number, number, number];
}

/** Reads the PNG of a picture. */
export function decoded(picture: Picture): Decoded {
  const { width, height, data } = PNG.sync.read(Buffer.from(picture.png));
  return {
    width,
    height,
    at: (x, y) => {
      const from = 4 * (x + width * y);
      return [data[from], data[from + 1], data[from + 2]];
    },
  };
}
