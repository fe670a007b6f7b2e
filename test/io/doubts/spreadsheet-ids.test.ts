import assert from 'node:assert/strict';
import { spreadsheetIdsIssues } from '../../../sdk/io/doubts/spreadsheet-ids';

describe('ids that a spreadsheet rewrote', () => {
  const said = (...ids: string[]): readonly string[] =>
    spreadsheetIdsIssues(ids, 't.csv').map(({ code, message }) => `${code}: ${message}`);

  it('names long numbers without their last digits, and what became a date', () => {
    assert.deepEqual(said('101', '1.00001E+11', '1-Mar', 'Sep-02'), [
      'rewritten-id: 3 ids of t.csv look as if a spreadsheet had rewritten them (a long number without its last digits, or a date): ' +
        '"1.00001E+11", "1-Mar", "Sep-02"',
    ]);
    assert.equal(said('3-Mär', '102').length, 1);
    assert.equal(said('1,2E+15').length, 1);
  });

  it('says nothing of ordinary ids', () => {
    assert.deepEqual(
      said('sub-01', 'IXI002-Guys-0828', '1-Abc', 'Kor-02', '2E1', '1e-5', '002_S_0413', 'Mar01', 'A-Mar-1'),
      [],
    );
  });
});
