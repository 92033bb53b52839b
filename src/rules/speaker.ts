/** Who gives a command, as GitHub names the account. */
export interface Speaker {
  readonly id: number;
  /** `User`, `Bot`, … */
  readonly type: string;
  /** Id of the App through which it was said in a person's name. */
  readonly viaApp: number | null;
}

/** Whom a project obeys beside people. */
export interface Obeyed {
  /** The bot's own accounts. */
  readonly ownIds: readonly string[];
  /** Accounts of bots, by numeric id. */
  readonly bots: readonly number[];
  /** Apps that may speak in the name of people, by numeric id. */
  readonly apps: readonly number[];
}

/**
 * Tells whether an account's words may be commands (R14, B-059): those of people are, those of bots and Apps when they are
 * listed by id, the bot's own never (I-17).
 */
export function isObeyed(speaker: Speaker, { ownIds, bots, apps }: Obeyed): boolean {
  if (ownIds.includes(String(speaker.id))) return false;
  if (speaker.viaApp !== null && !apps.includes(speaker.viaApp)) return false;
  return speaker.type !== 'Bot' || bots.includes(speaker.id);
}
