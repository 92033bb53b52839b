import { Marked, type Tokens } from 'marked';
import { escapeText, isHarmless, type Html } from './html.ts';
import { createCleaner, escapeProse, type Cleaner } from './raw-html.ts';

/** What a text may speak of: the world around it. */
export interface Surroundings {
  /** Whether there is such an account. */
  readonly isAccount: (login: string) => boolean;
  /** The address of an issue or pull request, here (`repository` null) or elsewhere; null when there is none. */
  readonly addressOf: (repository: string | null, number: number) => string | null;
}

/**
 * Shows what people and bots write, as GitHub does: GitHub-flavoured Markdown, a line's end as a line's end,
 * accounts and numbers that exist as mentions and links. HTML in it is cleaned: nothing of it can run.
 */
export function renderMarkdown(text: string, around: Surroundings): Html {
  const cleaner = createCleaner();
  const marked = new Marked({ gfm: true, breaks: true, renderer: rendererFor(cleaner, around) });
  return { html: marked.parse(text, { async: false }) + cleaner.close() };
}

interface Speaker {
  parser: { parseInline: (tokens: Tokens.Link['tokens']) => string };
}

function rendererFor(cleaner: Cleaner, around: Surroundings) {
  let isInLink = false;
  return {
    html: ({ text }: Tokens.HTML | Tokens.Tag): string => cleaner.clean(text),
    link(this: Speaker, { href, tokens }: Tokens.Link): string {
      const before = isInLink;
      isInLink = true;
      const inner = this.parser.parseInline(tokens);
      isInLink = before;
      return isHarmless(href) ? `<a href="${escapeText(href)}">${inner}</a>` : inner;
    },
    image: ({ href, text }: Tokens.Image): string =>
      isHarmless(href)
        ? `<img src="${escapeText(href)}" alt="${escapeText(text)}">`
        : escapeText(text),
    text(this: Speaker, token: Tokens.Text | Tokens.Escape): string {
      if (token.type === 'text' && token.tokens) return this.parser.parseInline(token.tokens);
      if (token.type === 'escape' || isInLink) return escapeProse(token.text);
      return speakOf(token.text, around);
    },
  };
}

const MENTION = /(?<![\w`@/.-])@([a-z\d](?:-?[a-z\d])*)(?![\w@])/gi;
const REFERENCE = /(?<![\w&./#-])([\w.-]+\/[\w.-]+)?#(\d{1,9})(?!\w)/g;

function speakOf(text: string, around: Surroundings): string {
  return escapeProse(text)
    .replace(REFERENCE, (written, repository: string | undefined, number: string) => {
      const address = around.addressOf(repository ?? null, Number(number));
      return address === null ? written : `<a href="${escapeText(address)}">${written}</a>`;
    })
    .replace(MENTION, (written, login: string) =>
      around.isAccount(login) ? `<b>${written}</b>` : written,
    );
}
