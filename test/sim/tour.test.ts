import { describe, expect, it } from '@jest/globals';
import { tour } from './support/tour.ts';
import { GitHub } from './support/github.ts';

describe('the simulator, called once everywhere', () => {
  it('answers and tells as GitHub publishes it', async () => {
    const github = await GitHub.start();
    try {
      await tour(github);
      await github.idle();
      expect(github.surprises).toEqual([]);
    } finally {
      await github[Symbol.asyncDispose]().catch(() => undefined);
    }
  });
});
