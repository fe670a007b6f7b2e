import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { basename } from 'node:path';
import { imageError } from './image-error';
import type { ImageFrame } from './read-frame';
import { advise, option } from '../../remedy';

/** What becomes of voxels that are no number or infinite. */
export type NonFinitePolicy = 'error' | 'zero';

/**
 * Looks for what makes an image useless: voxels that are no number or infinite, and voxels that are all alike.
 *
 * @param frame - with the policy `zero`, its data are changed in place
 * @throws ConcordError `invalid-voxels`.
 */
export function checkVoxels(frame: ImageFrame, path: string, nonFinite: NonFinitePolicy): readonly Issue[] {
  const { data, rounded } = frame;
  const issues: Issue[] = [];
  const say = (code: 'replaced-voxels' | 'lost-precision', message: string): void => {
    issues.push(makeIssue(code, message, { file: path }));
  };
  const bad = countNonFinite(frame);
  if (bad > 0) {
    const many = `${bad} of ${data.length} voxels ${bad === 1 ? 'is' : 'are'} NaN, infinite or beyond 32-bit floats`;
    if (nonFinite === 'error') {
      throw imageError('invalid-voxels', path, `invalid voxels: in ${path} ${many}`, {
        remedy: advise`correct the image, or set them to 0 with ${option('nonFinite', 'zero')}`,
      });
    }
    zeroNonFinite(data);
    say('replaced-voxels', `${basename(path)}: ${many}, and were set to 0`);
  }
  requireContrast(data, path);
  if (rounded > 0) {
    say(
      'lost-precision',
      `${basename(path)}: ${rounded} of ${data.length} stored values of type ${frame.header.datatype} have more ` +
        'digits than 32-bit floats hold and were rounded',
    );
  }
  return issues;
}

function countNonFinite({ data, header }: ImageFrame): number {
  const { datatype, slope, intercept } = header;
  // Integers are finite, and only a scaling can take them out of range.
  if (!datatype.startsWith('float') && slope === 1 && intercept === 0) return 0;
  if (Number.isFinite(nonFinite(data))) return 0;
  let count = 0;
  // The difference is 0 for every number and NaN for all else.
  for (let at = 0; at < data.length; at++) if (data[at] - data[at] !== 0) count++;
  return count;
}

/** NaN where a value is not finite, else 0: without a branch, and with four sums at a time, a third of the time. */
function nonFinite(data: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = data.length - (data.length % 4);
  for (let at = 0; at < whole; at += 4) {
    a += 0 * data[at];
    b += 0 * data[at + 1];
    c += 0 * data[at + 2];
    d += 0 * data[at + 3];
  }
  for (let at = whole; at < data.length; at++) a += 0 * data[at];
  return a + b + c + d;
}

function zeroNonFinite(data: Float32Array): void {
  for (let at = 0; at < data.length; at++) if (data[at] - data[at] !== 0) data[at] = 0;
}

function requireContrast(data: Float32Array, path: string): void {
  const [first] = data;
  for (let at = 1; at < data.length; at++) if (data[at] !== first) return;
  throw imageError(
    'invalid-voxels',
    path,
    `invalid voxels: all ${data.length} voxels of ${path} are ${first} (the image is empty: export it again)`,
  );
}
