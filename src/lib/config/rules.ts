/** What the file's keys mean elsewhere in the program; this room must not know those rooms. */
export interface ConfigRules {
  /** The crons there are, for the keys below `crons`. */
  readonly cronNames: readonly string[];
  /** The grammar of `substitutions`. */
  readSubstitution(
    line: string,
  ):
    | { readonly kind: 'substitution'; readonly substitution: { readonly pattern: string } }
    | { readonly kind: 'invalid'; readonly reason: string };
}
