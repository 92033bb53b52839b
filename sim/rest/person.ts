import { invalid } from '../errors.ts';
import { isRecord, type Call } from '../http/call.ts';

type Person = { name: string; email: string; seconds: number };

/** Who a commit or tag is by: the field of the call, else `usual`. @throws Refused 422 for a date that is none. */
export function personOf(call: Call, field: string, usual: Person): Person {
  const value = call.body[field];
  if (!isRecord(value)) return usual;
  const { name, email, date } = value;
  const seconds = typeof date === 'string' ? Math.floor(Date.parse(date) / 1000) : usual.seconds;
  if (Number.isNaN(seconds)) throw invalid({ resource: 'Commit', field: 'date', code: 'invalid' });
  return {
    name: typeof name === 'string' ? name : usual.name,
    email: typeof email === 'string' ? email : usual.email,
    seconds,
  };
}
