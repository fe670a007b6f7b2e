import { applyMask } from './apply-mask';
import type { VolumeStep } from './preprocess';
import type { SliceGrid } from './resample-in-plane';
import { resampleInPlane } from './resample-in-plane';

/** The steps after which a scan's slices are as `throughSlices` cuts them: of one pixel size, and 0 outside the brain. */
export function brainSteps(grid: SliceGrid): readonly VolumeStep[] {
  return [
    { name: 'resampleInPlane', options: { ...grid }, run: (volume) => resampleInPlane(volume, grid) },
    { name: 'applyMask', options: {}, run: (volume) => applyMask(volume) },
  ];
}
