import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as concord from '../../sdk/index';
import { readJson, writeWhole } from '../../scripts/study/methods/kept';
import { learned } from '../../scripts/study/methods/learned';
import { contractImages } from '../support/contract-cohorts';
import { temporaryFolder } from '../support/temporary-folder';

describe('a training of the study of methods', () => {
  const folder = temporaryFolder();

  it('that is made longer and stopped leaves no model of the shorter one, which would pass for it', async () => {
    const method = {
      ...concord.methods.all().find(({ name }) => name === 'cvae'),
      command: {
        train: {
          options: {},
          learningRate: 1,
          read: () => ({ fit: () => Promise.reject(new Error('stopped')) }),
        },
      },
    } as unknown as Parameters<typeof learned>[0];
    const training = contractImages({ A: 2 });
    const plan = { minutes: 1, size: 'tiny', steps: 60, secondsPerStep: 1 };
    writeWhole(folder.path('plan.json'), plan);
    folder.write('model', '');
    const longer = { minutes: 2, size: 'tiny' } as const;
    const learning = { training, target: 'A', folder: folder.path('.'), seed: 1, way: {}, budget: longer };
    await assert.rejects(learned(method, learning), /^Error: stopped$/);
    assert.deepEqual(readJson(folder.path('plan.json')), { ...plan, minutes: 2, steps: 120 });
    assert.equal(existsSync(folder.path('model')), false);
  });
});
