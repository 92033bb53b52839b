import { describe, expect, it } from '@jest/globals';
import { renderMetrics } from '../../../src/web/metrics.ts';

describe('renderMetrics', () => {
  it('prints gauges as Prometheus reads them, escaping labels and leaving out what has no value', () => {
    const text = renderMetrics([
      {
        name: 'queue_rows',
        help: 'rows waiting',
        samples: [
          { labels: { queue: 'feed"back', state: 'a\\b\n' }, value: 3 },
          { labels: { queue: 'none' }, value: null },
        ],
      },
    ]);
    expect(text).toBe(
      '# HELP queue_rows rows waiting\n# TYPE queue_rows gauge\nqueue_rows{queue="feed\\"back",state="a\\\\b\\n"} 3\n',
    );
  });
});
