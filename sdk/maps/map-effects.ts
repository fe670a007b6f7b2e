import { extname, join } from 'node:path';
import { breathe } from '../data/run-options';
import type { CombatModel } from '../combat/combat-model';
import { writeMapLike } from '../io/maps/map-file';
import { makeFolder } from '../io/files/make-folder';
import type { FeatureBlock } from '../combat/means/mean-model';
import type { BeforeAndAfter } from './corrected-block';
import type { BlockCorrection } from './maps-model';
import { takeApart } from './map-layout';
import type { MapsRun } from './maps-run';

/** The folder of the maps of effects. */
export const effectsFolder = 'effects';

/**
 * Writes what was done as maps, in the formats of the first scan's: `shift` and `factor` of each site (what was taken off, in
 * the unit of the maps or of their logarithm, and how many times wider the site is), and F of site before and after. They are 0,
 * 1 and NaN where nothing was done.
 *
 * @returns the files
 */
export async function writeEffects(
  run: MapsRun,
  {
    blocks,
    frame,
    corrected,
    f,
    out,
  }: {
    readonly blocks: readonly BlockCorrection[];
    readonly frame: CombatModel;
    readonly corrected: (at: number, block: BlockCorrection) => Promise<BeforeAndAfter>;
    readonly f: (block: FeatureBlock) => Float64Array;
    readonly out: string;
  },
): Promise<readonly string[]> {
  const { layout, scans } = run;
  const folder = join(out, effectsFolder);
  await makeFolder(folder);
  const written: string[] = [];
  const write = async (name: string, values: Float32Array): Promise<void> => {
    for (const [k, part] of takeApart(values, layout.parts).entries()) {
      const [like] = scans.map(({ from }) => from[k]);
      const path = join(folder, `${layout.parts[k].name}.${name}${ending(like)}`);
      await writeMapLike(part, path, { like, overwrite: true });
      written.push(path);
    }
  };
  const before = new Float32Array(layout.vertices).fill(NaN);
  const after = new Float32Array(layout.vertices).fill(NaN);
  for (const [at, block] of blocks.entries()) {
    await breathe(run.run.signal);
    const values = await corrected(at, block);
    const { first, width } = block;
    const asBlock = (data: Float64Array): FeatureBlock => ({ data, stride: width, offset: 0, width, first });
    before.set(f(asBlock(values.before)), first);
    after.set(f(asBlock(values.after)), first);
    run.worked((scans.length * width) / layout.vertices);
  }
  await write('site-f-before', before);
  await write('site-f-after', after);
  const names = fileNames(frame.sites.map(({ name }) => name));
  for (const [site, name] of names.entries()) {
    const shift = new Float32Array(layout.vertices);
    const factor = new Float32Array(layout.vertices).fill(1);
    for (const { first, harmonized, sites } of blocks) {
      const own = sites[site];
      if (own === undefined) continue;
      harmonized.forEach((done, w) => {
        if (done === 0) return;
        shift[first + w] = own.shift[w];
        factor[first + w] = 1 / own.factor[w];
      });
    }
    await write(`${name}-shift`, shift);
    await write(`${name}-factor`, factor);
  }
  return written;
}

/** The last ending of a map's name, with that of packed files; none for FreeSurfer's curvature format. */
function ending(path: string): string {
  const known = /\.(?:mg[hz]|gii|npy|parquet)(?:\.gz)?$/i.exec(path);
  return known === null ? '' : path.slice(known.index) || extname(path);
}

/** The names of sites as parts of files' names: those that become the same are numbered. */
function fileNames(sites: readonly string[]): readonly string[] {
  const plain = sites.map((site) => site.replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-'));
  const folded = plain.map((name) => name.toLowerCase());
  return plain.map((name, at) =>
    folded.filter((one) => one === folded[at]).length === 1 ? name : `${name}-${at + 1}`,
  );
}
