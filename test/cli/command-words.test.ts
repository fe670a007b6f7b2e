import assert from 'node:assert/strict';
import type { CommandName } from '../../sdk/cli/vocabularies';
import { commandWords } from '../../sdk/cli/command-words';
import type { RemedyValue } from '../../sdk/remedy';
import { option } from '../../sdk/remedy';

describe('the words of commands', () => {
  const said = (command: CommandName, name: string, ...values: readonly RemedyValue[]): string | undefined =>
    commandWords(command)(option(name, ...values));

  it('quote what a shell, or a reader, would take for something else', () => {
    assert.equal(said('harmonize tables', 'decimal', ','), "--decimal ','");
    assert.equal(said('harmonize tables', 'thousands', '.'), "--thousands '.'");
    assert.equal(said('harmonize tables', 'thousands', ' '), '--thousands space');
    assert.equal(said('harmonize tables', 'missing', '#N/A x'), "--missing '#N/A x'");
    assert.equal(said('harmonize tables', 'site', 'scan site'), "--site 'scan site'");
    assert.equal(said('harmonize tables', 'ageCap', 89), '--age-cap 89');
  });

  it('know options that end in a name of the user’s', () => {
    assert.equal(said('audit', 'sameLevel.sex', 'fold'), '--same-level sex=fold');
    assert.equal(said('audit', 'sameLevel.sex.male', 'M'), '--same-level sex:male=M');
    assert.equal(said('audit', 'sameLevel.a.b.male', 'M'), '--same-level a.b:male=M');
    assert.equal(said('apply', 'sameLevel.a.b c', 'fold'), "--same-level 'a.b c=fold'");
    assert.equal(said('train', 'sameLevel.sex', 'fold'), '--same-level sex=fold');
    assert.equal(said('maps', 'sameLevel.sex', 'fold'), 'one spelling in the table');
    assert.equal(
      said('apply', 'sameSite.Simens Trio', 'Siemens Trio'),
      "--same-site 'Simens Trio=Siemens Trio'",
    );
    assert.equal(said('train', 'sameSite.Simens', 'Siemens'), '--same-site Simens=Siemens');
    assert.equal(said('preprocess', 'entities.part', 'phase'), '--part phase');
    assert.equal(said('preprocess', 'entities.den', null), '--entity den=none');
    assert.equal(said('demo', 'sameLevel.sex', 'fold'), undefined);
  });

  it('name no flag that would take a text apart', () => {
    assert.equal(said('audit', 'missing', '1,2x'), undefined);
    assert.equal(said('audit', 'missing', 'sex=9,99'), '--missing sex=9,99');
    assert.equal(said('audit', 'missing', '-999'), '--missing -999');
  });
});
