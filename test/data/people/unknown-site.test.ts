import assert from 'node:assert/strict';
import { chosenTarget, harmonizedTo, requireNoTarget } from '../../../sdk/data/harmonize-to';
import { unknownSites, unknownTarget } from '../../../sdk/data/people/unknown-site';
import { advise, option } from '../../../sdk/remedy';

describe('unknown targets and sites', () => {
  it('are named with what there is', () => {
    const target = unknownTarget('KU', ['average', 'HH', 'SWA']);
    assert.equal(target.message, 'unknown target: "KU", not one of "average", "HH", "SWA"');
    assert.deepEqual([target.code, target.where], ['unknown-site', { site: 'KU' }]);
    const sites = unknownSites(['KU', 'KTT'], ['HH', 'SWA']);
    assert.equal(sites.message, 'unknown site: "KU", "KTT", the model was fitted on "HH", "SWA"');
    assert.deepEqual([sites.code, sites.where], ['unknown-site', { site: 'KU' }]);
  });

  it('bring up the one name that is clearly meant, before what else can be done', () => {
    const remedy = (wanted: string, names: readonly string[]): string =>
      unknownTarget(wanted, names).message.split(/ \((?=did)/)[1] ?? '';
    assert.equal(remedy('Bosten', ['average', 'Boston', 'Berlin']), 'did you mean "Boston"?)');
    assert.equal(remedy('siemens', ['Siemens', 'GE']), 'did you mean "Siemens"?)');
    assert.equal(remedy('Average', ['average', 'siteA']), 'did you mean "average"?)');
    // Sites that are numbered or lettered are all as near as the others.
    assert.equal(remedy('site-3', ['site-1', 'site-2']), '');
    assert.equal(remedy('D', ['A', 'B', 'C']), '');
    assert.equal(remedy('D', ['A']), '');
    assert.equal(remedy('', ['A']), '');
    const known = ['Boston', 'Berlin'];
    const else_ = advise`choose ${option('unseen', 'average')} to continue`;
    assert.equal(
      unknownSites(['Bosten', 'Oslo', 'berlin'], known, else_).message,
      'unknown site: "Bosten", "Oslo", "berlin", the model was fitted on "Boston", "Berlin" ' +
        '(did you mean "Boston" for "Bosten", "Berlin" for "berlin"? Or choose unseen: "average" to continue)',
    );
  });
});

describe('chosenTarget', () => {
  it('takes the one named, else the average, else the only one', () => {
    assert.equal(chosenTarget(['average', 'A', 'B'], 'B'), 'B');
    assert.equal(chosenTarget(['average', 'A', 'B']), 'average');
    assert.equal(chosenTarget(['reference']), 'reference');
    assert.throws(() => chosenTarget(['A', 'B']), {
      code: 'invalid-option',
      message: 'missing target: one of "A", "B" is required',
    });
    assert.throws(() => chosenTarget(['A'], 'B'), { code: 'unknown-site' });
  });
});

describe('harmonizedTo', () => {
  it('names the target beside the method, but for the average', () => {
    assert.equal(harmonizedTo('DDAE', 'siteA'), 'DDAE to siteA');
    assert.equal(harmonizedTo('DDAE', 'average'), 'DDAE');
    assert.equal(harmonizedTo('ComBat'), 'ComBat');
  });
});

describe('requireNoTarget', () => {
  it('refuses what would have no effect', () => {
    requireNoTarget({ region: 'mask', target: undefined });
    assert.throws(() => requireNoTarget({ target: { siteA: 0.5 } }), {
      code: 'invalid-option',
      message: /^invalid target: \{"siteA":0.5\} \(the target is given when a harmonizer is applied/,
    });
  });
});
