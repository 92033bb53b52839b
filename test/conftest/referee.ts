import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeenAnswer, SeenWebhook } from '../../sim/observer.ts';
import { checkAnswer, checkWebhook } from '../sim/support/schemas.ts';
import type { Deviation } from '../sim/support/validator.ts';

/** Environment variable with the address of the run's referee. */
export const REFEREE_URL = 'STAGECOACH_TEST_REFEREE';

/** What one simulator said. */
interface Testimony {
  readonly answers: readonly SeenAnswer[];
  readonly webhooks: readonly SeenWebhook[];
}

/**
 * Holds what simulators said against GitHub's published descriptions: one referee a run, in the process that starts the
 * tests. Making a validator of the descriptions takes a second, which each test file would have to spend again.
 */
export default async function startReferee(): Promise<void> {
  if (process.env[REFEREE_URL] !== undefined) return; // another project of this run has started it
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const said = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Testimony;
      response.setHeader('connection', 'close'); // nothing may hold the run up at its end
      response.end(JSON.stringify(judge(said)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  process.env[REFEREE_URL] = `http://127.0.0.1:${port}`; // jest's workers inherit it
}

function judge({ answers, webhooks }: Testimony): Deviation[] {
  return [...answers.flatMap(checkAnswer), ...webhooks.flatMap(checkWebhook)];
}
