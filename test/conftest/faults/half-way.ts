import type { TestPull } from '../pull.ts';
import type { Story } from '../story.ts';
import { type ServeProcess, until } from './processes.ts';
import { arrivalOf, type Turnstiles } from './turnstiles.ts';

/** Linked pull requests of `app` and `web` whose landing stands before its second target, until `push` is released. */
export async function landHalfWay(
  story: Story,
  { serve, turnstiles }: { readonly serve: ServeProcess; readonly turnstiles: Turnstiles },
) {
  const pulls: TestPull[] = [];
  for (const repository of story.repositories)
    pulls.push(await repository.pullRequest({ name: 'change' }));
  for (const pull of pulls) await pull.passes();
  for (const pull of pulls) await pull.comment('r+');
  const landing = turnstiles.hold('push acme/web master');
  for (const repository of story.repositories) {
    await until('a staging', () => repository.head('staging.master'), [serve]);
    await repository.branch('staging.master').passes();
  }
  const push = await until('the second push', () => arrivalOf(landing), [serve]);
  return { pulls, push };
}
