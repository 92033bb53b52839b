import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenAnswer, SeenWebhook } from '../../sim/observer.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator as start,
} from '../../sim/simulator.ts';
import type { Deviation } from '../sim/support/validator.ts';
import { REFEREE_URL } from './referee.ts';

/** A simulator whose every REST answer and webhook is held against what GitHub publishes. */
export interface WatchedSimulator extends Simulator {
  /** All disagreements since the last question, those of `sim/README.md` too. */
  deviations(): Promise<Deviation[]>;
  /** Disagreements since the last question that nobody has written down, one line each: they fail a test. */
  surprises(): Promise<string[]>;
}

/** Starts a simulator for a test. The only way to one: an import rule keeps the others shut. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<WatchedSimulator> {
  const answers: SeenAnswer[] = [];
  const webhooks: SeenWebhook[] = [];
  const simulator = await start({
    ...options,
    observer: {
      answer: (seen) => void answers.push(seen),
      webhook: (seen) => void webhooks.push(seen),
    },
  });
  const deviations = (): Promise<Deviation[]> =>
    judged({ answers: answers.splice(0), webhooks: webhooks.splice(0) });
  const surprises = async (): Promise<string[]> => {
    const known = writtenDown();
    const unknown = (await deviations()).filter(
      ({ place }) => !known.some((one) => one.test(place)),
    );
    return [...new Set(unknown.map((one) => `${one.place}: ${one.complaint}`))];
  };
  return { ...simulator, deviations, surprises };
}

async function judged(said: object): Promise<Deviation[]> {
  const url = process.env[REFEREE_URL];
  if (url === undefined) throw new Error('no referee: this jest project has no globalSetup');
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(said) });
  return (await response.json()) as Deviation[];
}

/** The places whose deviations are written down with their reason, in `sim/README.md`; `*` stands for any text. */
export function writtenDown(): RegExp[] {
  const text = readFileSync(join(import.meta.dirname, '../../sim/README.md'), 'utf8');
  const part = text.split('## Deviations')[1] ?? '';
  const places = [...part.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
  return places.map((one) => new RegExp(`^${one.replaceAll('*', '.*')}$`));
}
