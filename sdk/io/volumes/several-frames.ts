import { basename } from 'node:path';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';

/** The issue of a series of volumes of which none was chosen. */
export function severalFrames(path: string, frames: number): readonly Issue[] {
  if (frames < 2) return [];
  const file = basename(path);
  const message = `${file} has ${frames} frames, such as echoes or time points, and only the first, 0, is read`;
  return [makeIssue('several-frames', message, { file })];
}
