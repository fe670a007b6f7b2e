// Makes the pictures of the README from the example table and from digital persons (an installed browser draws the figure):
// npm run pictures
import { resolve } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';

const folder = resolve(__dirname, '../../notebooks/pictures');

/** A region of the example table against age, before and after ComBat. */
async function tables(): Promise<void> {
  const cohort = await concord.loadTable(concord.exampleTable(), {
    covariates: ['age', 'sex'],
    features: '*_thickness',
  });
  const model = await concord.fitCombat(cohort, { preserve: ['age', 'sex'] });
  const after = await concord.applyCombat(model, cohort);
  const figure = concord.plotScatter(cohort, 'age', 'lh_fusiform_thickness', { after, unit: 'mm' });
  const size = { width: 900, height: 400, overwrite: true };
  await concord.writeFigure(figure, resolve(folder, 'example-before-after.png'), size);
}

/** A digital person scanned at GE, harmonized to Siemens, and scanned there. */
async function networks(): Promise<void> {
  const scanners = concord.phantoms
    .scannerPreset('abcd-like')
    .filter(({ site }) => ['GE', 'Siemens'].includes(site));
  const { cohort } = await concord.simulateSlices({
    scanners: scanners.filter(({ sequence }) => sequence.kind !== 'spin-echo'),
    subjects: 1,
    traveling: true,
    slices: 4,
    size: 64,
    pixelSize: 3,
    seed: 79,
  });
  const at = (site: string): ImageCohort => concord.takeSubjects(cohort, (scan) => scan.site === site);
  const murd = await concord.murd.translate(await concord.loadShippedModel('murd'), at('GE'), {
    site: 'Siemens',
  });
  const rows = {
    'scanned at GE': at('GE'),
    'MURD, to Siemens': murd,
    'really scanned there': at('Siemens'),
  };
  const picture = concord.montage(concord.joinImages(rows), { windowing: 'each', contour: false });
  await concord.writePicture(picture, resolve(folder, 'person-at-another-scanner.png'), { overwrite: true });
}

async function main(): Promise<void> {
  await tables();
  await networks();
}

void main();
