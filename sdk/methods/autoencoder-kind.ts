import type * as Stored from '../nn/autoencoder/autoencoder-stored';
import type { AutoencoderModel } from '../nn/autoencoder/autoencoder-model';
import type { ModelKind } from './method';
import { networkFacts } from './network-card';

// What computes with tensors is loaded when it is used, so that work on tables does not wait for TensorFlow.js; at once, since
// models are taken apart and slices prepared in one go.
/* eslint-disable @typescript-eslint/no-require-imports */
const stored = (): typeof Stored => require('../nn/autoencoder/autoencoder-stored') as typeof Stored;
/* eslint-enable @typescript-eslint/no-require-imports */

/** The convolutional autoencoder: no method of harmonization, but a model that can be kept. */
export const autoencoderKind: ModelKind<AutoencoderModel> = {
  kind: 'autoencoder',
  storage: {
    as: 'folder',
    toStored: (model) => stored().autoencoderToStored(model),
    fromStored: (parts) => stored().autoencoderFromStored(parts),
  },
  card: (model) => {
    const { imageShape, levels, codeChannels } = model.architecture;
    const side = imageShape.slice(0, 2).map((length) => length / 2 ** levels);
    return {
      title: `Autoencoder of images of ${imageShape.join(' × ')}`,
      facts: [{ label: 'code', value: `${side.join(' × ')} × ${codeChannels}` }, ...networkFacts(model)],
    };
  },
};
