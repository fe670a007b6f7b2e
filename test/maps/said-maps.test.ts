import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { takeSubjects } from '../../sdk/data/cohort';
import type { Issue } from '../../sdk/data/issue';
import type { JsonValue } from '../../sdk/data/json';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import { openMapsModel, storeMapsModel } from '../../sdk/io/maps/model-folder';
import { loadMapsModel } from '../../sdk/maps/files/maps-model-file';
import { giftiArray, giftiFile } from '../support/surface-bytes';
import { temporaryFolder } from '../support/temporary-folder';
import { mapStudy } from './map-study';

const mixed = (issues: readonly Issue[]): readonly string[] =>
  issues.filter(({ code }) => code === 'mixed-maps').map(({ message }) => message);

describe('what files say of their maps', () => {
  const folder = temporaryFolder();
  /** GIFTI files that say that they are of the left hemisphere. */
  const study = (name: string): ReturnType<typeof mapStudy> =>
    mapStudy(folder.path(name), {
      ending: '.fwhm10.shape.gii',
      write(path, values) {
        const text = giftiFile(giftiArray({ values: Array.from(values) }));
        const note = '<MD><Name>AnatomicalStructurePrimary</Name><Value>CortexLeft</Value></MD>';
        writeFileSync(path, text.replace('<MetaData/>', `<MetaData>${note}</MetaData>`));
      },
    });

  it('is kept with the model, and files of other scans are held against it', async () => {
    const { entries, cohort } = study('in');
    const { covariates } = cohort.participants;
    const out = folder.path('out');
    const done = await harmonizeMaps(entries, { out, covariates, preserve: ['age'] });
    assert.deepEqual(mixed(done.issues), [
      'files of rh have metadata of the left hemisphere (AnatomicalStructurePrimary), such as rh.thickness.fwhm10.shape.gii of "sub-01"',
    ]);
    const { model, arrays } = await loadMapsModel(`${out}/model.json`);
    await arrays.close();
    assert.deepEqual(model.words, [
      { hemisphere: 'left', measure: 'thickness', smoothing: '10 mm', statistic: 'none' },
      { hemisphere: 'right', measure: 'thickness', smoothing: '10 mm', statistic: 'none' },
    ]);
    const one = { ...entries[0], files: { ...entries[0].files } };
    one.files['lh'] = folder.path('lh.area.shape.gii');
    copyFileSync(entries[0].files['lh'], one.files['lh']);
    const own = takeSubjects(cohort, [0]).participants.covariates;
    const applied = await applyToMaps([one], { model: out, out: folder.path('new'), covariates: own });
    assert.deepEqual(
      mixed(applied.issues).map((text) =>
        text.replace(/^(files of \w+ have \w+ of (?:another )?\w+).*/, '$1'),
      ),
      [
        'files of lh have names of another measure',
        'files of lh have names of another smoothing',
        'files of rh have metadata of the',
      ],
    );
  });

  it('is not known of a model of an earlier version, and is refused where it is not words', async () => {
    const { contents, arrays } = await openMapsModel(folder.path('out/model.json'));
    const { words: _words, ...earlier } = contents;
    const path = folder.path('out/other.json');
    await storeMapsModel(path, { contents: earlier, arrays }, { overwrite: true });
    const read = await loadMapsModel(path);
    await read.arrays.close();
    assert.equal(read.model.words, undefined);
    const spoilt: readonly JsonValue[] = [[{ hemisphere: 1 }, {}], [{ color: 'red' }, {}], [{}], 'left'];
    for (const words of spoilt) {
      await storeMapsModel(path, { contents: { ...earlier, words }, arrays }, { overwrite: true });
      await assert.rejects(loadMapsModel(path), { code: 'malformed-model', message: /is not in words/ });
    }
  });
});
