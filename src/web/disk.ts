import { statfs } from 'node:fs/promises';
import type { Metric } from './metrics.ts';

/**
 * How much room the disk of a folder has: what to warn a person by, before git and an embedded PostgreSQL run out of it.
 * The bot itself stops at no mark: how much is little only its operator knows, and what finds no room waits and is tried
 * again (reliability F-095).
 */
export async function describeDisk(folder: string | undefined): Promise<Metric[]> {
  const disk = folder === undefined ? null : await statfs(folder);
  const figure = (name: string, help: string, blocks: number | undefined): Metric => ({
    name,
    help,
    samples: [{ labels: {}, value: disk && blocks !== undefined ? blocks * disk.bsize : null }],
  });
  return [
    figure(
      'stagecoach_disk_free_bytes',
      'room below data_dir that the account of the bot may use',
      disk?.bavail,
    ),
    figure('stagecoach_disk_bytes', 'size of the disk below data_dir', disk?.blocks),
  ];
}
