import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

/** The most colors of a palette. */
const mostColors = 256;

/** What a PNG with a palette has in byte 25 of its head. */
const paletted = 3;

/** Some colors of a picture, each as red, green, blue, opacity and in how many pixels it is. */
type Box = readonly (readonly number[])[];

/**
 * A PNG with a palette in place of four channels, a third to a half of its size: drawings have few colors, most of them
 * between a letter and its ground. Up to 256 colors are exact; of more, those near each other become one (median cut, Heckbert
 * 1982). pngjs writes no palettes; sharp does, and is 30 MB of native code; upng-js does, and was last changed in 2018.
 *
 * @param shrink - how many pixels of a row, and of a column, become one
 */
export function palettePng(png: Buffer, shrink = 1): Buffer {
  if (png[25] === paletted) return png;
  const { width, height, data } = shrunk(PNG.sync.read(png), shrink);
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const color = data.readUInt32BE(at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const colors = [...counts].map(([color, count]) => [...channels(color), count]);
  const boxes = medianCut(colors);
  const places = new Map<number, number>();
  for (const [at, box] of boxes.entries()) {
    for (const [r, g, b, a] of box) places.set(((r << 24) | (g << 16) | (b << 8) | a) >>> 0, at);
  }
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0, from = 0; y < height; y++) {
    // Each row begins with its filter: none.
    for (let x = 0; x < width; x++, from += 4) {
      rows[y * (width + 1) + 1 + x] = places.get(data.readUInt32BE(from)) ?? 0;
    }
  }
  return encoded({ width, height, palette: boxes.map(meanOf), rows });
}

/** What is used of a decoded picture: red, green, blue and opacity of each pixel. */
type Pixels = Pick<PNG, 'width' | 'height' | 'data'>;

/** A picture of means over squares of pixels; what does not fill a square at its right and lower edge is left out. */
function shrunk(image: Pixels, by: number): Pixels {
  if (by === 1) return image;
  const [width, height] = [Math.floor(image.width / by), Math.floor(image.height / by)];
  const data = Buffer.alloc(4 * width * height);
  for (let at = 0; at < data.length; at++) {
    const [channel, x, y] = [at % 4, Math.floor(at / 4) % width, Math.floor(at / 4 / width)];
    let sum = 0;
    for (let k = 0; k < by * by; k++) {
      const [across, down] = [x * by + (k % by), y * by + Math.floor(k / by)];
      sum += image.data[4 * (down * image.width + across) + channel];
    }
    data[at] = Math.round(sum / (by * by));
  }
  return { width, height, data };
}

function channels(color: number): readonly number[] {
  return [24, 16, 8, 0].map((shift) => (color >>> shift) & 255);
}

/** Boxes of colors, the one that is widest and most used being cut at its median until there are enough. */
function medianCut(colors: Box): readonly Box[] {
  const boxes = [{ box: colors, ...widest(colors) }];
  while (boxes.length < Math.min(mostColors, colors.length)) {
    boxes.sort((a, b) => b.weight - a.weight);
    const { box, channel } = boxes[0];
    const sorted = [...box].sort((a, b) => a[channel] - b[channel]);
    const half = sorted.reduce((sum, color) => sum + color[4], 0) / 2;
    let at = 1;
    for (let sum = sorted[0][4]; sum < half && at < sorted.length - 1; at++) sum += sorted[at][4];
    const parts = [sorted.slice(0, at), sorted.slice(at)];
    boxes.splice(0, 1, ...parts.map((part) => ({ box: part, ...widest(part) })));
  }
  return boxes.map(({ box }) => box);
}

/** The channel in which the colors differ most, and how much is gained by cutting there. */
function widest(box: Box): { readonly channel: number; readonly weight: number } {
  const ranges = [0, 1, 2, 3].map((channel) => {
    const values = box.map((color) => color[channel]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  });
  const range = Math.max(...ranges);
  const pixels = box.reduce((sum, color) => sum + color[4], 0);
  // Not by pixels alone: the ground would take all cuts.
  return { channel: ranges.indexOf(range), weight: range * range * Math.sqrt(pixels) };
}

function meanOf(box: Box): readonly number[] {
  const pixels = box.reduce((sum, color) => sum + color[4], 0);
  return [0, 1, 2, 3].map((channel) =>
    Math.round(box.reduce((sum, color) => sum + color[channel] * color[4], 0) / pixels),
  );
}

interface Indexed {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly (readonly number[])[];
  readonly rows: Buffer;
}

function encoded({ width, height, palette, rows }: Indexed): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits for each pixel, which are places in the palette.
  head.set([8, paletted, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(([r, g, b]) => [r, g, b]))),
    chunk('tRNS', Buffer.from(palette.map(([, , , opacity]) => opacity))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
