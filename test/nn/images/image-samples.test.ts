import assert from 'node:assert/strict';
import { requireSites } from '../../../sdk/nn/images/image-samples';

describe('requireSites', () => {
  it('wants two sites with two samples each, none of which is called what a target is', () => {
    const sites = ['A', 'A', 'B', 'B'];
    assert.doesNotThrow(() => requireSites(['A', 'B'], sites, 'images'));
    assert.throws(() => requireSites(['A'], ['A', 'A'], 'images'), { code: 'too-little-data' });
    assert.throws(() => requireSites(['A', 'B'], ['A', 'A', 'B'], 'images'), /"B" has fewer than two images/);
    assert.throws(
      () => requireSites(['A', 'average'], ['A', 'A', 'average', 'average'], 'images'),
      /a site called "average", a name that as a target means the average of all/,
    );
  });
});
