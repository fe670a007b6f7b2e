import { makeVolume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import { diceOverlap } from '../../../sdk/math/images/dice-overlap';
import { brainMask } from '../../../sdk/preprocess/brain-mask';
import type { BrainFigures } from './brain-figures';
import { median, readBrain } from './brain-figures';

/** The mask that brainMask makes of a brain whose skull was stripped, against what was left of it. */
export async function maskFigures(folder: string, ids: readonly string[]): Promise<BrainFigures> {
  const overlaps: number[] = [];
  const beyond: string[] = [];
  let refused = 0;
  for (const id of ids) {
    const brain = await readBrain(folder, id);
    try {
      const { mask = new Uint8Array(0), issues } = await brainMask(makeVolume(brain.data, brain));
      const overlap = diceOverlap(mask, brain.mask ?? mask);
      overlaps.push(overlap);
      const said = issues.map(({ message }) => message).join('; ');
      if (overlap < 0.95 || said !== '') beyond.push(`${id.slice(4)}: Dice ${overlap.toFixed(3)} ${said}`);
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      refused++;
      beyond.push(`${id.slice(4)}: refused: ${error.problem}`);
    }
  }
  return {
    columns: ['median Dice', 'least', 'below 0.95', 'refused'],
    rows: [
      [
        median(overlaps).toFixed(3),
        Math.min(...overlaps).toFixed(3),
        overlaps.filter((overlap) => overlap < 0.95).length,
        refused,
      ],
    ],
    beyond,
  };
}
