import { describe, expect, it } from '@jest/globals';
import { stagecoach } from '../conftest/cli.ts';
import { minutes } from '../conftest/clock.ts';
import type { TestPull } from '../conftest/pull.ts';
import type { TestRepository } from '../conftest/repository.ts';
import { aStory, type Story } from '../conftest/story.ts';

/** A pull request in each of these repositories, with one head label: one batch. */
async function batch(repositories: readonly TestRepository[], name: string): Promise<TestPull[]> {
  const pulls: TestPull[] = [];
  for (const repository of repositories) {
    const pull = await repository.pullRequest({ name, adds: { [name]: 'x\n' } });
    await pull.passes();
    await pull.comment('r+');
    pulls.push(pull);
  }
  return pulls;
}

/** Stages batches together and lets CI pass in all repositories; the merge cron has not looked yet. */
async function stageGreen(story: Story, batches: () => Promise<TestPull[][]>) {
  await story.api('PATCH', '/api/crons/staging', { active: false, reason: 'gather them first' });
  const pulls = await batches();
  await story.settle();
  await story.api('PATCH', '/api/crons/staging', { active: true, reason: 'go' });
  await story.settle();
  await allPass(story);
  return pulls;
}

async function allPass(story: Story): Promise<void> {
  for (const repository of story.repositories) await repository.branch('staging.master').passes();
}

/** The landing moves the targets before this one, which refuses, and then truly diverges. */
async function diverge(story: Story, repository: TestRepository, files: Record<string, string>) {
  await protect(story, repository);
  await story.settle();
  const strange = await repository.commit('master', files);
  await unprotect(story, repository);
  await story.pass(minutes(10));
  return strange;
}

const protection = (repository: TestRepository) => `${repository.path}/branches/master/protection`;

async function protect(story: Story, repository: TestRepository): Promise<void> {
  await story.as('root').put(protection(repository), {
    required_status_checks: null,
    required_pull_request_reviews: null,
    enforce_admins: true,
    restrictions: { users: ['root'], teams: [] },
  });
}

async function unprotect(story: Story, repository: TestRepository): Promise<void> {
  await story.as('root').delete(protection(repository));
}

const states = (pulls: readonly TestPull[]) => Promise.all(pulls.map((pull) => pull.state()));

/** Every change of every target went forward. */
async function onlyForward(story: Story): Promise<void> {
  for (const repository of story.repositories) {
    const moves = await repository.refLog('refs/heads/master');
    expect(moves.filter((move) => move.forced)).toEqual([]);
  }
}

async function partials(story: Story) {
  const { items } = await story.api('GET', '/api/stagings?state=partial');
  return items as { id: number; ended_at: string | null; reason: string }[];
}

describe('a landing that stopped half-way (R17)', () => {
  it('check 22 (R17): is finished by itself: merged is what landed, what did not is staged on the new tip, the rest waits for the thaw', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    story.log.expect(/./);
    const [app, web] = story.repositories as [TestRepository, TestRepository];
    const [both, appOnly, webOnly] = (await stageGreen(story, async () => [
      await batch([app, web], 'both'),
      await batch([app], 'app-only'),
      await batch([web], 'web-only'),
    ])) as [TestPull[], TestPull[], TestPull[]];
    await diverge(story, web, { elsewhere: 'x\n' });

    expect(await states([...both, ...appOnly, ...webOnly])).toEqual([
      ...['ready', 'ready'],
      ...['merged', 'ready'],
    ]);
    const { items: running } = await story.api('GET', '/api/stagings?active=true');
    const [partial] = await partials(story);
    expect(running).toMatchObject([{ repairs: partial!.id, repair: 'finish' }]);
    const ready = (await (await fetch(`${story.bot.url}/readyz`)).json()) as object;
    expect(ready).toMatchObject({ ready: true, partial_landings: 1 });
    expect(await (await fetch(`${story.bot.url}/`)).text()).toMatch(
      /landed in some repositories only.*is to repair it/s,
    );

    await web.branch('staging.master').passes();
    await story.settle();
    expect(await states(both)).toEqual(['merged', 'merged']);
    expect(await partials(story)).toMatchObject([{ ended_at: expect.anything() }]);
    await allPass(story); // thawed: the batch that was in the queue is staged
    await story.settle();
    expect(await states(webOnly)).toEqual(['merged']);
    expect(await web.files('master')).toMatchObject({ both: 'x', 'web-only': 'x', elsewhere: 'x' });
    expect(await app.refLog('refs/heads/master')).toHaveLength(2); // created, and moved once
    await onlyForward(story);
  });

  it('waits for an administrator when the rest conflicts, and is reverted by new commits that CI tests, through a race', async () => {
    await using story = await aStory({ repositories: ['app', 'web'] });
    story.log.expect(/./);
    const [app, web] = story.repositories as [TestRepository, TestRepository];
    const [both] = (await stageGreen(story, async () => [await batch([app, web], 'both')])) as [
      TestPull[],
    ];
    await diverge(story, web, { both: 'something else\n' });
    const [partial] = await partials(story);
    expect(partial).toMatchObject({ ended_at: null, reason: expect.stringContaining('conflicts') });
    for (const pull of both)
      expect(await pull.said()).toEqual([expect.stringMatching(/acme\/app, but not in acme\/web/)]);
    const page = await (await fetch(`${story.bot.url}/acme/master`)).text();
    for (const act of ['finish', 'revert'])
      expect(page).toContain(`data-call="POST /api/stagings/${partial!.id}/${act}"`);
    const again = story.api('POST', `/api/stagings/${partial!.id}/retry`, { reason: 'x' });
    await expect(again).rejects.toThrow(/409.*finish or revert/);

    const [id, env] = [String(partial!.id), { STAGECOACH_URL: story.bot.url }];
    const reverted = await stagecoach(['staging', 'revert', id, '--reason', 'not today'], env);
    expect(reverted.stdout).toBe(`staging ${id} will be reverted by a staging of new commits\n`);
    await story.settle();
    await app.commit('master', { meanwhile: 'x\n' });
    await allPass(story);
    await story.settle(); // the target has moved on: undone again, on what is there now
    expect(await app.files('master')).toMatchObject({ both: 'x' });
    await story.api('PATCH', '/api/crons/staging', {
      active: false,
      reason: 'to look at the thaw',
    });
    await allPass(story);
    await story.settle();

    expect(Object.keys(await app.files('master'))).toEqual(expect.not.arrayContaining(['both']));
    const [message] = await app.messages('master', 'master~1');
    expect(message).toMatch(/^Revert "Change both".*acme\/web#1.*Part-of: acme\/app#1/s);
    expect(await partials(story)).toMatchObject([{ ended_at: expect.anything() }]);
    const late = await stagecoach(['staging', 'finish', id], env);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('it is repaired')]);
    expect(await states(both)).toEqual(['ready', 'ready']);
    expect((await both[0]!.said())[0]).toMatch(/undone this on `master`/);
    await onlyForward(story);

    await story.api('PATCH', '/api/crons/staging', { active: true, reason: 'go on' });
    await story.settle(); // in the queue again, once: the conflict is its own now
    expect(await states(both)).toEqual(['ready', 'error']);
    story.ignoreComments();
  });

  it('may stop half-way again while it is finished, and still be reverted everywhere; commits that stay in the history must be made anew', async () => {
    await using story = await aStory({ repositories: ['app', 'web', 'lib'] });
    story.log.expect(/./);
    story.ignoreComments();
    const [app, web, lib] = story.repositories as [TestRepository, TestRepository, TestRepository];
    const [all] = (await stageGreen(story, async () => {
      const pulls = await batch([app, web, lib], 'all');
      await pulls[0]!.comment('merge'); // its own commits land, so that git takes them for merged for ever
      return [pulls];
    })) as [TestPull[]];
    await diverge(story, web, { elsewhere: 'x\n' });
    await allPass(story); // the missing parts in web and lib
    await diverge(story, lib, { elsewhere: 'x\n' });
    expect(await web.files('master')).toMatchObject({ all: 'x' });
    const stopped = await partials(story);
    expect(stopped.filter((one) => one.ended_at === null)).toHaveLength(1);
    const { items } = await story.api('GET', '/api/stagings?active=true');
    expect(items).toMatchObject([{ repair: 'finish' }]); // the rest of the rest, in lib alone

    const open = stopped.find((one) => one.ended_at === null)!;
    await story.api('POST', `/api/stagings/${open.id}/revert`, { reason: 'enough' });
    await story.settle();
    await story.api('PATCH', '/api/crons/staging', { active: false, reason: 'to look' });
    await allPass(story);
    await story.settle();
    for (const repository of [app, web, lib])
      expect(Object.keys(await repository.files('master'))).not.toContain('all');
    expect((await partials(story)).filter((one) => one.ended_at === null)).toEqual([]);
    await onlyForward(story);

    const [inHistory, ...linked] = all as [TestPull, ...TestPull[]];
    expect(await states(all)).toEqual(['closed', 'error', 'error']); // GitHub took it for merged
    expect((await inHistory.said()).at(-1)).toMatch(/^@alice @rita .*open a new pull request/);
    await story.api('PATCH', '/api/crons/staging', { active: true, reason: 'go on' });
    const anew = await app.pullRequest({ name: 'all', adds: { all: 'anew\n' } });
    await anew.passes();
    await anew.comment('r+');
    for (const pull of linked) await pull.comment('retry');
    await story.settle();
    await allPass(story);
    await story.settle();
    expect(await states([anew, ...linked])).toEqual(['merged', 'merged', 'merged']);
    expect(await app.files('master')).toMatchObject({ all: 'anew' });
  });

  it('is given up when its first target refuses for good, and staging is switched off there', async () => {
    await using story = await aStory();
    story.log.expect(/./);
    const [app] = story.repositories as [TestRepository];
    const [one] = (await stageGreen(story, async () => [await batch([app], 'one')])) as [
      TestPull[],
    ];
    await protect(story, app);
    await story.settle();
    for (let n = 0; n < 15; n += 1) await story.pass(minutes(5));
    expect(await states(one)).toEqual(['ready']);
    const { items } = await story.api('GET', '/api/stagings');
    expect(items).toMatchObject([{ state: 'ff_failed', reason: expect.stringMatching(/refused/) }]);
    expect(await (await fetch(`${story.bot.url}/`)).text()).toMatch(
      /Staging is switched off on .*master.*stagecoach.*refused/s,
    );
    const { gates } = await one[0]!.info();
    const closed = (gates as { gate: string; ok: boolean; detail: string }[]).filter((g) => !g.ok);
    expect(closed).toMatchObject([
      { gate: 'branch-staging', detail: expect.stringMatching(/stagecoach: .*refused/) },
    ]);
  });
});
