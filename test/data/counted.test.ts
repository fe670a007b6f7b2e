import assert from 'node:assert/strict';
import { counted } from '../../sdk/data/counted';

describe('counted', () => {
  it('has one form for one and another for any other number, with thousands set apart', () => {
    assert.deepEqual(
      [0, 1, 2, 12345].map((value) => counted(value, 'repetition')),
      ['0 repetitions', '1 repetition', '2 repetitions', '12,345 repetitions'],
    );
    assert.equal(counted(1, 'subject is', 'subjects are'), '1 subject is');
  });
});
