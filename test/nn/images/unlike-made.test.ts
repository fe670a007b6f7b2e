import assert from 'node:assert/strict';
import { makeImageCohort } from '../../../sdk/data/cohort';
import { makeAffine } from '../../../sdk/data/images/affine';
import { makeImageSet } from '../../../sdk/data/images/image-set';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { makeRandom } from '../../../sdk/math/random';
import { unlikeMade } from '../../../sdk/nn/images/unlike-made';

describe('what a network made', () => {
  const random = makeRandom(5);
  const size = 32;
  const slices = ['one', 'two', 'three'].flatMap((scan) =>
    [0, 1].map((index) => ({
      scan,
      plane: 'axial' as const,
      index,
      position: index,
      offset: [0, 0] as const,
      grid: { shape: [size, size, 2] as const, affine: makeAffine([3, 3, 2]) },
    })),
  );
  const data = Float32Array.from({ length: slices.length * size ** 2 }, () => 500 + 100 * random.normal());
  const cohort = makeImageCohort(
    makeParticipants(['one', 'two', 'three'], ['A', 'A', 'B']),
    makeImageSet(data, [slices.length, size, size, 1], { slices }),
  );
  const scan = 2 * size ** 2;
  /** What is made of the second scan; the others follow theirs with noise of the same size, which correlates by 0.69 in rank. */
  const made = (second: (value: number) => number): Float32Array =>
    data.map((value, at) =>
      Math.floor(at / scan) === 1 ? second(value) : 3 + 0.01 * (value + 100 * random.normal()),
    );

  it('is named where it has little to do with its scan, and only there', () => {
    const [issue, ...others] = unlikeMade(
      cohort,
      made(() => random.normal()),
    );
    assert.deepEqual([issue.code, issue.where.subject, others.length], ['made-unlike-scan', 'two', 0]);
    assert.match(issue.message, /ranks of intensities correlate by −?0\.0\d with/);
    assert.deepEqual(
      unlikeMade(
        cohort,
        made((value) => Math.log(value + 1000) + 0.01 * random.normal()),
      ),
      [],
    );
  });

  it('is named where it is the same everywhere, or the scan in reverse', () => {
    assert.match(
      unlikeMade(
        cohort,
        made(() => 7),
      )[0].message,
      /by 0\.00 with/,
    );
    assert.match(
      unlikeMade(
        cohort,
        made((value) => -value),
      )[0].message,
      /by −1\.00 with/,
    );
  });
});
