/** Somebody in a commit, with the time as ISO (UTC) and as git wrote it. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  readonly date: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Identity;
  readonly committer: Identity;
  readonly message: string;
}

/** Reads the content of a commit object. */
export function parseCommit(sha: string, content: Buffer): Commit {
  const text = content.toString('utf8');
  const cut = text.indexOf('\n\n');
  const head = cut < 0 ? text : text.slice(0, cut);
  const parents: string[] = [];
  const fields = new Map<string, string>();
  for (const line of head.split('\n')) {
    const space = line.indexOf(' ');
    const key = line.slice(0, space);
    if (key === 'parent') parents.push(line.slice(space + 1));
    else if (key !== '' && !fields.has(key)) fields.set(key, line.slice(space + 1));
  }
  return {
    sha,
    tree: fields.get('tree') ?? '',
    parents,
    author: parseIdentity(fields.get('author') ?? ''),
    committer: parseIdentity(fields.get('committer') ?? ''),
    message: (cut < 0 ? '' : text.slice(cut + 2)).replace(/\n$/, ''),
  };
}

function parseIdentity(line: string): Identity {
  const match = /^(.*?) ?<([^>]*)>(?: (-?\d+) ([+-]\d{4}))?/.exec(line);
  const seconds = Number(match?.[3] ?? 0);
  const date = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', date, seconds };
}

/** What a new commit is made of; times in seconds since the epoch, written in UTC. */
export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Pick<Identity, 'name' | 'email' | 'seconds'>;
  readonly committer: Pick<Identity, 'name' | 'email' | 'seconds'>;
  readonly message: string;
}

/** The content of a commit object. */
export function printCommit(commit: NewCommit): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${printIdentity(commit.author)}`,
    `committer ${printIdentity(commit.committer)}`,
    '',
    commit.message,
  ];
  return Buffer.from(`${lines.join('\n')}\n`);
}

function printIdentity(who: NewCommit['author']): string {
  const clean = (text: string): string => text.replace(/[<>\n\0]/g, '').trim();
  return `${clean(who.name)} <${clean(who.email)}> ${who.seconds} +0000`;
}
