import type { Commit, Identity } from '../git/commit.ts';
import type { FileChange } from '../git/diff-tree.ts';
import type { Repository, User } from '../state/types.ts';
import { repositoryApi, repositoryHtml } from './repository.ts';
import { nodeId, userJson, type Json, type View } from './user.ts';

/** The account with this e-mail address: how GitHub finds who made a commit. */
export function userByEmail(view: View, email: string): User | undefined {
  const wanted = email.toLowerCase();
  const noreply = /^(?:(\d+)\+)?([^@]+)@users\.noreply\./.exec(wanted);
  if (noreply) {
    const id = view.state.logins.get(noreply[2] ?? '');
    return id === undefined ? undefined : view.state.users.get(id);
  }
  for (const user of view.state.users.values())
    if (user.email !== null && user.email.toLowerCase() === wanted) return user;
  return undefined;
}

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

/** A commit as lists, pull requests and compare show it. */
export function commitJson(view: View, repository: Repository, commit: Commit): Json {
  const api = repositoryApi(view, repository);
  const html = repositoryHtml(view, repository);
  const account = (who: Identity): Json | null => {
    const user = userByEmail(view, who.email);
    return user ? userJson(view, user) : null;
  };
  return {
    sha: commit.sha,
    node_id: nodeId('C', `${repository.id}:${commit.sha}`),
    commit: {
      author: personJson(commit.author),
      committer: personJson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

/** `GET /repos/{owner}/{repo}/git/commits/{sha}`. */
export function gitCommitJson(view: View, repository: Repository, commit: Commit): Json {
  const api = repositoryApi(view, repository);
  const html = repositoryHtml(view, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('C', `${repository.id}:${commit.sha}`),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: personJson(commit.author),
    committer: personJson(commit.committer),
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

/** The few words about a commit that check suites carry. */
export function simpleCommitJson(commit: Commit): Json {
  const person = ({ name, email }: Identity): Json => ({ name, email });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: person(commit.author),
    committer: person(commit.committer),
  };
}

/** Name, address and time. */
function personJson(who: Identity): Json {
  return { name: who.name, email: who.email, date: who.date };
}

/** One changed file of a commit, comparison or pull request. */
export function fileJson(
  view: View,
  place: { repository: Repository; sha: string },
  file: { change: FileChange; patch: string | undefined },
): Json {
  const { change, patch } = file;
  const api = repositoryApi(view, place.repository);
  const html = repositoryHtml(view, place.repository);
  const path = encodeURI(change.path);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${place.sha}/${path}`,
    raw_url: `${html}/raw/${place.sha}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${place.sha}`,
    ...(patch === undefined ? {} : { patch }),
    ...(change.previous === null ? {} : { previous_filename: change.previous }),
  };
}
