import type { AutoencoderModel } from '../nn/autoencoder/autoencoder-model';
import type { ModelKind } from './method';
import { toStored } from '../nn/stored-parts';
import { networkFacts } from './network-card';

/** The convolutional autoencoder: no method of harmonization, but a model that can be kept. */
export const autoencoderKind: ModelKind<AutoencoderModel> = {
  kind: 'autoencoder',
  storage: {
    as: 'folder',
    toStored,
    fromStored: async (parts) => {
      const { autoencoderFromStored } = await import('../nn/autoencoder/autoencoder-stored.js');
      return autoencoderFromStored(parts);
    },
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
