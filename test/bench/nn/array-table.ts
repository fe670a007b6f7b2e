import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WeightArray, WeightTable } from '../../../sdk/data/networks/weights';

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  /** In float32 values. */
  readonly offset: number;
}

/** Writes arrays as FOLDER/NAME.json and NAME.bin, for u_net.py. */
export function writeTable(folder: string, name: string, table: WeightTable): void {
  const entries: Entry[] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [key, { shape, data }] of table) {
    entries.push({ name: key, shape, offset });
    offset += data.length;
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  writeFileSync(path.join(folder, `${name}.bin`), Buffer.concat(parts));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(entries));
}

/** Reads arrays that {@link writeTable} or u_net.py wrote. */
export function readTable(folder: string, name: string): WeightTable {
  const bytes = readFileSync(path.join(folder, `${name}.bin`));
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const entries = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Entry[];
  return new Map(
    entries.map(({ name: key, shape, offset }): [string, WeightArray] => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [key, { shape, data: values.slice(offset, offset + size) }];
    }),
  );
}
