import assert from 'node:assert/strict';
import type { SearchedSystem } from '../../sdk/browser/drawing-browsers';
import { drawingBrowsers, isBrowserOff } from '../../sdk/browser/drawing-browsers';

function machine(
  platform: NodeJS.Platform,
  env: SearchedSystem['env'],
  files: readonly string[],
): SearchedSystem {
  return { platform, env, home: '/home/me', has: (path) => Promise.resolve(files.includes(path)) };
}

describe('drawingBrowsers', () => {
  it('finds programs on the path before those in usual places, each once', async () => {
    const files = ['/b/chromium', '/a/google-chrome', '/opt/google/chrome/chrome', '/a/firefox'];
    assert.deepEqual(await drawingBrowsers(undefined, machine('linux', { PATH: '/a:/b:/a:here' }, files)), [
      '/a/google-chrome',
      '/b/chromium',
      '/opt/google/chrome/chrome',
    ]);
  });

  it('knows where macOS and Windows have them', async () => {
    const edge = '/home/me/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge';
    assert.deepEqual(await drawingBrowsers(undefined, machine('darwin', {}, [edge])), [edge]);
    const chrome = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
    const env = { PROGRAMFILES: 'C:\\Program Files', Path: 'D:\\tools;E:\\' };
    const onPath = 'D:\\tools\\msedge.exe';
    assert.deepEqual(await drawingBrowsers(undefined, machine('win32', env, [chrome, onPath])), [
      onPath,
      chrome,
    ]);
  });

  it('takes the one that is named, by the caller before the environment, and no other', async () => {
    const files = ['/a/chromium', '/x/brave', '/y/edge', '/z/chrome'];
    const env = { PATH: '/a:/y', CONCORD_BROWSER: '/x/brave', BROWSER_PATH: '/z/chrome' };
    assert.deepEqual(await drawingBrowsers('edge', machine('linux', env, files)), ['/y/edge']);
    assert.deepEqual(await drawingBrowsers(undefined, machine('linux', env, files)), ['/x/brave']);
    const kaleido = { ...env, CONCORD_BROWSER: ' ' };
    assert.deepEqual(await drawingBrowsers(undefined, machine('linux', kaleido, files)), ['/z/chrome']);
    const gone = machine('linux', { PATH: '/a', CONCORD_BROWSER: '/gone' }, files);
    await assert.rejects(drawingBrowsers(undefined, gone), {
      code: 'invalid-option',
      message: /CONCORD_BROWSER names "\/gone"/,
    });
    await assert.rejects(drawingBrowsers('fox', gone), { code: 'invalid-option', message: /browser: "fox"/ });
  });

  it('says what to install where there is none, and what to unset where they are switched off', async () => {
    await assert.rejects(drawingBrowsers(undefined, machine('linux', { PATH: '/a' }, ['/a/firefox'])), {
      code: 'missing-package',
      message:
        /missing browser.*apt-get install chromium.*the option browser, or in the environment variable CONCORD_BROWSER/,
    });
    const off = { PATH: '/a', CONCORD_BROWSER: 'Off' };
    assert.ok(isBrowserOff(off));
    const switchedOff = machine('linux', off, ['/a/chromium']);
    await assert.rejects(drawingBrowsers(undefined, switchedOff), {
      code: 'missing-package',
      message: /CONCORD_BROWSER is "off"/,
    });
    assert.deepEqual(await drawingBrowsers('chromium', switchedOff), ['/a/chromium']);
  });
});
