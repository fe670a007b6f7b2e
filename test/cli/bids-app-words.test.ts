import assert from 'node:assert/strict';
import { calledWords } from '../../sdk/cli/bids-app-words';
import { main, program } from '../../sdk/cli/main';
import type { CommandStreams } from '../../sdk/cli/streams';

describe('the words of BIDS Apps', () => {
  const silent: CommandStreams = {
    out: () => undefined,
    err: () => undefined,
    live: false,
    signal: new AbortController().signal,
  };
  const said = (words: string): string => calledWords(words.split(' '), program(silent)).join(' ');

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

  it('are understood by every command that chooses participants', () => {
    for (const [before, after] of [
      ['harmonize in --method murd --participant_label 01 02 --out x', '--participant-label 01,02 --out x'],
      ['apply model in --participant-label 01 02 03', '--participant-label 01,02,03'],
      ['audit a b --session-label 1 2 --seed 3', '--session-label 1,2 --seed 3'],
      ['train in --out x --participant-label 01 02', '--participant-label 01,02'],
      ['compare in --methods a,b --session_label=1 --participant-label 01 02', '--participant-label 01,02'],
    ]) {
      assert.ok(said(before).endsWith(after), said(before));
    }
  });

  it('before what the command needs have one label after them: the folders follow', () => {
    for (const words of [
      'preprocess --participant-label 01 in out participant',
      'audit a --participant-label 01 b',
      // The value of an option is not what the command needs.
      'harmonize --out x --participant-label 01 in',
      'apply model --participant-label 01 -',
    ]) {
      assert.equal(said(words), words);
    }
  });

  it('are no concern of commands without participants, nor of what is after --', () => {
    for (const words of [
      'doctor --participant_label 01 02',
      'slurm write jobs -- preprocess in out participant --participant_label 01 02',
      'harmonize in -- --participant-label 01 02',
    ]) {
      assert.equal(said(words), words);
    }
  });

  it('are explained where they would be taken for something else', async () => {
    const lines: string[] = [];
    const streams = { ...silent, err: (text: string) => void lines.push(text) };
    assert.equal(
      await main(['harmonize', '--participant-label', '01', '02', 'in', '--out', 'x'], streams),
      2,
    );
    assert.match(lines.join(''), /too many arguments for 'harmonize'/);
    assert.match(lines.join(''), /\(labels of --participant-label are joined by commas, as in 01,02, unless/);
    lines.length = 0;
    await main(['harmonize', 'in', 'out', '--out', 'x'], streams);
    assert.doesNotMatch(lines.join(''), /joined by commas/);
    lines.length = 0;
    assert.equal(await main(['in', 'out', 'participant', '--participant_label', '01'], streams), 2);
    assert.match(lines.join(''), /unknown command 'in'/);
    assert.match(lines.join(''), /concord preprocess DATASET OUTPUT participant\)/);
    lines.length = 0;
    await main(['in', 'out', 'all'], streams);
    assert.doesNotMatch(lines.join(''), /BIDS App/);
  });
});
