import type { AutoencoderModel } from '../nn/autoencoder/autoencoder-model';
import { autoencoderFromStored, autoencoderToStored } from '../nn/autoencoder/autoencoder-stored';
import type { ModelKind } from './method';
import { networkFacts } from './network-card';

/** The convolutional autoencoder: no method of harmonization, but a model that can be kept. */
export const autoencoderKind: ModelKind<AutoencoderModel> = {
  kind: 'autoencoder',
  storage: { as: 'folder', toStored: autoencoderToStored, fromStored: autoencoderFromStored },
  card: (model) => {
    const { imageShape, levels, codeChannels } = model.architecture;
    const side = imageShape.slice(0, 2).map((length) => length / 2 ** levels);
    return {
      title: `Autoencoder of images of ${imageShape.join(' × ')}`,
      facts: [{ label: 'code', value: `${side.join(' × ')} × ${codeChannels}` }, ...networkFacts(model)],
    };
  },
};
