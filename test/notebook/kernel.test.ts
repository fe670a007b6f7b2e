import assert from 'node:assert/strict';
import { notebookDisplay } from '../../sdk/notebook/kernel';

describe('notebookDisplay', () => {
  const path = '/somewhere/node_modules/tslab/dist/jupyter.js';
  afterEach(() => {
    delete require.cache[path];
  });

  it('passes forms, metadata and ids to the kernel', () => {
    const sent: unknown[] = [];
    const lastWriteDisplayData = (data: unknown, update: boolean): void => {
      sent.push([data, update]);
    };
    require.cache[path] = { exports: { lastWriteDisplayData } } as unknown as NodeJS.Module;
    const display = notebookDisplay();
    display?.show({ 'text/plain': 'x' });
    display?.show({ 'image/png': 'p' }, undefined, { 'image/png': { alt: 'words' } });
    display?.update({ 'text/plain': 'y' }, 'id');
    assert.deepEqual(sent, [
      [{ data: { 'text/plain': 'x' }, metadata: {}, transient: {} }, false],
      [{ data: { 'image/png': 'p' }, metadata: { 'image/png': { alt: 'words' } }, transient: {} }, false],
      [{ data: { 'text/plain': 'y' }, metadata: {}, transient: { display_id: 'id' } }, true],
    ]);
  });

  it('is absent outside a kernel', () => {
    assert.equal(notebookDisplay(), null);
  });
});
