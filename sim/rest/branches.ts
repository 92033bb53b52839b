import { protectionOf } from '../acts/protection.ts';
import { notFound } from '../errors.ts';
import { ok, pageOf, param, repositoryOf, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { commitJson } from '../json/commit.ts';
import { repositoryApi, repositoryHtml } from '../json/repository.ts';
import { nodeId } from '../json/user.ts';
import { branchHead } from '../state/state.ts';
import type { Repository } from '../state/types.ts';
import { storeOf } from './commitish.ts';

function protectionSummary(call: Call, repository: Repository, branch: string) {
  const rule = protectionOf(repository, branch);
  const contexts = rule?.requiredStatuses?.contexts ?? [];
  return {
    protected: rule !== null,
    protection: {
      enabled: rule !== null,
      required_status_checks: {
        enforcement_level: rule?.requiredStatuses
          ? rule.enforceAdmins
            ? 'everyone'
            : 'non_admins'
          : 'off',
        contexts,
        checks: contexts.map((context) => ({ context, app_id: null })),
      },
    },
    protection_url: `${repositoryApi(call, repository)}/branches/${encodeURIComponent(branch)}/protection`,
  };
}

function shortBranch(call: Call, repository: Repository, branch: string) {
  const sha = branchHead(repository, branch) ?? '';
  return {
    name: branch,
    commit: { sha, url: `${repositoryApi(call, repository)}/commits/${sha}` },
    ...protectionSummary(call, repository, branch),
  };
}

function list(call: Call): Reply {
  const repository = repositoryOf(call);
  const wanted = call.query.get('protected');
  const names = [...repository.refs.keys()]
    .filter((ref) => ref.startsWith('refs/heads/'))
    .map((ref) => ref.slice('refs/heads/'.length))
    .filter(
      (name) =>
        wanted === null || (protectionOf(repository, name) !== null) === (wanted === 'true'),
    )
    .sort();
  return pageOf(call, {
    length: names.length,
    slice: (from, to) => names.slice(from, to).map((one) => shortBranch(call, repository, one)),
  });
}

async function get(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const branch = param(call, 'branch');
  const commit = await storeOf(call, repository).commit(branchHead(repository, branch) ?? '');
  if (!commit) throw notFound();
  return ok({
    name: branch,
    commit: commitJson(call, repository, commit),
    _links: {
      self: `${repositoryApi(call, repository)}/branches/${encodeURIComponent(branch)}`,
      html: `${repositoryHtml(call, repository)}/tree/${branch}`,
    },
    ...protectionSummary(call, repository, branch),
  });
}

function tags(call: Call): Reply {
  const repository = repositoryOf(call);
  const api = repositoryApi(call, repository);
  const found = [...repository.refs].filter(([ref]) => ref.startsWith('refs/tags/')).reverse();
  return pageOf(call, {
    length: found.length,
    slice: (from, to) =>
      found.slice(from, to).map(([ref, sha]) => {
        const name = ref.slice('refs/tags/'.length);
        return {
          name,
          commit: { sha, url: `${api}/commits/${sha}` },
          zipball_url: `${api}/zipball/${ref}`,
          tarball_url: `${api}/tarball/${ref}`,
          node_id: nodeId('REF', `${repository.id}:${ref}`),
        };
      }),
  });
}

export const branchRoutes = [
  route('GET', '/repos/{owner}/{repo}/branches', 'repos/list-branches', list),
  route('GET', '/repos/{owner}/{repo}/tags', 'repos/list-tags', tags),
];

/** Declared last: a branch name may have slashes. */
export const branchTailRoutes = [
  route('GET', '/repos/{owner}/{repo}/branches/{branch+}', 'repos/get-branch', get),
];
