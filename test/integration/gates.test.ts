import { describe, expect, it } from '@jest/globals';
import { aStory } from '../conftest/story.ts';

interface Gate {
  readonly gate: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly who_can_act: string | null;
}

describe('why a pull request is not merging (R12)', () => {
  it('is the same list in the API, on the page and in the answer to `info`', async () => {
    await using story = await aStory();
    const pull = await story.repository().pullRequest({ draft: true });
    await pull.fails();
    await story.settle();
    await story.api('PATCH', '/api/crons/merge', { active: false, reason: 'a quiet hour' });
    await pull.comment('info', 'alice');
    await story.settle();

    const gates = (await pull.info()).gates as Gate[];
    const closed = gates.filter((one) => !one.ok).map((one) => one.gate);
    expect(closed).toEqual(['draft', 'statuses', 'review', 'merge-cron']);
    const [said] = await pull.said();
    const rows = [...(said ?? '').matchAll(/^\| ([✓✗]) (\S+) \| (.*?) \| (.*?) \|/gm)];
    expect(rows.map(([, mark, gate]) => [gate, mark === '✓'])).toEqual(
      gates.map((one) => [one.gate, one.ok]),
    );
    const answer = await fetch(`${story.bot.url}/acme/app/pull/${pull.number}`, {
      headers: { accept: 'text/html' },
    });
    const page = await answer.text();
    for (const { gate, detail, who_can_act: who } of gates) {
      expect(page).toContain(`<b>${gate}</b>`);
      expect(page).toContain(detail);
      if (who !== null) expect(page).toContain(`waits for ${who}`);
    }
  });
});
