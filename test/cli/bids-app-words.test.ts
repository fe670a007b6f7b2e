import assert from 'node:assert/strict';
import { bidsAppWords } from '../../sdk/cli/bids-app-words';

describe('the words of BIDS Apps', () => {
  const said = (words: string): string => bidsAppWords(words.split(' ')).join(' ');

  it('are those of the specification, or of this command line', () => {
    assert.equal(
      said('preprocess in out participant --participant_label sub-01 02 --n_cpus 2 --work_dir=tmp_dir'),
      'preprocess in out participant --participant-label sub-01,02 --n-cpus 2 --work-dir=tmp_dir',
    );
    assert.equal(
      said('preprocess in out group --participant-label 01,02 --resume'),
      'preprocess in out group --participant-label 01,02 --resume',
    );
  });

  it('before the level have one label after them: the folders follow', () => {
    const words = 'preprocess --participant-label 01 in out participant';
    assert.equal(said(words), words);
  });

  it('are no concern of other commands', () => {
    const words = 'audit a b --participant_label 01 02 participant';
    assert.equal(said(words), words);
  });
});
