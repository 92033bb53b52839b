import { describe, expect, it } from '@jest/globals';
import { GitHub, type Json } from './support/github.ts';

describe('an App', () => {
  it('hears of its installation and of the repositories that come and go', async () => {
    await using github = await GitHub.start();
    const install = (slug: string): Promise<Json> =>
      github.control('POST', '/_sim/apps', { slug, events: ['push'], hook_url: github.hookUrl });
    await github.repository();
    const first = await install('first');
    await install('second');
    await github.as('alice', 'POST /user/repos', { name: 'own' });
    await github.as('alice', 'DELETE /repos/alice/own');
    await github.idle();
    const told = github.webhooks.filter(
      (one) => one.payload.installation.id === first.installation_id,
    );
    const names = (list: Json): string[] => list.map((one: Json) => one.full_name as string);
    const [created, added, removed] = ['created', 'added', 'removed'].map((action) =>
      told.find((one) => one.payload.action === action),
    );
    expect(told).toHaveLength(3);
    expect(created?.event).toBe('installation');
    expect(names(created?.payload.repositories)).toEqual(['acme/app']);
    expect(added?.event).toBe('installation_repositories');
    expect(names(added?.payload.repositories_added)).toEqual(['alice/own']);
    expect(names(removed?.payload.repositories_removed)).toEqual(['alice/own']);
  });
});
