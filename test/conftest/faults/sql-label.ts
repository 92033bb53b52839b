/** What a statement writes, as `insert feedback` or `update staging.state`; null when it only reads. */
export function writeOf(statement: string): string | null {
  const text = statement.replaceAll('"', '').replace(/\s+/g, ' ').trim().toLowerCase();
  if (!/^(insert|update|delete|with|truncate|create|alter|drop)\b/.test(text)) return null;
  const insert = /\binsert into (?:public\.)?(\w+)/.exec(text);
  if (insert) return `insert ${insert[1] ?? ''}`;
  const update = /\bupdate (?:public\.)?(\w+)(?: as \w+| \w+)? set (\w+)/.exec(text);
  if (update) return `update ${update[1] ?? ''}.${update[2] ?? ''}`;
  const remove = /\bdelete from (?:public\.)?(\w+)/.exec(text);
  if (remove) return `delete ${remove[1] ?? ''}`;
  return text.startsWith('with') ? null : text.split(' ').slice(0, 3).join(' ');
}

/** The heartbeat of a lease comes by the clock, not by what is done: it is no point. */
const HEARTBEAT = 'update cron.lease_until';

/** Whether a write that commits by itself is a point. */
export function isPoint(write: string): boolean {
  return write !== HEARTBEAT;
}
