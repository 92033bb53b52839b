import { mergeBranch } from '../acts/merge.ts';
import { Refused } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import { history, relate } from '../git/graph.ts';
import { filePatches } from '../git/patch.ts';
import { git } from '../git/process.ts';
import {
  caller,
  created,
  DONE,
  needText,
  ok,
  pageOf,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { commitJson, fileJson } from '../json/commit.ts';
import { repositoryApi, repositoryHtml } from '../json/repository.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import type { Repository } from '../state/types.ts';
import { isPull } from '../state/state.ts';
import { pullJson } from '../json/pull.ts';
import { notFound } from '../errors.ts';
import { needCommit, resolve, storeOf } from './commitish.ts';

/** The files of a change as JSON, with their patches. */
export async function filesOf(
  call: Call,
  repository: Repository,
  sides: { before: string | null; after: string },
) {
  const store = storeOf(call, repository);
  const changes = await store.changes(sides.before, sides.after);
  const patches = await filePatches(store, sides.before, sides.after);
  return changes.map((change) =>
    fileJson(call, { repository, sha: sides.after }, { change, patch: patches.get(change.path) }),
  );
}

async function list(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  if (repository.refs.size === 0) throw new Refused(409, 'Git Repository is empty.');
  const tip = await resolve(call, repository, call.query.get('sha') ?? repository.defaultBranch);
  if (!tip) throw notFound();
  const size = Math.min(100, Number(call.query.get('per_page') ?? 30) || 30);
  const page = Math.max(1, Number(call.query.get('page') ?? 1) || 1);
  const path = call.query.get('path');
  const found =
    path === null
      ? await history(storeOf(call, repository), tip.sha, {
          skip: (page - 1) * size,
          limit: size + 1,
        })
      : await historyOf(call, repository, {
          tip: tip.sha,
          path,
          skip: (page - 1) * size,
          limit: size + 1,
        });
  const author = call.query.get('author');
  const mine = found
    .slice(0, size)
    .filter(
      (one) =>
        author === null ||
        commitJson(call, repository, one)['author'] === author ||
        one.author.email === author,
    );
  const next = new URLSearchParams(call.query);
  next.set('page', String(page + 1));
  const link = `<${call.sim.url}${call.path}?${next.toString()}>; rel="next"`;
  const headers: Record<string, string> = found.length > size ? { link } : {};
  return { status: 200, body: mine.map((one) => commitJson(call, repository, one)), headers };
}

async function historyOf(
  call: Call,
  repository: Repository,
  what: { tip: string; path: string; skip: number; limit: number },
): Promise<Commit[]> {
  const store = storeOf(call, repository);
  const args = [
    'log',
    '--format=%H',
    `--skip=${what.skip}`,
    `-${what.limit}`,
    what.tip,
    '--',
    what.path,
  ];
  const shas = (await git(store.dir, args)).stdout.toString().split('\n').filter(Boolean);
  const commits = await Promise.all(shas.map((one) => store.commit(one)));
  return commits.filter((one) => one !== null);
}

async function get(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const commit = await needCommit(call, repository, param(call, 'ref'));
  const accept = call.headers.accept ?? '';
  if (/\.sha\b/.test(accept))
    return {
      status: 200,
      body: commit.sha,
      headers: { 'content-type': 'application/vnd.github.v3.sha' },
    };
  const before = commit.parents[0] ?? null;
  if (/\.(diff|patch)\b/.test(accept)) return diffReply(call, repository, [before, commit.sha]);
  const files = await filesOf(call, repository, { before, after: commit.sha });
  const sum = (key: 'additions' | 'deletions') =>
    files.reduce((total, one) => total + Number(one[key]), 0);
  const stats = {
    additions: sum('additions'),
    deletions: sum('deletions'),
    total: sum('additions') + sum('deletions'),
  };
  return ok({ ...commitJson(call, repository, commit), stats, files });
}

/** A change as text, for callers who accept `application/vnd.github.diff` or `.patch`. */
export async function diffReply(
  call: Call,
  repository: Repository,
  [before, after]: readonly [string | null, string],
): Promise<Reply> {
  const store = storeOf(call, repository);
  const patch = /\.patch\b/.test(call.headers.accept ?? '');
  const from = before ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  const args =
    patch && before !== null
      ? ['format-patch', '--stdout', `${from}..${after}`]
      : ['diff', '-M', '--full-index', from, after];
  const { stdout } = await git(store.dir, args);
  return {
    status: 200,
    body: stdout,
    headers: {
      'content-type': `application/vnd.github.${patch ? 'patch' : 'diff'}; charset=utf-8`,
    },
  };
}

/** GitHub lists so many files of a comparison. */
const MOST_FILES = 300;

async function compare(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const match = /^(.+?)\.\.\.?(.+)$/.exec(param(call, 'basehead'));
  const base = match && (await resolve(call, repository, match[1] ?? ''));
  const head = match && (await resolve(call, repository, match[2] ?? ''));
  if (!base || !head) throw notFound();
  const store = storeOf(call, repository);
  const { ahead, behind, mergeBase } = await relate(store, base.sha, head.sha);
  if (mergeBase === null)
    throw new Refused(404, `No common ancestor between ${match[1] ?? ''} and ${match[2] ?? ''}.`);
  if (/\.(diff|patch)\b/.test(call.headers.accept ?? ''))
    return diffReply(call, repository, [mergeBase, head.sha]);
  const common = await store.commit(mergeBase);
  const api = repositoryApi(call, repository);
  const html = repositoryHtml(call, repository);
  const name = `${base.sha}...${head.sha}`;
  const status =
    ahead.length > 0
      ? behind.length > 0
        ? 'diverged'
        : 'ahead'
      : behind.length > 0
        ? 'behind'
        : 'identical';
  const files = (await filesOf(call, repository, { before: mergeBase, after: head.sha })).slice(
    0,
    MOST_FILES,
  );
  const shas = call.query.has('page') || call.query.has('per_page') ? ahead : ahead.slice(-250);
  const paged = pageOf(call, { length: shas.length, slice: (from, to) => shas.slice(from, to) });
  const page =
    call.query.has('per_page') || call.query.has('page') ? (paged.body as string[]) : shas;
  const commits = await Promise.all(page.map((one) => store.commit(one)));
  const body = {
    url: `${api}/compare/${param(call, 'basehead')}`,
    html_url: `${html}/compare/${name}`,
    permalink_url: `${html}/compare/${name}`,
    diff_url: `${html}/compare/${name}.diff`,
    patch_url: `${html}/compare/${name}.patch`,
    base_commit: commitJson(call, repository, base),
    merge_base_commit: commitJson(call, repository, common ?? base),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: commits.flatMap((one) => (one ? [commitJson(call, repository, one)] : [])),
    files: (call.query.get('page') ?? '1') === '1' ? files : [],
  };
  return { status: 200, body, headers: call.query.has('per_page') ? (paged.headers ?? {}) : {} };
}

async function merges(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const headName = needText(call, 'head', 'Merge');
  const base = needText(call, 'base', 'Merge');
  const head = await resolve(call, repository, headName);
  if (!head) throw new Refused(404, 'Head does not exist');
  const by = caller(call);
  const sha = await call.sim.locked(repository.networkId, () =>
    mergeBranch(call.sim, repository, {
      base,
      head: head.sha,
      headName,
      message: text(call, 'commit_message'),
      by,
    }),
  );
  if (sha === null) return DONE;
  return created(commitJson(call, repository, await needCommit(call, repository, sha)));
}

function branchesWithHead(call: Call): Reply {
  const repository = repositoryOf(call);
  const sha = param(call, 'ref');
  const api = repositoryApi(call, repository);
  const found = [...repository.refs].filter(
    ([ref, to]) => to === sha && ref.startsWith('refs/heads/'),
  );
  return ok(
    found.map(([ref]) => ({
      name: ref.slice('refs/heads/'.length),
      commit: { sha, url: `${api}/commits/${sha}` },
      protected: repository.protections.has(ref.slice('refs/heads/'.length)),
    })),
  );
}

async function pullsOfCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const { sha } = await needCommit(call, repository, param(call, 'ref'));
  const store = storeOf(call, repository);
  const found: unknown[] = [];
  for (const issue of repository.issues.values()) {
    if (!isPull(issue) || !includes(permissionOf(call.state, repository, call.actor.user), 'read'))
      continue;
    const { ahead } = await relate(store, issue.pull.baseSha, issue.pull.headSha);
    if (ahead.includes(sha) || issue.pull.mergeCommitSha === sha)
      found.push(pullJson(call, repository, issue));
  }
  return ok(found);
}

export const commitRoutes = [
  route('GET', '/repos/{owner}/{repo}/commits', 'repos/list-commits', list),
  route(
    'GET',
    '/repos/{owner}/{repo}/compare/{basehead+}',
    'repos/compare-commits-with-basehead',
    compare,
  ),
  route('POST', '/repos/{owner}/{repo}/merges', 'repos/merge', merges),
  route(
    'GET',
    '/repos/{owner}/{repo}/commits/{ref}/branches-where-head',
    'repos/list-branches-for-head-commit',
    branchesWithHead,
  ),
  route(
    'GET',
    '/repos/{owner}/{repo}/commits/{ref}/pulls',
    'repos/list-pull-requests-associated-with-commit',
    pullsOfCommit,
  ),
];

/** Declared last: a branch name may have slashes. */
export const commitTailRoutes = [
  route('GET', '/repos/{owner}/{repo}/commits/{ref+}', 'repos/get-commit', get),
];
