import { describe, expect } from '@jest/globals';
import { aTab, inBrowser } from '../conftest/browser.ts';
import { aSite } from '../conftest/web.ts';
import { addPull } from '../conftest/web-rows.ts';

describe('a page in a browser (skipped where there is no Chromium)', () => {
  inBrowser(
    'runs within its policy, is live, and shows what changed without being asked',
    async () => {
      await using site = await aSite();
      await addPull(site.db, { number: 1, title: 'There from the start', state: 'ready' });
      await using tab = await aTab(site.url);
      await tab.until(`document.getElementById('live')?.textContent === 'live'`);
      await addPull(site.db, { number: 2, title: 'Came while it was open', state: 'ready' });
      site.web.changed();
      await tab.until(`document.body.innerText.includes('Came while it was open')`);
      expect(await tab.evaluate(`document.body.innerText.includes('There from the start')`)).toBe(
        true,
      );
      expect(tab.complaints).toEqual([]);
    },
  );

  inBrowser(
    'asks for the reason before it changes anything, and then shows the change',
    async () => {
      await using site = await aSite();
      await using tab = await aTab(`${site.url}/crons`);
      await tab.until(`document.documentElement.classList.contains('scripted')`);
      await tab.evaluate(`document.querySelector('#cron-labels button').click()`);
      expect(await tab.evaluate(`document.getElementById('ask-title').textContent`)).toBe(
        'Turn labels off?',
      );
      await tab.evaluate(`document.getElementById('ask-do').click()`);
      expect(await tab.evaluate(`document.getElementById('ask').open`)).toBe(true); // no reason, no act
      await tab.evaluate(`document.getElementById('ask-reason').value = 'new labels'`);
      await tab.evaluate(`document.getElementById('ask-do').click()`);
      await tab.until(`document.querySelector('#cron-labels').innerText.includes('new labels')`);
      const audit = await site.call('GET', '/api/audit?object=cron:labels');
      expect(audit.json.items).toMatchObject([
        { via: 'page', actor: 'local', reason: 'new labels' },
      ]);
      expect(tab.complaints).toEqual([]);
    },
  );

  inBrowser('keeps the theme its reader chose', async () => {
    await using site = await aSite();
    await using tab = await aTab(site.url);
    await tab.until(`document.getElementById('theme')?.textContent === 'Theme: system'`);
    await tab.evaluate(`document.getElementById('theme').click()`);
    await tab.evaluate(`document.getElementById('theme').click()`);
    await tab.evaluate(`window.isOld = true; location.reload()`);
    await tab.until(
      `!window.isOld && document.getElementById('theme')?.textContent === 'Theme: dark'`,
    );
    expect(await tab.evaluate(`getComputedStyle(document.documentElement).colorScheme`)).toBe(
      'dark',
    );
  });
});
