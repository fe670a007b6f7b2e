import type { Command } from 'commander';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '../../data/counted';
import { ConcordError } from '../../errors';
import { requireAbsent } from '../../io/files/write-file';
import { effectsFolder } from '../../maps/map-effects';
import { loadMapsModel, mapsModelFile } from '../../maps/files/maps-model-file';
import { advise } from '../../remedy';
import { progressLine } from '../progress-line';
import type { CommandStreams } from '../streams';
import { drawEffects, pagesOfEffects } from './draw-effects';
import { readSurfaces, surfaceFiles } from './surface-flags';

interface DrawMapsFlags {
  readonly surface: ReadonlyMap<string, string>;
  readonly mapUnit?: string;
  readonly overwrite: boolean;
}

/** Adds `concord maps draw`. */
export function drawMapsCommand(maps: Command, streams: CommandStreams): void {
  const command = maps
    .command('draw')
    .description('draw the maps of effects of an earlier run on surfaces, as pictures and as pages')
    .argument('<folder>', 'the folder of harmonized maps, whose run had --effects')
    .requiredOption(
      '--surface <files>',
      'a surface for each part: lh=lh.inflated,rh=rh.inflated (FreeSurfer or GIFTI)',
      surfaceFiles,
    )
    .option('--map-unit <unit>', 'the unit of the maps, for the bar of colors: mm')
    .option('--overwrite', 'replace figures that are there', false);
  command.action((folder: string, flags: DrawMapsFlags) => run(folder, { flags, command, streams }));
}

async function run(
  folder: string,
  {
    flags,
    command,
    streams,
  }: { readonly flags: DrawMapsFlags; readonly command: Command; readonly streams: CommandStreams },
): Promise<void> {
  const { surface, mapUnit: unit, overwrite } = flags;
  const { model, arrays } = await loadMapsModel(join(folder, mapsModelFile));
  await arrays.close();
  const parts = model.parts.map(({ name }) => name);
  const surfaces = await readSurfaces(surface, parts, command);
  const files = await effectFiles(folder);
  if (!overwrite) for (const page of pagesOfEffects) await requireAbsent(join(folder, effectsFolder, page));
  const { clear, signal } = progressLine(streams);
  const { frame, persons } = model;
  const drawing = {
    ...{ files, parts, unit, overwrite, signal },
    log: frame.settings.transform === 'log',
    issues: [...frame.issues, ...(persons?.issues ?? [])],
    personEffects: persons !== undefined,
  };
  const written = await drawEffects(drawing, surfaces);
  clear();
  streams.out(`written to ${join(folder, effectsFolder)}: ${counted(written.length, 'figure')}\n`);
}

/** The maps of effects, in the order in which a run writes them. */
async function effectFiles(folder: string): Promise<readonly string[]> {
  const place = join(folder, effectsFolder);
  const names = await readdir(place).catch(() => []);
  const maps = names.filter((name) => !/\.(?:png|html)$/.test(name));
  if (maps.length === 0) {
    throw new ConcordError('unreadable-file', `missing maps: ${place} has no maps of effects`, {
      where: { file: place },
      remedy: advise`write them with concord maps harmonize --effects`,
    });
  }
  // F of site before harmonization comes first.
  const rank = (name: string): number => (name.includes('site-f-before') ? 0 : 1);
  return maps
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .map((name) => join(place, name));
}
