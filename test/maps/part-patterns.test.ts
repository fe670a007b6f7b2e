import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeRandom } from '../../sdk/math/random';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import type { HarmonizeMapsOptions, MapsEntry } from '../../sdk/maps/maps-options';
import { temporaryFolder } from '../support/temporary-folder';
import { npyBytes } from './map-study';

const vertices = 400;

/** Two parts, with what varies over the first, and by how much the second is otherwise. */
function maps(
  scan: number,
  { noise = 0.5, asymmetry = 1 }: { readonly noise?: number; readonly asymmetry?: number } = {},
): [Float64Array, Float64Array] {
  const random = makeRandom(100 + scan);
  const part = (of: (vertex: number) => number): Float64Array =>
    Float64Array.from({ length: vertices }, (_, vertex) =>
      // The wall.
      vertex % 10 === 3 ? (scan % 2 === 0 ? 0 : NaN) : 6 + of(vertex) + noise * random.normal(),
    );
  const left = (vertex: number): number => Math.sin(vertex / 7);
  return [part(left), part((vertex) => left(vertex) + asymmetry * Math.cos(vertex / 11))];
}

describe('patterns of maps', () => {
  const folder = temporaryFolder();
  let made = 0;
  /** Twelve scans of two sites, with what is changed in the maps of some. */
  const study = (
    change: Readonly<Record<number, (own: [Float64Array, Float64Array]) => [Float64Array, Float64Array]>>,
    of: Parameters<typeof maps>[1] = {},
  ): readonly MapsEntry[] => {
    const place = folder.path(`study-${made++}`);
    mkdirSync(place);
    return Array.from({ length: 12 }, (_, scan) => {
      const changed = (change[scan] ?? ((own) => own))(maps(scan, of));
      const files = ['lh', 'rh'].map((name, k) => {
        const path = `${place}/${scan}.${name}.npy`;
        writeFileSync(path, npyBytes(changed[k]));
        return [name, path] as const;
      });
      return { id: `s${scan}`, site: 'AB'[scan % 2], files: Object.fromEntries(files) };
    });
  };
  const said = (issues: readonly { readonly code: string; readonly message: string }[]): readonly string[] =>
    issues
      .filter(({ code }) => code === 'exchanged-parts' || code === 'unlike-maps')
      .map(
        ({ code, message }) =>
          `${code}: ${/of (lh|rh)/.exec(message)?.[1]} ${/: ("[^(]*) \(/.exec(message)?.[1]}`,
      );
  const fitted = async (
    entries: readonly MapsEntry[],
    options: Partial<HarmonizeMapsOptions> = {},
  ): Promise<readonly string[]> =>
    said((await harmonizeMaps(entries, { out: folder.path(`out-${made++}`), ...options })).issues);

  const exchanged = ([lh, rh]: [Float64Array, Float64Array]): [Float64Array, Float64Array] => [rh, lh];
  const reordered = ([lh, rh]: [Float64Array, Float64Array]): [Float64Array, Float64Array] => [
    lh.map((_, vertex) => lh[(vertex * 171) % vertices]),
    rh,
  ];

  it('name scans whose parts are exchanged, and maps with their vertices in another order', async () => {
    assert.deepEqual(await fitted(study({})), []);
    const faulty = study({ 4: exchanged, 7: reordered });
    const expected = ['exchanged-parts: lh "s4"', 'unlike-maps: lh "s7"'];
    assert.deepEqual(await fitted(faulty), expected);
    assert.deepEqual(await fitted(faulty, { transform: 'log' }), expected);
    // A few vertices and scans at a time, and stopped when some are written.
    const out = folder.path('stopped');
    const stop = new AbortController();
    const options = { memory: 0.02, out };
    await assert.rejects(
      harmonizeMaps(faulty, {
        ...options,
        signal: stop.signal,
        onProgress: ({ done, total }) => {
          if (done > 0.9 * total) stop.abort();
        },
      }),
      { code: 'aborted' },
    );
    assert.deepEqual(await fitted(faulty, { ...options, resume: true }), expected);
  });

  it('are those of the model for scans that it is applied to, as few as one', async () => {
    const model = folder.path('model');
    await fitted(study({}), { out: model });
    const faulty = study({ 4: exchanged, 7: reordered });
    const applied = async (scans: readonly MapsEntry[]): Promise<readonly string[]> =>
      said((await applyToMaps(scans, { model, out: folder.path(`out-${made++}`) })).issues);
    assert.deepEqual(await applied([faulty[4]]), ['exchanged-parts: lh "s4"']);
    assert.deepEqual(await applied([faulty[7], faulty[5]]), ['unlike-maps: lh "s7"']);
  });

  it('name a site whose maps are all of another order or measure, which has its share in the mean map', async () => {
    const atB = (change: typeof reordered): Parameters<typeof study>[0] =>
      Object.fromEntries([1, 3, 5, 7, 9, 11].map((scan) => [scan, change]));
    const found = async (entries: readonly MapsEntry[]): Promise<readonly string[]> =>
      (await harmonizeMaps(entries, { out: folder.path(`out-${made++}`) })).issues
        .filter(({ code }) => code === 'unlike-maps')
        .map(({ message }) => message.replace(/ -?0\.\d\d\)$/, ' …)'));
    assert.deepEqual(await found(study(atB(reordered))), [
      'the mean map of lh at "B" has no likeness to that at "A" (correlation over vertices …)',
    ]);
    // Of the two scans that are left at B, most of a mean map is noise.
    const few = study(atB(reordered), { noise: 2 }).filter((_, scan) => scan % 2 === 0 || scan < 4);
    assert.deepEqual(await found(few), []);
  });

  it('do not name good maps beside a site in another unit, which makes the mean map', async () => {
    const thousandfold = (own: [Float64Array, Float64Array]): [Float64Array, Float64Array] => [
      own[0].map((value) => 1000 * value),
      own[1].map((value) => 1000 * value),
    ];
    const entries = study(Object.fromEntries([1, 3, 5, 7, 9, 11].map((scan) => [scan, thousandfold])));
    const { issues } = await harmonizeMaps(entries, { out: folder.path(`out-${made++}`) });
    assert.deepEqual(said(issues), []);
    const doubted = issues.filter(({ code }) => code === 'doubtful-unit').map(({ message }) => message);
    assert.match(
      doubted[0],
      /^values at site "[AB]" are on another scale than elsewhere: \d+ of 14 vertices looked at: /,
    );
  });

  it('name a site whose maps are all 0 as such, and not as in another unit', async () => {
    const zeros = ([lh, rh]: [Float64Array, Float64Array]): [Float64Array, Float64Array] => [lh.fill(0), rh];
    const entries = study(Object.fromEntries([1, 3, 5, 7].map((scan) => [scan, zeros]))).filter(
      (_, scan) => scan % 2 === 0 || scan < 8,
    );
    const { issues } = await harmonizeMaps(entries, { out: folder.path(`out-${made++}`) });
    const codes = issues.map(({ code }) => code);
    assert.ok(codes.includes('empty-map') && !codes.includes('doubtful-unit'), codes.join());
  });

  it('know parts apart that are much alike, and say nothing where noise is as large as they are', async () => {
    // Parts that correspond vertex by vertex, as those of the Human Connectome Project do: exchanged maps are like their part.
    assert.deepEqual(await fitted(study({ 4: exchanged }, { asymmetry: 0.4, noise: 0.35 })), [
      'exchanged-parts: lh "s4"',
    ]);
    assert.deepEqual(await fitted(study({ 4: exchanged }, { asymmetry: 0.1 })), []);
    assert.deepEqual(await fitted(study({ 4: exchanged, 7: reordered }, { noise: 5 })), []);
  });
});
