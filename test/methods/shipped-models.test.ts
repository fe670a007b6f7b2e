import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as concord from '../../sdk/index';
import { allMethods } from '../../sdk/methods/methods';
import { storedDigest } from '../../sdk/methods/model-digest';
import type { TrainedNetwork } from '../../sdk/methods/network-card';
import { shippedFolder, shippedModels } from '../../sdk/methods/shipped-models';
import { temporaryFolder } from '../support/temporary-folder';

const fixtures = join(__dirname, '../../fixtures');

describe('the models that ship', () => {
  const { folders, version } = shippedModels();

  it('are those of fixtures/ in a checkout, and are not there twice', () => {
    assert.equal(version, concord.version);
    const stored = readdirSync(fixtures).filter((name) => name.endsWith('-small'));
    assert.deepEqual(
      Object.values(folders)
        .map((folder) => basename(folder))
        .sort(),
      stored,
    );
    for (const folder of Object.values(folders)) assert.equal(join(fixtures, basename(folder)), folder);
  });

  for (const [name, folder] of Object.entries(folders)) {
    it(`${name} loads by its name, is small, and has a card and a license`, async () => {
      const method = allMethods().find((one) => one.name === name);
      assert.ok(method !== undefined && !method.quick);
      const model = await concord.loadAnyModel(folder);
      assert.equal(model.kind, name);
      const again = await concord.loadShippedModel(name as 'murd');
      assert.equal(storedDigest(method.model, again), storedDigest(method.model, model));
      const files = readdirSync(folder).sort();
      assert.deepEqual(files, ['LICENSE', 'README.md', 'model.json', 'weights.safetensors']);
      const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
      assert.ok(bytes < 8 * 2 ** 20, `${bytes} bytes`);
      const { training, learned } = model as concord.AnyModel & TrainedNetwork;
      const card = readFileSync(join(folder, 'README.md'), 'utf8');
      // What the card says of the training is what the model says.
      const steps = [String(training.steps), training.steps.toLocaleString('en-US')];
      assert.ok(
        steps.some((written) => new RegExp(`\\b${written}\\b`).test(card)),
        steps[0],
      );
      assert.match(card, new RegExp(`seed ${training.seed}\\b`));
      assert.match(card, /^\| license +\| Apache-2\.0/m);
      const people = (learned?.people.digital ?? 0).toLocaleString('en-US');
      assert.ok(card.includes(people) && learned?.people.real === 0, people);
      assert.match(readFileSync(join(folder, 'LICENSE'), 'utf8'), /Apache License, Version 2\.0/);
    });
  }

  it('are refused by names that they do not have, with those that they have', async () => {
    await assert.rejects(concord.loadShippedModel('mur' as 'murd'), {
      code: 'invalid-option',
      message: /no model of "mur" ships \(did you mean "murd"\? concord-mri-models \S+ has ddae, murd/,
    });
    await assert.rejects(concord.loadShippedModel('combat'), /no model of "combat" ships/);
    // What every object has by birth is no model.
    assert.throws(() => shippedFolder('constructor'), /no model of "constructor"/);
  });

  describe('where their package is not', () => {
    const folder = temporaryFolder();
    it('are missed by name, with the command that installs them', () => {
      assert.throws(() => shippedModels([folder.path('')]), {
        code: 'missing-package',
        message: /^missing package: concord-mri-models.*\(npm install concord-mri-models\)$/,
      });
    });
  });
});
