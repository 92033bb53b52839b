import { expect, it } from '@jest/globals';
import { Backup } from '../conftest/faults/backup.ts';
import { Ci } from '../conftest/faults/ci.ts';
import { MortalStory } from '../conftest/faults/mortal.ts';
import { Points } from '../conftest/faults/points.ts';
import type { Json } from '../conftest/people.ts';
import type { TestPull } from '../conftest/pull.ts';
import type { TestRepository } from '../conftest/repository.ts';
import type { Story } from '../conftest/story.ts';

/** Another pull request of the very commits of one, which has not landed. */
async function copyOf(
  story: Story,
  { path, name }: TestRepository,
  pull: TestPull,
): Promise<number> {
  const alice = story.as('alice');
  await alice.post(`/repos/alice/${name}/git/refs`, {
    ...{ ref: 'refs/heads/copy', sha: await pull.head() },
  });
  const wanted = { title: 'Mine', body: '', head: 'alice:copy', base: 'master' };
  const { number } = (await alice.post(`${path}/pulls`, wanted)) as { number: number };
  return number;
}

/** What people see at GitHub besides code. */
async function spoken(story: Story): Promise<unknown[]> {
  const found = story.repositories.flatMap(({ path }) =>
    ['issues/comments', 'deployments'].map((what) =>
      story.as('root').get(`${path}/${what}?per_page=100`),
    ),
  );
  return ((await Promise.all(found)) as Json[][]).flat().map((one) => one.id as number);
}

it('a database that forgot landings learns them from the targets, and believes nobody else (I-49)', async () => {
  await using mortal = await MortalStory.open(
    { repositories: ['app', 'web'], branches: ['master'], staging: { timeout: '60d' } },
    new Points(),
  );
  const { story } = mortal;
  story.forgiven.push(/^I-(?:01|20|24) /); // judged by what the records do not know any more
  const [app, web] = [story.repository('app'), story.repository('web')];
  const commits = ['oak', 'fir'].map((wood) => ({ message: wood, files: { door: `${wood}\n` } }));
  const one = await app.pullRequest({ name: 'one' });
  const several = await app.pullRequest({ name: 'several', commits });
  const linked = [
    await app.pullRequest({ name: 'both', adds: { both: 'x\n' } }),
    await web.pullRequest({ name: 'both', adds: { both: 'x\n' } }),
  ];
  const quoting = await app.pullRequest({ name: 'quoting', body: 'Like #5.' });
  const copy = app.pull(await copyOf(story, app, quoting));
  const refused = await app.pullRequest({ name: 'refused' });
  expect(copy.number).toBe(5);
  await story.settle();
  const backup = await Backup.take(mortal);

  const late = await app.pullRequest({ name: 'late' });
  for (const pull of [one, several, ...linked, quoting, late]) {
    await pull.passes();
    const method =
      new Map([
        [several, 'squash '],
        [quoting, 'merge '],
      ]).get(pull) ?? '';
    await pull.comment(`${method}r+`);
  }
  await refused.close();
  await story.settle();
  const ci = new Ci(story);
  for (let n = 0; n < 3; n += 1) {
    await ci.testStagings();
    await story.settle();
  }
  await copy.close();
  await story.settle();
  expect(await quoting.state()).toBe('merged');
  const before = await spoken(story);
  const target = await app.head('master');

  await backup.restore(mortal);
  await story.api('POST', '/api/crons/reconcile/trigger');
  await story.settle();
  await story.pass(60_000);

  for (const pull of [one, several, ...linked]) expect(await pull.state()).toBe('merged');
  // what landed names the copy too, which has the same commits: nobody can say whose landing it was
  for (const pull of [quoting, copy, refused]) expect(await pull.state()).toBe('closed');
  expect(await spoken(story)).toEqual(before);
  expect(await app.head('master')).toBe(target);

  await late.comment('check'); // nobody has spoken of it since: it is read now
  await story.settle();
  expect(await late.state()).toBe('merged');
});
