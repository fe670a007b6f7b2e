import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { DdaeWeights } from '../../sdk/ddae/network/ddae-network';
import { denoise, layOut, unknownCode } from '../../sdk/ddae/network/ddae-network';
import { onEachBackend } from '../support/backends';
import { checkAgainstTorch, torchInput } from '../support/torch-case';

const layout = layOut({
  sampleShape: [8, 8, 1],
  patch: 2,
  width: 4,
  multipliers: [1, 2],
  blocks: 1,
  attentionAt: [2],
  heads: 2,
  groups: 2,
  resampleInBlocks: true,
  unknownSize: 3,
  knownSize: 2,
  knownSpread: 0.1,
});
const fixture = 'ddae-networks/networks.json';

onEachBackend('networks of DDAE against PyTorch 2.13 (networks.py), output and gradients', () => {
  it('the denoiser', async () => {
    const times = torchInput('denoiser', 'times', fixture);
    await checkAgainstTorch<DdaeWeights<Tensor>['denoiser']>(
      'denoiser',
      (denoiser, { noisy, known, unknown }) => {
        const codes = { known: known as Tensor2D, unknown: unknown as Tensor2D };
        return denoise({ denoiser }, { noisy: noisy as Tensor4D, times }, { codes, layout });
      },
      { constant: ['inputs.times'], fixture },
    );
  });

  it('the semantic encoder', async () => {
    await checkAgainstTorch<DdaeWeights<Tensor>['semantic']>(
      'semantic encoder',
      (semantic, { image }) => unknownCode({ semantic }, image as Tensor4D, layout),
      { fixture },
    );
  });
});
