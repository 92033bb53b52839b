import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aStory, type Story } from '../../conftest/story.ts';

/** What lies around in the bot's folder, without objects and their anchors: they grow with the history until maintenance. */
async function litter({ folder }: Story): Promise<string[]> {
  const names = await readdir(join(folder, 'bot'), { recursive: true });
  return names.filter(
    (name) => !/\/(objects|refs\/bot)(\/|$)/.test(name) && !name.startsWith('postgres'),
  );
}

async function portOnce(story: Story): Promise<string> {
  const app = story.repository();
  const pull = await app.pullRequest({ onto: '17.0' });
  await pull.passes();
  await pull.comment('r+');
  await story.settle();
  await app.branch('staging.17.0').passes();
  await story.settle();
  return `${pull.name} ${(await pull.info()).forwardports[0].number}`;
}

describe('two bots at the same time', () => {
  it('seed 12 and seed 14: port repositories of the same name beside each other, share nothing, and leave nothing behind', async () => {
    const folders: string[] = [];
    {
      const shape = { branches: ['17.0', 'master'] };
      await using one = await aStory(shape);
      await using other = await aStory(shape);
      const both = [one, other] as const;
      for (const story of both) story.ignoreComments();
      expect(await Promise.all(both.map(portOnce))).toEqual(['acme/app#1 2', 'acme/app#1 2']);
      const before = await Promise.all(both.map(litter));
      expect(await Promise.all(both.map(portOnce))).toEqual(['acme/app#3 4', 'acme/app#3 4']);
      expect(await Promise.all(both.map(litter))).toEqual(before);
      expect(new Set(both.map((story) => story.config.database.url)).size).toBe(2);
      folders.push(...both.map((story) => story.folder));
    }
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  });
});
