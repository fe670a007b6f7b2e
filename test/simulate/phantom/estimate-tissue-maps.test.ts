import assert from 'node:assert/strict';
import { makeVolume } from '../../../sdk/data/images/volume';
import { estimateTissueMaps } from '../../../sdk/simulate/phantom/estimate-tissue-maps';
import { makePhantom } from '../../../sdk/simulate/phantom/phantom';
import { rescan, scanPhantom } from '../../../sdk/simulate/phantom/scan-phantom';
import { scannerPreset } from '../../../sdk/simulate/phantom/scanner/scanner-presets';

function correlation(a: ArrayLike<number>, b: ArrayLike<number>, mask: Uint8Array): number {
  const sums = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const x = a[i];
    const y = b[i];
    [1, x, y, x * x, y * y, x * y].forEach((value, at) => (sums[at] += value));
  }
  const [n, x, y, xx, yy, xy] = sums;
  return (xy / n - (x * y) / n ** 2) / Math.sqrt((xx / n - (x / n) ** 2) * (yy / n - (y / n) ** 2));
}

describe('estimateTissueMaps', () => {
  it('finds the tissues of a scan whose tissues are known, bias and all', async () => {
    const phantom = await makePhantom({ seed: 3, spacing: 2 });
    const [scanner] = scannerPreset('seven-site');
    const scan = await scanPhantom(phantom, scanner);
    const maps = estimateTissueMaps(scan);
    const { mask, fractions } = phantom.tissues;
    for (const tissue of ['whiteMatter', 'grayMatter', 'csf'] as const) {
      const found = correlation(maps.fractions[tissue] ?? [], fractions[tissue] ?? [], mask);
      assert.ok(found > (tissue === 'whiteMatter' ? 0.9 : 0.75), `${tissue} ${found}`);
    }
    for (let i = 0; i < mask.length; i++) {
      let sum = 0;
      for (const map of Object.values(maps.fractions)) sum += map[i];
      assert.ok(Math.abs(sum - mask[i]) < 1e-5);
    }
    // Scanned again at the same machine it looks as it did.
    const again = await rescan(maps, scanner, { noiseFree: true });
    const like = correlation(again.data, scan.data, mask);
    assert.ok(like > 0.93, `${like}`);
  });

  it('requires a mask', () => {
    const volume = makeVolume(new Float32Array(8), {
      shape: [2, 2, 2],
      affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    });
    assert.throws(() => estimateTissueMaps(volume), { code: 'missing-value' });
  });
});
