/** Words a command line may hold where a command begins, as they are typed. */
const FORMS: readonly string[] = [
  'r+',
  'r-',
  'review+',
  'review-',
  'retry',
  'rebase-merge',
  'rebase-ff',
  'merge',
  'squash',
  'check',
  'info',
  'help',
  'delegate+',
  'override=',
  'nice',
  'default',
  'priority',
  'alone',
  'cancel=staging',
  'skipchecks',
  'NOW',
  'NOW!',
  'reset=',
  'fw=',
  'up to',
  'ignore',
  'close',
  'remindme:',
];
/** What people of other bots, or of older grammars, write. */
const HABITS: Readonly<Record<string, string>> = {
  approve: 'r+',
  approved: 'r+',
  lgtm: 'r+',
  accept: 'r+',
  reject: 'r-',
  unapprove: 'r-',
  unreview: 'r-',
  rebase: 'rebase-merge',
  p: 'priority',
  upto: 'up to',
  to: 'up to',
  status: 'info',
  why: 'info',
  cancel: 'cancel=staging',
  forwardport: 'fw=',
  rollup: 'nice',
  try: 'retry',
  delegate: 'delegate+',
  skipci: 'fw=skipci',
  skipmerge: 'fw=skipmerge',
};
/** Spellings and what they stand for; habits last, so that a real word wins a tie. */
const CANDIDATES = [
  ...FORMS.map((form) => [letters(form), form] as const),
  ...Object.entries(HABITS),
];
/** Longer words are no slips of the pen. */
const LONGEST_WORD = 20;

/** Gives the command that was probably meant by an unknown word, or null. */
export function suggestCommand(word: string): string | null {
  const bare = word.toLowerCase().replace(/^[^a-z]+|[^a-z]+$/g, '');
  if (bare === '' || word.length > LONGEST_WORD) return null;
  const exact = FORMS.find((form) => form.toLowerCase() === word.toLowerCase());
  if (exact !== undefined) return exact;
  const best = CANDIDATES.map(([spelling, form]) => ({
    form,
    distance: editDistance(bare, spelling),
  })).reduce((nearest, one) => (one.distance < nearest.distance ? one : nearest));
  return best.distance <= allowedSlips(bare) ? best.form : null;
}

function letters(form: string): string {
  return form.toLowerCase().replace(/[^a-z-]|-$/g, '');
}

function allowedSlips(word: string): number {
  if (word.length <= 2) return 0;
  return word.length <= 5 ? 1 : 2;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
export function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = swaps ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
