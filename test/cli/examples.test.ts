import assert from 'node:assert/strict';
import { program } from '../../sdk/cli/main';
import { concord } from '../support/run-command';

const silent = { out: () => {}, err: () => {}, live: false, signal: new AbortController().signal };

describe('the help of a command', () => {
  for (const command of program(silent).commands) {
    const name = command.name();
    it(`of ${name} has examples whose options all exist`, async () => {
      const { status, out } = await concord(name, '--help');
      assert.equal(status, 0);
      const lines = out.split('\n').filter((line) => line.startsWith(`  concord ${name}`));
      assert.ok(lines.length > 0, out);
      const parts = [command, ...command.commands];
      const known = parts.flatMap(({ options }) => options.flatMap(({ long, short }) => [long, short]));
      const named = lines.flatMap((line) => line.match(/(?<= )--?[a-z][a-z-]*/g) ?? []);
      assert.deepEqual(
        named.filter((option) => !known.includes(option)),
        [],
      );
    });
  }
});
