import assert from 'node:assert/strict';
import type { Machine } from '../../sdk/browser/find-browser';
import { findBrowsers, isBrowserOff } from '../../sdk/browser/find-browser';

function machine(platform: NodeJS.Platform, env: Machine['env'], files: readonly string[]): Machine {
  return { platform, env, home: '/home/me', has: (path) => Promise.resolve(files.includes(path)) };
}

describe('findBrowsers', () => {
  it('finds programs on the path before those in usual places, each once', async () => {
    const files = ['/b/chromium', '/a/google-chrome', '/opt/google/chrome/chrome', '/a/firefox'];
    assert.deepEqual(await findBrowsers(undefined, machine('linux', { PATH: '/a:/b:/a:here' }, files)), [
      '/a/google-chrome',
      '/b/chromium',
      '/opt/google/chrome/chrome',
    ]);
  });

  it('knows where macOS and Windows have them', async () => {
    const edge = '/home/me/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge';
    assert.deepEqual(await findBrowsers(undefined, machine('darwin', {}, [edge])), [edge]);
    const chrome = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
    const env = { PROGRAMFILES: 'C:\\Program Files', Path: 'D:\\tools;E:\\' };
    const onPath = 'D:\\tools\\msedge.exe';
    assert.deepEqual(await findBrowsers(undefined, machine('win32', env, [chrome, onPath])), [
      onPath,
      chrome,
    ]);
  });

  it('takes the one that is named, by the caller before the environment, and no other', async () => {
    const files = ['/a/chromium', '/x/brave', '/y/edge', '/z/chrome'];
    const env = { PATH: '/a:/y', CONCORD_BROWSER: '/x/brave', BROWSER_PATH: '/z/chrome' };
    assert.deepEqual(await findBrowsers('edge', machine('linux', env, files)), ['/y/edge']);
    assert.deepEqual(await findBrowsers(undefined, machine('linux', env, files)), ['/x/brave']);
    const kaleido = { ...env, CONCORD_BROWSER: ' ' };
    assert.deepEqual(await findBrowsers(undefined, machine('linux', kaleido, files)), ['/z/chrome']);
    const gone = machine('linux', { PATH: '/a', CONCORD_BROWSER: '/gone' }, files);
    await assert.rejects(findBrowsers(undefined, gone), {
      code: 'invalid-option',
      message: /CONCORD_BROWSER names "\/gone"/,
    });
    await assert.rejects(findBrowsers('fox', gone), { code: 'invalid-option', message: /browser: "fox"/ });
  });

  it('says what to install where there is none, and what to unset where they are switched off', async () => {
    await assert.rejects(findBrowsers(undefined, machine('linux', { PATH: '/a' }, ['/a/firefox'])), {
      code: 'missing-package',
      message:
        /missing browser.*apt-get install chromium.*the option browser, or in the environment variable CONCORD_BROWSER/,
    });
    const off = { PATH: '/a', CONCORD_BROWSER: 'Off' };
    assert.ok(isBrowserOff(off));
    const switchedOff = machine('linux', off, ['/a/chromium']);
    await assert.rejects(findBrowsers(undefined, switchedOff), {
      code: 'missing-package',
      message: /CONCORD_BROWSER is "off"/,
    });
    assert.deepEqual(await findBrowsers('chromium', switchedOff), ['/a/chromium']);
  });
});
