import { pullRelation } from '../acts/figures.ts';
import { filePatches } from '../git/patch.ts';
import type { Call } from '../http/call.ts';
import { latestStatuses } from '../json/checks.ts';
import type { PullIssue } from '../state/state.ts';
import type { Repository } from '../state/types.ts';
import { badge, html, isHarmless, type Html } from './html.ts';

/** What CI says of a pull request's head, its commits, and its files as they change. */
export async function changesOf(
  call: Call,
  repository: Repository,
  issue: PullIssue,
): Promise<Html> {
  const store = call.sim.store(repository.networkId);
  const { ahead, mergeBase } = await pullRelation(call.sim, repository, issue);
  const commits = await Promise.all(ahead.slice(0, 250).map((one) => store.commit(one)));
  const patches = await filePatches(store, mergeBase, issue.pull.headSha);
  const files = [...patches].map(
    ([path, patch]) =>
      html`<h3><code>${path}</code></h3>
        <pre>${patch}</pre>`,
  );
  const rows = commits.flatMap((one) =>
    one
      ? [
          html`<tr>
            <td><code>${one.sha.slice(0, 10)}</code></td>
            <td>${one.message.split('\n')[0] ?? ''}</td>
            <td>${one.author.name}</td>
          </tr>`,
        ]
      : [],
  );
  return html`<h2>Statuses</h2>
    <table>
      ${verdicts(repository, issue.pull.headSha)}
    </table>
    <h2>Commits</h2>
    <table>
      ${rows}
    </table>
    <h2>Changes</h2>
    ${files}`;
}

interface Verdict {
  readonly word: string;
  readonly name: string;
  readonly text: string | null;
  readonly url: string | null;
}

/** Statuses and check runs of a commit, each leading to where its CI says more. */
function verdicts(repository: Repository, sha: string): Html[] {
  const runs = (repository.checkRunsBySha.get(sha) ?? []).flatMap(
    (id) => repository.checkRuns.get(id) ?? [],
  );
  const all: Verdict[] = [
    ...latestStatuses(repository, sha).map((one) => ({
      word: one.state,
      name: one.context,
      text: one.description,
      url: one.targetUrl,
    })),
    ...runs.map((one) => ({
      word: one.conclusion ?? 'pending',
      name: one.name,
      text: 'check run',
      url: one.detailsUrl,
    })),
  ];
  return all.map(
    ({ word, name, text, url }) =>
      html`<tr>
        <td>${badge(word)}</td>
        <td>${url !== null && isHarmless(url) ? html`<a href="${url}">${name}</a>` : name}</td>
        <td>${text}</td>
      </tr>`,
  );
}
