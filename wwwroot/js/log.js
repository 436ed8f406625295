// The log of the open room: puts articles by their place, and dresses what everybody gets for this reader.
import { live, me, account } from './live.js';
import { localise, dayOf } from './times.js';

export const log = document.querySelector('[role="log"][data-room]');
export const articles = () => log.querySelectorAll('article[data-seq]');
export const seqOf = article => Number(article.dataset.seq);
export const last = () => { const all = articles(); return all.length ? seqOf(all[all.length - 1]) : 0; };

const parse = html => { const box = document.createElement('template'); box.innerHTML = html; return box.content; };

/** Puts one article: in its place if it is new, over the old one if it has changed since. What is of before this page comes with the older ones. */
function put(article) {
	const seq = seqOf(article);
	if ('line' in article.dataset) for (const said of log.querySelectorAll(`.quote[data-seq="${seq}"] > span`)) said.textContent = article.dataset.line;
	const old = document.getElementById(article.id);
	if (old) {
		if (Number(article.dataset.rev) > Number(old.dataset.rev)) replace(old, article);
		return false;
	}
	const first = articles()[0];
	if (first && seq < seqOf(first) && log.querySelector('.older')) {
		repin(isPinned(seq), article);
		return false;
	}
	let before = log.lastElementChild;
	while (before && !(before.dataset.seq && seqOf(before) < seq)) before = before.previousElementSibling;
	before ? before.after(article) : log.prepend(article);
	const older = log.querySelector('.older');
	if (older && older !== log.firstElementChild) log.prepend(older);
	return true;
}

const isPinned = seq => document.querySelector('#pinned')?.dataset.seqs?.split(' ').includes(String(seq));
const askForPinned = () => document.body.dispatchEvent(new CustomEvent('room-changed'));

/** What is pinned stands above the log in its own words: asked for when it was pinned, unpinned, edited or taken back. */
function repin(wasPinned, article) {
	const pinned = article.matches('.pinned');
	if (pinned !== wasPinned || pinned && 'line' in article.dataset) askForPinned();
}

/** The new one stands where the old one stood; who had the menu or a button of it under the fingers keeps it. */
function replace(old, article) {
	const menu = old.querySelector('.menu[open]');
	const held = old.contains(document.activeElement) && document.activeElement.closest('.reaction, .open, summary');
	old.replaceWith(article);
	repin(old.matches('.pinned'), article);
	if (menu && article.querySelector('.menu')) article.querySelector('.menu').replaceWith(menu);
	if (held) (held.isConnected ? held : article.querySelector(held.matches('summary') ? 'summary' : held.matches('.open') ? '.lucky :is(.open, a)' : `.reaction[value="${CSS.escape(held.value)}"]`))?.focus();
}

/** Takes a fragment in. Returns the articles that are new to this page, in order. Only what the socket brings moves the cursor. */
export function take(html, { isAnswer = false } = {}) {
	const fragment = parse(html);
	const anew = fragment.querySelector('[data-anew]');
	if (anew) {
		if (anew.dataset.anew !== log.dataset.room) return [];
		for (const shown of log.querySelectorAll(':scope > :not(.sending, .failed)')) shown.remove();
		const older = anew.querySelector('.older');
		if (older) { log.prepend(older); htmx.process(older); }
		askForPinned();
	}
	const fresh = [];
	for (const article of fragment.querySelectorAll(`article[id^="m-${log.dataset.room}-"]`)) {
		if (!isAnswer) log.dataset.rev = Math.max(Number(log.dataset.rev), Number(article.dataset.rev));
		if (put(article)) fresh.push(article);
	}
	dress();
	return fresh;
}

/** What the page knows and the fragment does not: which are mine, the local time, where a day begins. */
export function dress() {
	localise(log);
	for (const heading of log.querySelectorAll('h2.day')) heading.remove();
	let day = '';
	for (const article of articles()) {
		article.classList.toggle('mine', article.classList.contains('message') && Number(article.dataset.by) === me);
		for (const at of article.querySelectorAll('.mention')) at.classList.toggle('me', at.localName === 'b' || at.getAttribute('href') === `/people/${account.toLowerCase()}`);
		for (const reaction of article.querySelectorAll('.reaction[data-by]')) reaction.ariaPressed = String(reaction.dataset.by.split(' ').includes(String(me)));
		const today = dayOf(new Date(article.dataset.at));
		const line = article.previousElementSibling?.matches('.line-new') ? article.previousElementSibling : article;
		if (today !== day) line.before(heading(today, article.dataset.at));
		day = today;
	}
	const lines = [...log.querySelectorAll('.line-new')];
	for (const passed of lines.slice(0, -1)) passed.remove(); // an older page brings one, and another was drawn since
	live.dispatchEvent(new CustomEvent('dressed'));
}

function heading(words, at) {
	const h2 = document.createElement('h2');
	h2.className = 'day';
	const time = document.createElement('time');
	time.dateTime = at.slice(0, 10);
	time.textContent = words;
	h2.append(time);
	return h2;
}

if (log) {
	dress();
	document.addEventListener('htmx:after:swap', dress);
}
