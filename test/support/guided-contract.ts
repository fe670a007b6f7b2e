import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../../sdk/index';
import * as concord from '../../sdk/index';
import { imageSource } from '../../sdk/data/images/memory-source';
import { guidedByScans } from '../../sdk/nn/images/guided-by-scan';
import { rowsOfSlices } from '../../sdk/nn/images/image-samples';
import { measureScanRanges } from '../../sdk/nn/images/scan-intensity';

/**
 * Holds a network to what `guided` means: what it makes without it, guided by the scans, in whatever intensities; edges are then
 * more alike to those of the scans; the option is noted, and refused where it is none.
 */
export async function requireGuiding(
  raw: ImageCohort,
  apply: (options: concord.networks.GuidedOptions) => Promise<ImageCohort>,
): Promise<void> {
  const tensors = memory().numTensors;
  const plain = await apply({});
  const guided = await apply({ guided: 14 });
  assert.equal(memory().numTensors, tensors);
  const source = imageSource(raw);
  const ranges = await measureScanRanges(source);
  const made = { values: plain.images.data, ranges, rows: rowsOfSlices(source) };
  const { values: expected } = guidedByScans(raw, made, 14);
  const scale = Math.max(...plain.images.data);
  raw.images.data.forEach((own, i) => {
    if (raw.images.mask === undefined ? own === 0 : raw.images.mask[i] === 0) return;
    assert.ok(Math.abs(guided.images.data[i] - expected[i]) < 1e-4 * scale);
  });
  const edges = ({ images }: ImageCohort): number => {
    const [, height, width] = raw.images.shape;
    const size = height * width;
    const own = (data: Float32Array): Float32Array => data.subarray(0, size);
    return concord.metrics.gradientCorrelation({
      reference: own(raw.images.data),
      image: own(images.data),
      mask: raw.images.mask?.subarray(0, size),
      shape: [width, height],
    });
  };
  assert.ok(edges(guided) > edges(plain), `${edges(plain)} → ${edges(guided)}`);
  assert.equal(guided.provenance.at(-1)?.options['guided'], 14);
  assert.ok(!('guided' in (plain.provenance.at(-1)?.options ?? {})));
  for (const wrong of [0, -1, NaN, 101, '8' as unknown as number]) {
    await assert.rejects(apply({ guided: wrong }), { code: 'invalid-option', message: /invalid guided: / });
  }
}
