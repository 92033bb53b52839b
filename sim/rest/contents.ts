import { identityOf } from '../acts/merge.ts';
import { objections } from '../acts/protection.ts';
import { push } from '../acts/push.ts';
import { notFound, Refused } from '../errors.ts';
import { entryType } from '../git/tree.ts';
import {
  caller,
  isRecord,
  needText,
  ok,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { gitCommitJson } from '../json/commit.ts';
import { repositoryApi, repositoryHtml } from '../json/repository.ts';
import type { Json } from '../json/user.ts';
import { branchHead } from '../state/state.ts';
import type { Repository } from '../state/types.ts';
import { resolve, storeOf } from './commitish.ts';
import { changeTree } from '../git/change-tree.ts';

interface Entry {
  readonly path: string;
  readonly sha: string;
  readonly type: string;
  readonly size: number;
}

function entryJson(call: Call, repository: Repository, what: { entry: Entry; ref: string }): Json {
  const { entry, ref } = what;
  const path = encodeURI(entry.path);
  const self = `${repositoryApi(call, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${repositoryApi(call, repository)}/git/${entry.type === 'dir' ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${repositoryHtml(call, repository)}/${entry.type === 'dir' ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    name: entry.path.split('/').pop() ?? '',
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    html_url: html,
    git_url: git,
    download_url:
      entry.type === 'dir' ? null : `${repositoryHtml(call, repository)}/raw/${ref}/${path}`,
    type: entry.type,
    _links: { self, git, html },
  };
}

async function get(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = await resolve(call, repository, ref);
  const path = (call.params['path'] ?? '').replace(/\/$/, '');
  const store = storeOf(call, repository);
  const object =
    commit && (await store.object(path === '' ? commit.tree : `${commit.sha}:${path}`));
  if (!object) throw notFound();
  if (object.type === 'tree') {
    const entries = (await store.tree(object.sha))?.entries ?? [];
    const list = await Promise.all(
      entries.map(async (one) => {
        const kind = entryType(one.mode);
        const size = kind === 'blob' ? ((await store.object(one.sha))?.content.length ?? 0) : 0;
        const entry = {
          path: path === '' ? one.path : `${path}/${one.path}`,
          sha: one.sha,
          size,
          type: kind === 'tree' ? 'dir' : 'file',
        };
        return entryJson(call, repository, { entry, ref });
      }),
    );
    return ok(list);
  }
  if (/\.raw\b/.test(call.headers.accept ?? ''))
    return {
      status: 200,
      body: object.content,
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    };
  const entry = { path, sha: object.sha, size: object.content.length, type: 'file' };
  return ok({
    ...entryJson(call, repository, { entry, ref }),
    content: object.content.toString('base64'),
    encoding: 'base64',
  });
}

async function write(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const by = caller(call);
  const branch = text(call, 'branch') ?? repository.defaultBranch;
  const path = param(call, 'path');
  const removes = call.method === 'DELETE';
  const message = needText(call, 'message', 'Content');
  const store = storeOf(call, repository);
  return call.sim.locked(repository.networkId, async () => {
    const from = branchHead(repository, branch);
    if (from === undefined && repository.refs.size > 0)
      throw new Refused(404, `Branch ${branch} not found`);
    const old = from === undefined ? null : await store.object(`${from}:${path}`);
    if (old && text(call, 'sha') === undefined)
      throw new Refused(422, `Invalid request.\n\n"sha" wasn't supplied.`);
    if (old && text(call, 'sha') !== old.sha)
      throw new Refused(409, `${path} does not match ${text(call, 'sha') ?? ''}`);
    if (!old && removes) throw notFound();
    const blob = removes
      ? null
      : store.write('blob', Buffer.from(text(call, 'content') ?? '', 'base64'));
    const base = from === undefined ? null : ((await store.commit(from))?.tree ?? null);
    const tree = await changeTree(call, repository, {
      base,
      changes: [{ path, mode: '100644', sha: blob }],
    });
    const who = identityOf(by);
    const given = call.body['author'];
    const author =
      isRecord(given) && typeof given['name'] === 'string' && typeof given['email'] === 'string'
        ? { ...who, name: given['name'], email: given['email'] }
        : who;
    const to = store.writeCommit({
      tree,
      parents: from === undefined ? [] : [from],
      author,
      committer: who,
      message,
    });
    const found = objections(call.sim, repository, {
      branch,
      user: by,
      kind: 'update',
      forced: false,
      to,
      merges: false,
      viaMerge: false,
    });
    if (found[0]) throw new Refused(409, found[0].text);
    await push(call.sim, repository, {
      updates: [{ ref: `refs/heads/${branch}`, from: from ?? null, to, forced: false }],
      by,
    });
    const commit = await store.commit(to);
    if (!commit) throw notFound();
    const size = blob === null ? 0 : ((await store.object(blob))?.content.length ?? 0);
    const content =
      blob === null
        ? null
        : entryJson(call, repository, {
            entry: { path, sha: blob, size, type: 'file' },
            ref: branch,
          });
    return {
      status: old ? 200 : 201,
      body: { content, commit: gitCommitJson(call, repository, commit) },
    };
  });
}

const AT = '/repos/{owner}/{repo}/contents';

export const contentRoutes = [
  route('GET', AT, 'repos/get-content', get),
  route('GET', `${AT}/`, 'repos/get-content', get),
  route('GET', `${AT}/{path+}`, 'repos/get-content', get),
  route('PUT', `${AT}/{path+}`, 'repos/create-or-update-file-contents', write),
  route('DELETE', `${AT}/{path+}`, 'repos/delete-file', write),
];
