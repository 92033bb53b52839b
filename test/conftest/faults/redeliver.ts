import type { Story } from '../story.ts';

interface Listed {
  readonly id: number;
  readonly guid: string;
  readonly status: string;
  readonly event: string;
  readonly status_code: number;
}

/**
 * GitHub repeats nothing by itself: somebody has to ask it for what failed, and does so here, oldest first.
 *
 * @param events only these.
 */
export async function redeliverFailed(story: Story, events?: readonly string[]): Promise<void> {
  await forEachHook(story, async (at, deliveries) => {
    const arrived = new Set(deliveries.filter(isAccepted).map((one) => one.guid));
    for (const { id, guid, status, event } of deliveries) {
      if (status === 'pending' || arrived.has(guid)) continue;
      if (events?.includes(event) === false) continue;
      arrived.add(guid); // once is enough
      await story.as('root').post(`${at}/${id}/attempts`);
    }
  });
}

/** Lets GitHub send everything again that it has ever sent. */
export async function redeliverAll(story: Story): Promise<void> {
  await forEachHook(story, async (at, deliveries) => {
    for (const { id } of deliveries) await story.as('root').post(`${at}/${id}/attempts`);
  });
}

async function forEachHook(
  story: Story,
  work: (at: string, oldestFirst: readonly Listed[]) => Promise<void>,
): Promise<void> {
  for (const { path } of story.repositories) {
    for (const { id } of (await story.as('root').get(`${path}/hooks`)) as { id: number }[]) {
      const at = `${path}/hooks/${id}/deliveries`;
      const listed = (await story.as('root').get(`${at}?per_page=100`)) as Listed[];
      await work(at, listed.reverse());
    }
  }
}

function isAccepted({ status_code }: Listed): boolean {
  return status_code >= 200 && status_code < 400;
}
