import { html, link } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import type { Gate } from '../../rules/gates.ts';
import { isOpen } from '../../rules/pull-request.ts';
import type { PullView } from '../queries/pull-view.ts';
import type { PortTable } from '../queries/port-table.ts';
import type { PullRef } from '../queries/pull-refs.ts';
import type { Reader } from './layout.ts';
import { badge, branchPath, pullPath, sha } from './pieces.ts';
import { portsPart } from './ports.ts';
import { moment } from './time.ts';
import { pullLabel, SHAPES, statusLabel } from './tone.ts';

/** What the page of a pull request shows beside the object of the API. */
export interface PullPage {
  readonly pull: PullView;
  readonly project: string;
  readonly body: string;
  readonly ports: PortTable;
}

/** Everything about one pull request; first of all, why it is not merging. */
export function pullPage({ pull, project, body, ports }: PullPage, reader: Reader): Html {
  return html`<article class="page pull-page">
    <h1>
      ${badge(pullLabel(pull))} ${pull.title}
      <span class="muted">${link(pull.url, `${pull.repository}#${pull.number}`)}</span>
    </h1>
    ${outcome(pull, reader)}
    <div class="columns">
      <div>
        ${isOpen(pull.state) ? gatesPart(pull.gates, reader) : ''} ${statusesPart(pull)}
        ${portsPart(ports, pull)} ${description(body)}
      </div>
      <aside>${facts(pull, project, reader)}</aside>
    </div>
  </article>`;
}

/** One sentence that says where it stands. */
function outcome(pull: PullView, { now }: Reader): Html {
  if (pull.state === 'merged')
    return html`<p class="outcome is-done">
      Merged ${moment(pull.merged_at, now)} as
      ${sha(pull.merged_sha)}${pull.closing_waits ? '; closing waits for feedback' : ''}.
    </p>`;
  if (pull.state === 'closed')
    return html`<p class="outcome is-quiet">Closed without being merged.</p>`;
  if (pull.state === 'error')
    return html`<p class="outcome is-bad">${pull.error ?? 'It could not be staged.'}</p>`;
  if (pull.staging !== null)
    return html`<p class="outcome is-running">Being tested in staging ${pull.staging}.</p>`;
  const held = pull.blocked ?? firstClosed(pull.gates);
  return held === null
    ? html`<p class="outcome is-good">Ready: it waits for its turn.</p>`
    : html`<p class="outcome is-warning">${held}</p>`;
}

/** What holds one that is not blocked by itself, as a switch that is off. Waiting for its turn is no hindrance. */
function firstClosed(gates: readonly Gate[]): string | null {
  const closed = gates.find(({ gate, ok }) => !ok && gate !== 'turn');
  return closed ? `Held: ${closed.detail}` : null;
}

/** The gates (R12): closed ones open at once, open ones behind a fold. */
function gatesPart(gates: readonly Gate[], { now }: Reader): Html {
  const closed = gates.filter((gate) => !gate.ok);
  const open = gates.filter((gate) => gate.ok);
  return html`<section class="part">
    <h2>Why is it not merging?</h2>
    ${
      closed.length === 0
        ? html`<p>Nothing holds it.</p>`
        : html`<ul class="gates plain">
            ${closed.map((gate) => gateLine(gate, now))}
          </ul>`
    }
    <details id="open-gates">
      <summary>${open.length} gates are open</summary>
      <ul class="gates plain">
        ${open.map((gate) => gateLine(gate, now))}
      </ul>
    </details>
  </section>`;
}

function gateLine({ gate, ok, since, detail, who_can_act }: Gate, now: Date): Html {
  const tone = ok ? 'good' : 'bad';
  return html`<li class="gate">
    <span class="shape is-${tone}" aria-hidden="true">${SHAPES[tone]}</span>
    <b>${gate}</b>
    <span
      >${detail}${since === null || ok ? '' : html` <span class="muted">${moment(since, now)}</span>`}</span
    >
    ${who_can_act === null || who_can_act === 'nobody' ? '' : html`<span class="who-acts">waits for ${who_can_act}</span>`}
  </li>`;
}

function statusesPart({ statuses }: PullView): Html {
  if (statuses.length === 0) return html``;
  return html`<section class="part">
    <h2>Statuses</h2>
    <ul class="chips plain">
      ${statuses.map((status) => html`<li>${statusChip(status)}</li>`)}
    </ul>
  </section>`;
}

function statusChip({
  context,
  state,
  url,
  required,
  description,
  overridden,
}: PullView['statuses'][number]): Html {
  const { tone, word } = statusLabel(state);
  const remarks = [overridden === true ? 'overridden' : word, !required && 'optional'].filter(
    Boolean,
  );
  const text = html`<span class="shape" aria-hidden="true">${SHAPES[tone]}</span>${context}
    <span class="word">${remarks.join(', ')}</span>`;
  return html`<span class="chip is-${tone}" title="${description}">${link(url, text)}</span>`;
}

function facts(pull: PullView, project: string, reader: Reader): Html {
  const rows: (readonly [string, Html | string | number | null])[] = [
    ['Target', html`<a href="${branchPath(project, pull.target)}">${pull.target}</a>`],
    ['Head', sha(pull.head)],
    ['Author', pull.author],
    ['Approved by', approval(pull)],
    ['Merge method', pull.merge_method],
    ['Priority', pull.priority === 'default' ? null : pull.priority],
    ['Batch', pull.batch],
    ['Staging', pull.staging],
    ['Merged as', pull.merged_sha === null ? null : sha(pull.merged_sha)],
    ['Merged', pull.merged_at === null ? null : moment(pull.merged_at, reader.now)],
    ['Forward-port of', mention(pull.source)],
    ['Follows', pull.parent?.name === pull.source?.name ? null : mention(pull.parent)],
    ['Detached', pull.detach_reason],
    ['Port limit', pull.limit],
    ['Port policy', pull.fw_policy === 'default' ? null : pull.fw_policy],
  ];
  return html`<dl class="facts">
    ${rows.map(([name, value]) =>
      value === null
        ? ''
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`,
    )}
  </dl>`;
}

function approval({ approved_by, approved_sha, head }: PullView): Html | string | null {
  if (approved_by !== null) return approved_by;
  return approved_sha === null || approved_sha === head
    ? null
    : html`<span class="muted">only for ${sha(approved_sha)}</span>`;
}

function mention(ref: PullRef | null): Html | null {
  return (
    ref && html`<a href="${pullPath(ref)}">${ref.name}</a> <span class="muted">${ref.target}</span>`
  );
}

/** As its author wrote it: text, not markup. */
function description(body: string): Html {
  if (body.trim() === '') return html``;
  return html`<section class="part">
    <h2>Description</h2>
    <pre class="description">${body}</pre>
  </section>`;
}
