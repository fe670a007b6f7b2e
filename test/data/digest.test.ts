import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { digestOf, digestOfParts, modelDigest } from '../../sdk/data/digest';
import { loadImages } from '../../sdk/io/images/load-images';
import { saveImages } from '../../sdk/io/images/save-images';
import { imageSamples } from '../../sdk/nn/images/image-samples';
import { temporaryFolder } from '../support/temporary-folder';
import { travelingImages } from '../support/traveling-images';

describe('digestOf', () => {
  const folder = temporaryFolder();

  it('is the start of a SHA-256 of JSON with its keys in order', () => {
    const expected = createHash('sha256').update('{"a":[1,{"b":null,"c":2}],"d":"x"}').digest('hex');
    assert.equal(digestOf({ d: 'x', a: [1, { c: 2, b: null }] }), expected.slice(0, 16));
    assert.equal(digestOf([{ b: 1, a: 2 }, 3]), digestOf([{ a: 2, b: 1 }, 3]));
    assert.notEqual(digestOf([1, 23]), digestOf([12, 3]));
    assert.notEqual(digestOf({ a: 1 }), digestOf({ a: 2 }));
    assert.notEqual(digestOf(Float32Array.of(1, 2)), digestOf(Float32Array.of(2, 1)));
  });

  it('of a model is kept for the parts that it was made of, and of no others', () => {
    const model = { weights: Float64Array.of(1, 2), margin: Infinity, name: 'a' };
    const weights = ({ weights: own }: typeof model): unknown => ({ own });
    const names = ({ name }: typeof model): unknown => ({ name });
    const first = modelDigest(model, weights);
    assert.notEqual(modelDigest(model, names), first);
    assert.equal(modelDigest(model, weights), first);
    assert.equal(modelDigest({ ...model }, weights), first);
  });

  it('of parts tells numbers from each other that JSON does not', () => {
    const values = [NaN, Infinity, -Infinity, null];
    assert.equal(new Set(values.map((value) => digestOfParts({ value }))).size, 4);
    const [some, others] = [Float64Array.of(1, 2), Float64Array.of(3)];
    assert.equal(digestOfParts({ some, others }), digestOfParts({ others, some }));
    assert.notEqual(digestOfParts({ some, others }), digestOfParts({ some: others, others: some }));
  });

  it('of samples is the same after images were saved and loaded, so that a training resumes', async () => {
    const images = travelingImages([
      { subject: 'p', site: 'A' },
      { subject: 'p', site: 'B', offset: 1 },
    ]);
    // Records as another way of making them orders their parts.
    const slices = images.images.slices.map((slice) => Object.fromEntries(Object.entries(slice).reverse()));
    const turned = { ...images, images: { ...images.images, slices: slices as never } };
    await saveImages(turned, folder.path('slices'));
    const loaded = await loadImages(folder.path('slices'));
    const before = await imageSamples(turned, {});
    const after = await imageSamples(loaded, {});
    assert.equal(after.digest, before.digest);
    const others = { ...loaded, images: { ...loaded.images, data: loaded.images.data.map((x) => x + 1) } };
    assert.notEqual((await imageSamples(others, {})).digest, before.digest);
  });
});
