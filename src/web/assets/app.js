// What pages can do beside being read: stay up to date, change their theme, and ask before they change anything.

const byId = (id) => document.getElementById(id);
const policy = globalThis.trustedTypes?.createPolicy('stagecoach', { createHTML: (text) => text });

// ---- times -----------------------------------------------------------------------------------------------------

const STEPS = [
  [86400000, 'd'],
  [3600000, 'h'],
  [60000, 'min'],
];

function formatSpan(ms) {
  const step = STEPS.find(([size]) => ms >= size);
  return step
    ? `${Math.floor(ms / step[0])} ${step[1]}`
    : `${Math.max(0, Math.floor(ms / 1000))} s`;
}

function refreshTimes() {
  for (const time of document.querySelectorAll('time')) {
    const ms = Date.now() - Date.parse(time.dateTime);
    time.textContent = ms >= 0 ? `${formatSpan(ms)} ago` : `in ${formatSpan(-ms)}`;
  }
}

// ---- staying up to date ----------------------------------------------------------------------------------------

let loading = false;
let wanted = false;

/** Loads the page again and puts its main part in place of the old one; what was unfolded stays so. */
async function reload() {
  wanted = true;
  if (loading || byId('ask').open || isTyping()) return;
  loading = true;
  wanted = false;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (answer.ok) replaceMain(await answer.text());
  } catch {
    // the stream says by itself when the server is gone
  } finally {
    loading = false;
  }
  if (wanted) reload();
}

function isTyping() {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement && byId('main').contains(focused);
}

function replaceMain(text) {
  const fresh = new DOMParser().parseFromString(
    policy ? policy.createHTML(text) : text,
    'text/html',
  );
  const [old, main] = [byId('main'), fresh.getElementById('main')];
  if (!main) return;
  for (const open of old.querySelectorAll('details[open][id]'))
    fresh.getElementById(open.id)?.setAttribute('open', '');
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset.call : null;
  old.replaceWith(document.adoptNode(main));
  if (focused) document.querySelector(`[data-call="${CSS.escape(focused)}"]`)?.focus();
  document.title = fresh.title;
  refreshTimes();
}

function listen() {
  const stream = new EventSource('/events');
  const show = (isLive) => {
    byId('live').textContent = isLive ? 'live' : 'not live';
    byId('live').classList.toggle('on', isLive);
  };
  let wasLost = false;
  stream.addEventListener('open', () => {
    show(true);
    if (wasLost) reload();
  });
  stream.addEventListener('error', () => {
    wasLost = true;
    show(false);
  });
  stream.addEventListener('change', reload);
}

// ---- theme -----------------------------------------------------------------------------------------------------

const THEMES = ['system', 'light', 'dark'];

function changeTheme() {
  const root = document.documentElement;
  const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? 'system') + 1) % THEMES.length];
  if (next === 'system') delete root.dataset.theme;
  else root.dataset.theme = next;
  localStorage.setItem('theme', next);
  showTheme();
}

function showTheme() {
  byId('theme').textContent = `Theme: ${document.documentElement.dataset.theme ?? 'system'}`;
}

// ---- buttons ---------------------------------------------------------------------------------------------------

let asked = null;

/** Asks for the reason of an act; nothing is sent before. */
function ask(button) {
  asked = button.dataset;
  byId('ask-title').textContent = asked.ask;
  byId('ask-error').textContent = '';
  byId('ask').showModal();
  byId('ask-reason').focus();
}

async function act(event) {
  event.preventDefault();
  const [method, path] = asked.call.split(' ');
  const body = { ...JSON.parse(asked.body), reason: byId('ask-reason').value };
  const headers = { 'content-type': 'application/json' };
  try {
    const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error((await answer.json()).message);
    byId('ask').close();
    byId('ask-reason').value = '';
    reload();
  } catch (error) {
    byId('ask-error').textContent = error.message;
  }
}

// ---- batches ---------------------------------------------------------------------------------------------------

/** The same batch may stand in several places: all of them are marked while the pointer is on one. */
function markBatch(event) {
  const batch = event.target.closest?.('[data-batch]')?.dataset.batch;
  for (const one of document.querySelectorAll('[data-batch].marked'))
    one.classList.remove('marked');
  if (batch === undefined) return;
  for (const one of document.querySelectorAll(`[data-batch="${batch}"]`))
    one.classList.add('marked');
}

// ---- start -----------------------------------------------------------------------------------------------------

document.documentElement.classList.add('scripted');
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-call]');
  if (button) ask(button);
});
document.addEventListener('pointerover', markBatch);
document.addEventListener('focusout', () => setTimeout(() => wanted && reload(), 0));
byId('theme').addEventListener('click', changeTheme);
byId('ask-cancel').addEventListener('click', () => byId('ask').close());
byId('ask').addEventListener('close', () => wanted && reload());
byId('ask').querySelector('form').addEventListener('submit', act);
byId('logout')?.addEventListener('click', async () => {
  await fetch('/logout', { method: 'POST' });
  location.assign('/');
});
setInterval(refreshTimes, 15000);
showTheme();
listen();
