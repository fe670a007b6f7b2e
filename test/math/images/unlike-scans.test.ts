import assert from 'node:assert/strict';
import { makeVolumeCohort } from '../../../sdk/data/cohort';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { compareScanMarks } from '../../../sdk/math/images/unlike-scans';
import { makeRandom } from '../../../sdk/math/random';

const size = 24;

/** A ball that gets darker from its middle to its rim, with noise, and its intensities changed. */
function ball(seed: number, change: (value: number) => number = (value) => value): Volume {
  const random = makeRandom(seed);
  const data = new Float32Array(size ** 3);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
    const radius = Math.hypot(...at.map((position) => position - (size - 1) / 2));
    mask[i] = radius < 10 ? 1 : 0;
    data[i] = radius < 10 ? change(900 - 60 * radius + 100 * random.normal()) : 0;
  }
  return makeVolume(data, { shape: [size, size, size], affine: makeAffine([5, 5, 5]) }, { mask });
}

function messages(volumes: readonly Volume[], suffix = 'T1w'): readonly string[] {
  const ids = volumes.map((_, row) => `s${row}`);
  const scans = volumes.map((volume, row) => ({
    ...{ id: ids[row], subject: ids[row], suffix },
    open: () => Promise.resolve(volume),
  }));
  const sites = ids.map((_, row) => (row < 4 ? 'A' : 'B'));
  const comparison = compareScanMarks(makeVolumeCohort(makeParticipants(ids, sites), scans));
  volumes.forEach((volume, row) => comparison.look(volume, row));
  return comparison.issues().map(({ code, message }) => `${code}: ${message}`);
}

const z = (value: number): number => (value - 500) / 150;
const good = (): Volume[] => Array.from({ length: 8 }, (_, row) => ball(row + 1));

describe('scans unlike the others', () => {
  it('are none among good ones, on whatever scales their sites are, nor where all are normalized', () => {
    const scaled = good().map((_, row) => ball(row + 1, (value) => (row < 4 ? value : 0.001 * value + 2)));
    assert.deepEqual(messages(scaled), []);
    assert.deepEqual(messages(good().map((_, row) => ball(row + 1, z))), []);
  });

  it('are those with the voxels of another', () => {
    const volumes = good();
    volumes[6] = volumes[1];
    const [first, ...more] = messages(volumes);
    assert.equal(
      first,
      'same-values: 2 scans have the values of another in every voxel: "s1" = "s6"; each counts as a person of its own',
    );
    assert.deepEqual(more, []);
  });

  it('are inverted ones, and a whole site that is', () => {
    const one = good();
    one[2] = ball(3, (value) => -value);
    assert.match(messages(one).join(), /^other-contrast: 1 of 8 T1w scans is of another contrast .*: "s2"/);
    const site = good().map((volume, row) => (row < 4 ? volume : ball(row + 1, (value) => 2000 - value)));
    assert.match(messages(site).join(), /^other-contrast: 4 of 8 T1w scans are .*: all scans of "B"/);
  });

  it('are scans or sites that were normalized before', () => {
    const one = good();
    one[2] = ball(3, z);
    assert.match(messages(one).join(), /^normalized-before: 1 of 8 T1w scans is negative .*: "s2"/);
    const site = good().map((volume, row) => (row < 4 ? volume : ball(row + 1, z)));
    assert.match(messages(site).join(), /^normalized-before: 4 of 8 .*: all scans of "B"/);
  });

  it('are maps of labels', () => {
    const one = good();
    one[2] = ball(3, (value) => (value > 450 ? 3 : value > 0 ? 3 : 1));
    assert.match(messages(one).join(), /^label-map: 1 of 8 T1w scans is like a mask .*: "s2"/);
  });
});
