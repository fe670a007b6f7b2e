// How well the brain mask agrees with the reference masks of the shared IXI heads (DLMUSE labels above 0, holes filled).
//     node --import tsx test/bench/brain-mask.bench.ts
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brainMask } from '../../sdk/preprocess/brain-mask';
import { readVolume } from '../../sdk/io/volumes/read-volume';
import { diceOverlap } from '../../sdk/math/images/dice-overlap';
import { fillHoles } from '../../sdk/math/images/morphology';
import { sharedData } from '../support/shared-data';

async function main(): Promise<void> {
  const folder = sharedData('heads');
  if (folder === undefined)
    throw new Error('the shared heads are not here (CONCORD_DATA names their folder)');
  const heads = readdirSync(folder).filter((name) => /^IXI.*_T1_2mm\.nii\.gz$/.test(name));
  const found: number[] = [];
  for (const name of heads) {
    const volume = await readVolume(join(folder, name));
    const labels = await readVolume(join(folder, name.replace('.nii.gz', '_DLMUSE.nii.gz')));
    const reference = fillHoles(
      Uint8Array.from(labels.data, (label) => (label > 0 ? 1 : 0)),
      labels.shape,
    );
    const started = performance.now();
    const { mask = new Uint8Array(0) } = await brainMask(volume);
    const seconds = (performance.now() - started) / 1000;
    const dice = diceOverlap(mask, reference);
    found.push(dice);
    const litres = (of: Uint8Array): string =>
      (of.reduce((sum, inside) => sum + inside, 0) * 8e-6).toFixed(2);
    console.log(
      `${name.slice(0, 12)}  Dice ${dice.toFixed(3)}  ${litres(mask)} L against ${litres(reference)} L  ${seconds.toFixed(1)} s`,
    );
  }
  const mean = found.reduce((sum, dice) => sum + dice, 0) / found.length;
  console.log(`mean ${mean.toFixed(3)}, worst ${Math.min(...found).toFixed(3)}`);
}

void main();
