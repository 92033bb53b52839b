import { identityOf } from '../acts/merge.ts';
import { notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  needText,
  ok,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { repositoryApi } from '../json/repository.ts';
import { nodeId } from '../json/user.ts';
import type { Repository } from '../state/types.ts';
import { storeOf } from './commitish.ts';
import { personOf } from './person.ts';

async function createTag(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const store = storeOf(call, repository);
  const [tag, object, type] = [
    needText(call, 'tag'),
    needText(call, 'object'),
    needText(call, 'type'),
  ];
  if ((await store.object(object))?.type !== type) throw new Refused(422, 'Object does not exist');
  const who = personOf(call, 'tagger', identityOf(caller(call)));
  const message = text(call, 'message') ?? '';
  const content = `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${who.name} <${who.email}> ${who.seconds} +0000\n\n${message}\n`;
  const sha = store.write('tag', Buffer.from(content));
  const made = await store.object(sha);
  return created(
    tagJson(call, repository, { sha, content: made?.content.toString('utf8') ?? content }),
  );
}

async function getTag(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const object = await storeOf(call, repository).object(param(call, 'tag_sha'));
  if (object?.type !== 'tag') throw notFound();
  return ok(
    tagJson(call, repository, { sha: object.sha, content: object.content.toString('utf8') }),
  );
}

function tagJson(call: Call, repository: Repository, what: { sha: string; content: string }) {
  const api = repositoryApi(call, repository);
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(what.content)?.[1] ?? '';
  const tagger = /^tagger (.*) <(.*)> (\d+)/m.exec(what.content);
  const cut = what.content.indexOf('\n\n');
  return {
    node_id: nodeId('TAG', `${repository.id}:${what.sha}`),
    tag: field('tag'),
    sha: what.sha,
    url: `${api}/git/tags/${what.sha}`,
    message: what.content.slice(cut + 2).replace(/\n$/, ''),
    tagger: {
      name: tagger?.[1] ?? '',
      email: tagger?.[2] ?? '',
      date: new Date(Number(tagger?.[3] ?? 0) * 1000).toISOString().replace('.000', ''),
    },
    object: {
      sha: field('object'),
      type: field('type'),
      url: `${api}/git/${field('type')}s/${field('object')}`,
    },
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}

export const tagRoutes = [
  route('POST', '/repos/{owner}/{repo}/git/tags', 'git/create-tag', createTag),
  route('GET', '/repos/{owner}/{repo}/git/tags/{tag_sha}', 'git/get-tag', getTag),
];
