import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { methodsWithModels } from '../../sdk/cli/methods/shipped-for-compare';
import * as concord from '../../sdk/index';
import { allMethods, methodNamed } from '../../sdk/methods/methods';
import { storedDigest } from '../../sdk/methods/model-digest';
import type { TrainedNetwork } from '../../sdk/methods/network-card';
import { shippedFolder, shippedModels } from '../../sdk/methods/shipped-models';
import { temporaryFolder } from '../support/temporary-folder';

const fixtures = join(__dirname, '../../fixtures');

describe('the models that ship', () => {
  const { folders, methods, version } = shippedModels();
  const apache = { card: /^\| license +\| Apache-2\.0/m, text: /Apache License, Version 2\.0/ };
  const shareAlike = {
    card: /^\| license +\| CC BY-SA 3\.0/m,
    text: /creativecommons\.org\/licenses\/by-sa\/3\.0/,
  };
  /** How many real persons those learned from that learned from any: their license is that of the pictures. */
  const real: Readonly<Record<string, number>> = { 'ddae-brains': 219 };

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
      const method = allMethods().find((one) => one.name === methods[name]);
      assert.ok(method !== undefined && !method.quick);
      const model = await concord.loadAnyModel(folder);
      assert.equal(model.kind, methods[name]);
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
      const license = name in real ? shareAlike : apache;
      assert.match(card, license.card);
      assert.match(readFileSync(join(folder, 'LICENSE'), 'utf8'), license.text);
      const { people } = learned ?? {};
      assert.deepEqual([people?.real, people?.digital === 0], [real[name] ?? 0, name in real]);
      const persons = Math.max(people?.real ?? 0, people?.digital ?? 0).toLocaleString('en-US');
      assert.ok(card.includes(persons), persons);
      // Where it was trained is nobody's business.
      assert.doesNotMatch(
        readFileSync(join(folder, 'model.json'), 'utf8'),
        /"[^"]*(\/|\\\\)(home|root|tmp|work|Users)\b/,
      );
    });
  }

  it('of real brains knows its sites, and has the license and the names of who made the pictures', async () => {
    const model: concord.DdaeModel = await concord.loadShippedModel('ddae-brains');
    assert.deepEqual(model.sites, ['HH', 'NSK', 'UCLA']);
    const text = readFileSync(join(folders['ddae-brains'], 'LICENSE'), 'utf8');
    for (const named of ['IXI', 'ds002748', 'ds000011']) assert.ok(text.includes(named), named);
    const { license } = JSON.parse(readFileSync(join(fixtures, '../models/package.json'), 'utf8')) as {
      license: string;
    };
    assert.equal(license, 'Apache-2.0 AND CC-BY-SA-3.0');
  });

  it('is, of several for a method, the one that knows the sites where a comparison takes one', async () => {
    const chosen = async (...sites: string[]): Promise<unknown> => {
      const found = await methodsWithModels([methodNamed('ddae')], { model: {}, train: false }, sites);
      return [found.sources.get('ddae')?.split(' ')[0], found.heldOut];
    };
    // Whose brains it learned from may be in the data.
    assert.deepEqual(await chosen('HH', 'NSK'), ['ddae-brains-small', []]);
    assert.deepEqual(await chosen('UCLA', 'average'), ['ddae-brains-small', []]);
    assert.deepEqual(await chosen('siteA', 'siteB'), ['ddae-small', ['ddae']]);
    assert.deepEqual(await chosen('HH', 'siteA'), ['ddae-small', ['ddae']]);
  });

  it('are refused by names that they do not have, with those that they have', async () => {
    await assert.rejects(concord.loadShippedModel('mur' as 'murd'), {
      code: 'invalid-option',
      message: /no model of "mur" ships \(did you mean "murd"\? concord-mri-models \S+ has ddae, murd/,
    });
    await assert.rejects(concord.loadShippedModel('ddae-brain' as 'ddae'), /did you mean "ddae-brains"/);
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
