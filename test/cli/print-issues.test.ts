import assert from 'node:assert/strict';
import { makeIssue } from '../../sdk/data/issue';
import { issueLines } from '../../sdk/cli/print-issues';

describe('issues in the lines of a command', () => {
  const five = Array.from({ length: 5 }, (_, at) => makeIssue('doubtful-value', `value ${at}`));

  it('are cut after three of a kind where something else holds them all', () => {
    const lines = issueLines(five, 'harmonize tables', 'provenance.json').trim().split('\n');
    assert.equal(lines.length, 4);
    assert.equal(lines[3], 'and 2 more of doubtful-value, all in provenance.json');
  });

  it('are all there where nothing does', () => {
    assert.equal(issueLines(five, 'federate').trim().split('\n').length, 5);
  });

  it('of a site that is lost are all there in any case', () => {
    const lost = Array.from({ length: 5 }, (_, at) => makeIssue('lost-site', `site ${at}`));
    assert.equal(issueLines(lost, 'harmonize tables', 'provenance.json').trim().split('\n').length, 5);
  });
});
