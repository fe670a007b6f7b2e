import assert from 'node:assert/strict';
import { makeIssue } from '../sdk/data/issue';
import { ConcordError } from '../sdk/errors';
import type { Remedy } from '../sdk/remedy';
import { advise, wordAdvice, call, either, isAdvice, option } from '../sdk/remedy';

describe('remedies', () => {
  const advice = advise`supply ${2}, or use ${option('unseen', 'estimate', 'covariates')} or ${call('takeSubjects')}`;

  it('stay data among words', () => {
    assert.deepEqual(advice, [
      'supply 2, or use ',
      { option: 'unseen', values: ['estimate', 'covariates'] },
      ' or ',
      { call: 'takeSubjects' },
    ]);
    assert.deepEqual(advise`${advice}; or none`, [...advice, '; or none']);
  });

  it('are worded for the SDK by default, and for others by their own words', () => {
    assert.equal(wordAdvice(advice), 'supply 2, or use unseen: "estimate" or "covariates" or takeSubjects');
    assert.equal(wordAdvice(advise`set ${option('site')}`), 'set the option site');
    assert.equal(
      wordAdvice(advise`set ${option('site')}`, (remedy) => ('option' in remedy ? `--${remedy.option}` : '')),
      'set --site',
    );
  });

  it('are left out among others where they do not exist, and are said to be of the SDK where nothing else is left', () => {
    const ways = advise`look; ${either('wait', advise`raise ${option('width')}`, call('zScore'))}`;
    assert.equal(wordAdvice(ways), 'look; wait, raise the option width, or zScore');
    const only = (name: string) => (remedy: Remedy) =>
      'call' in remedy && remedy.call === name ? '--normalize z-score' : undefined;
    assert.equal(wordAdvice(ways, only('zScore')), 'look; wait, or --normalize z-score');
    assert.equal(wordAdvice(ways, only('none')), 'look; wait');
    const lost = advise`choose ${either(option('eb', 'none'), call('show'))} or ${option('site')}`;
    assert.equal(
      wordAdvice(lost, only('none')),
      'choose eb: "none" in TypeScript or the option site in TypeScript',
    );
    assert.deepEqual(JSON.parse(JSON.stringify(ways)), ways);
    assert.equal(wordAdvice(advise`${option('space', null, 'MNI')}`), 'space: null or "MNI"');
  });

  it('are known again when they come from a file', () => {
    const good = [advice, [], advise`${either('a', option('b', null, 1, true), advise`c ${call('d')}`)}`];
    good.forEach((own) => assert.ok(isAdvice(JSON.parse(JSON.stringify(own)))));
    const bad = [
      null,
      'a',
      5,
      [5],
      [null],
      [{}],
      [{ option: 1 }],
      [{ call: {} }],
      [{ either: 'a' }],
      [{ either: [] }],
    ];
    [...bad, [{ option: 'a', values: 'b' }], [{ option: 'a', values: [{}] }], [{ either: [[5]] }]].forEach(
      (own) => assert.ok(!isAdvice(own), JSON.stringify(own)),
    );
    let deep: unknown = ['a'];
    for (let depth = 0; depth < 1e4; depth++) deep = [{ either: [deep] }];
    assert.ok(!isAdvice(deep));
  });

  it('end the message of an error, and go with an issue', () => {
    const error = new ConcordError('unknown-site', 'unknown site: "X"', { remedy: advice });
    assert.equal(error.message, `unknown site: "X" (${wordAdvice(advice)})`);
    assert.deepEqual([error.problem, error.remedy], ['unknown site: "X"', advice]);
    const issue = makeIssue('unseen-site', 'site "X" is new', { site: 'X' }, advice);
    assert.deepEqual([issue.suggestion, issue.remedy], [wordAdvice(advice), advice]);
    assert.deepEqual(makeIssue('unseen-site', '', {}, []), makeIssue('unseen-site', ''));
  });
});
