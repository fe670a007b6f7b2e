import type { Command } from 'commander';
import { applyMapsCommand } from './maps/apply-maps';
import { drawMapsCommand } from './maps/draw-maps';
import { harmonizeMapsCommand } from './maps/harmonize-maps';
import type { CommandStreams } from './streams';

/** Adds `concord maps` and its parts. */
export function mapsCommand(program: Command, streams: CommandStreams): void {
  const maps = program
    .command('maps')
    .description('ComBat of whole surfaces, from files to files: maps of more scans than fit in memory');
  harmonizeMapsCommand(maps, streams);
  applyMapsCommand(maps, streams);
  drawMapsCommand(maps, streams);
}
