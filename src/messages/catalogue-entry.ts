/** One message as docs/MESSAGES.md shows it. */
export interface CatalogueEntry {
  /** Stable name; the hidden marker of a comment begins with it. */
  readonly key: string;
  /** When it is said. */
  readonly when: string;
  /** Who is mentioned. */
  readonly pings: string;
  /** What it looks like, from invented facts. */
  readonly sample: string;
}
