import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { add, customGrad, mul, reshape, tidy } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';
import { sumOverRows } from './channel-sums';

/**
 * Multiplies each channel by its scale and adds its shift: x·scale + shift. Differentiable any number of times; keeps
 * only x and the scale for that.
 *
 * @param x - images, `[N, H, W, C]`
 * @param scale - `[C]`, the same for every image, or `[N, C]`
 * @param shift - like `scale`
 * @throws ConcordError `invalid-option` when `scale` or `shift` has another shape
 */
export function scaleAndShift(x: Tensor4D, scale: Tensor, shift?: Tensor): Tensor4D {
  checkPerChannel(x, scale, 'scale');
  if (shift === undefined) return scaleChannels(x, scale);
  checkPerChannel(x, shift, 'shift');
  return tidy(() => shiftChannels(scaleChannels(x, scale), shift));
}

/** @throws ConcordError `invalid-option` when the values are not one per channel, or one per image and channel */
export function checkPerChannel(x: Tensor4D, values: Tensor, name: string): void {
  const [batch, , , channels] = x.shape;
  const [first, second] = values.shape;
  if (values.rank === 1 && first === channels) return;
  if (values.rank === 2 && first === batch && second === channels) return;
  throw new ConcordError(
    'invalid-option',
    `invalid shape of ${name}: [${values.shape.join(', ')}] ([${channels}] and [${batch}, ${channels}] are allowed)`,
  );
}

/** Values per channel, or per image and channel, in the shape that goes with rows: `[1 or N, 1, C]`. */
export function besideRows(values: Tensor): Tensor3D {
  return reshape(values, [values.rank === 1 ? 1 : values.shape[0], 1, values.shape[values.rank - 1]]);
}

/** Images as rows of channels: `[N, H·W, C]`. */
export function asRows(x: Tensor4D): Tensor3D {
  const [batch, height, width, channels] = x.shape;
  return reshape(x, [batch, height * width, channels]);
}

/** Sums over the rows and, where all images share the values, over images: `[N, rows, C]` → the shape of `values`. */
function sumLike(rows: Tensor3D, values: Tensor): Tensor {
  const [batch, count, channels] = rows.shape;
  if (values.rank === 2) return reshape(sumOverRows(rows), [batch, channels]);
  return reshape(sumOverRows(reshape(rows, [1, batch * count, channels])), [channels]);
}

function scaleChannels(x: Tensor4D, scale: Tensor): Tensor4D {
  const operation = customGrad((input, factors, save) => {
    (save as (tensors: Tensor[]) => void)([input as Tensor, factors as Tensor]);
    return {
      value: reshape(mul(asRows(input as Tensor4D), besideRows(factors as Tensor)), x.shape),
      gradFunc: (dy: Tensor, [saved, savedFactors]: Tensor[]) => [
        scaleChannels(dy as Tensor4D, savedFactors),
        tidy(() => sumLike(mul(asRows(dy as Tensor4D), asRows(saved as Tensor4D)), savedFactors)),
      ],
    };
  });
  return operation(x, scale) as Tensor4D;
}

function shiftChannels(x: Tensor4D, shift: Tensor): Tensor4D {
  const operation = customGrad((input, offsets) => ({
    value: reshape(add(asRows(input as Tensor4D), besideRows(offsets as Tensor)), x.shape),
    // A new tensor: tfjs disposes what it adds gradients up from.
    gradFunc: (dy: Tensor) => [reshape(dy, x.shape), tidy(() => sumLike(asRows(dy as Tensor4D), shift))],
  }));
  return operation(x, shift) as Tensor4D;
}
