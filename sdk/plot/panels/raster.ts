/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Pixels under construction: three bytes each, row by row from the top left. Drawing changes them in place. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A place and a size in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Reads `#rrggbb`. */
export function rgb(hex: string): Rgb {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
}

/** Makes a raster of one color. */
export function makeRaster(width: number, height: number, color: Rgb): Raster {
  const raster = { width, height, data: new Uint8Array(3 * width * height) };
  fillBox(raster, { x: 0, y: 0, width, height }, color);
  return raster;
}

/** Sets one pixel; what is outside the raster is left out. */
export function setPixel(raster: Raster, x: number, y: number, color: Rgb): void {
  if (x < 0 || y < 0 || x >= raster.width || y >= raster.height) return;
  raster.data.set(color, 3 * (x + raster.width * y));
}

/** Fills a box; what is outside the raster is left out. */
export function fillBox(raster: Raster, box: Box, color: Rgb): void {
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) setPixel(raster, x, y, color);
  }
}

/** Copies `tile` into `raster` with its top left corner at (x, y). It must fit. */
export function paste(raster: Raster, tile: Raster, [x, y]: readonly [number, number]): void {
  for (let row = 0; row < tile.height; row++) {
    const line = tile.data.subarray(3 * tile.width * row, 3 * tile.width * (row + 1));
    raster.data.set(line, 3 * (x + raster.width * (y + row)));
  }
}
