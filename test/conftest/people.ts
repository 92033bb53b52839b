/** A JSON answer of GitHub; stories know what they asked for. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shapes are GitHub's, not ours
export type Json = any;

/** GitHub as one person sees it. Whatever goes wrong there fails the story. */
export interface Person {
  readonly login: string;
  get(path: string): Promise<Json>;
  post(path: string, body?: unknown): Promise<Json>;
  put(path: string, body?: unknown): Promise<Json>;
  patch(path: string, body?: unknown): Promise<Json>;
  delete(path: string): Promise<Json>;
}

/** Speaks HTTP to the simulator, as somebody or to its control interface. */
export async function call(
  url: string,
  { method, body, token }: { method: string; body?: unknown; token?: string },
): Promise<Json> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 400)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** @param sim address of the simulator. */
export function personAt(sim: string, login: string): Person {
  const as = (method: string) => (path: string, body?: unknown) =>
    call(sim + path, { method, body, token: `tok-${login}` });
  return {
    login,
    get: as('GET'),
    post: as('POST'),
    put: as('PUT'),
    patch: as('PATCH'),
    delete: as('DELETE'),
  };
}
