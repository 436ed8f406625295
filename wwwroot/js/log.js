// The log of the open room: puts articles by their place, and dresses what everybody gets for this reader.
import { live, me, account } from './live.js';
import { localise, dayOf, isSameDay } from './times.js';

export const log = document.querySelector('[role="log"][data-room]');
export const articles = () => log.querySelectorAll('article[data-seq]');
export const seqOf = article => Number(article.dataset.seq);
export const last = () => { const all = articles(); return all.length ? seqOf(all[all.length - 1]) : 0; };

const past = log?.closest('.past');
let scrolled = past?.scrollTop ?? 0; // as of the last scrolling: to ask in the middle of a change would lay out the page at once

/** Whether the newest is in view, or nearly. A reversed column counts down from 0. */
export const isAtEnd = () => scrolled > -80;

/** Where one reads on, at the top. */
export function goTo(line) {
	line.scrollIntoView({ block: 'start' });
	scrolled = past.scrollTop;
}

export function goToEnd() { if (scrolled) past.scrollTop = scrolled = 0; }

/** What invites to the first word goes when it is said. */
export function answerInvitation(article) {
	const words = document.querySelector('.first-words');
	if (words && (article.matches('.message') || !words.matches('.invite'))) words.remove();
}

const parse = html => { const box = document.createElement('template'); box.innerHTML = html; return box.content; };

/** Puts one article: in its place if it is new, over the old one if it has changed since. What is of before this page comes with the older ones. Says whether it is new. */
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
	const brought = [...fragment.querySelectorAll(`article[id^="m-${log.dataset.room}-"]`)];
	for (const article of brought) {
		if (!isAnswer) log.dataset.rev = Math.max(Number(log.dataset.rev), Number(article.dataset.rev));
		if (put(article)) fresh.push(article);
	}
	dress(brought.filter(article => article.parentElement === log));
	fresh.forEach(answerInvitation);
	return fresh;
}

/** The room begins here now: what stood before is gone for good, with what quotes it and the way to what was older still. */
export function beginAt(first) {
	const gone = [...articles()].filter(article => seqOf(article) < first);
	const next = gone.at(-1) && beside(gone.at(-1), 'nextElementSibling');
	if (gone.length || articles()[0] && seqOf(articles()[0]) === first) log.querySelector('.older')?.remove();
	for (const quote of log.querySelectorAll('.quote[data-seq]')) if (Number(quote.dataset.seq) < first) quote.remove();
	if (!gone.length) return;
	for (let shown = log.firstElementChild; shown !== next && shown; shown = log.firstElementChild) {
		if (shown.matches('.sending, .failed')) break;
		shown.remove();
	}
	if (next) {
		next.classList.remove('follows');
		begin(next);
	}
	askForPinned();
}

/**
 * What the page knows and the fragment does not: which are mine, the local time, where a day begins, what is followed by more of the same.
 * A long log has thousands: only what is new, and what stands beside it, is touched.
 */
function dress(some) {
	for (const article of some) {
		localise(article);
		article.classList.toggle('mine', article.classList.contains('message') && Number(article.dataset.by) === me);
		for (const at of article.querySelectorAll('.mention')) at.classList.toggle('me', at.localName === 'b' || at.getAttribute('href') === `/people/${account.toLowerCase()}`);
		for (const reaction of article.querySelectorAll('.reaction[data-by]')) reaction.ariaPressed = String(reaction.dataset.by.split(' ').includes(String(me)));
		for (const one of [article, beside(article, 'nextElementSibling')]) if (one) begin(one);
	}
	for (const passed of [...log.querySelectorAll('.line-new')].slice(0, -1)) erase(passed); // an older page brings one, and another was drawn since
	if (some.length) live.dispatchEvent(new CustomEvent('dressed', { detail: some }));
}

/** Draws the line of new messages above this one, and there alone. */
export function drawLine(article) {
	for (const passed of log.querySelectorAll('.line-new')) erase(passed);
	article.before(document.querySelector('#line-new').content.cloneNode(true));
	begin(article);
}

function erase(line) {
	const next = beside(line, 'nextElementSibling');
	line.remove();
	if (next) begin(next);
}

/** The nearest stored message on one side. */
function beside(element, side) {
	do element = element[side]; while (element && !element.dataset.seq);
	return element;
}

/** Says above an article that its day begins, where it does; and to the one before it whether it is followed. */
function begin(article) {
	const at = new Date(article.dataset.at);
	const before = beside(article, 'previousElementSibling');
	const isDue = !before || !isSameDay(at, new Date(before.dataset.at));
	const line = article.previousElementSibling?.matches('.line-new') ? article.previousElementSibling : article;
	const day = line.previousElementSibling?.matches('.day') ? line.previousElementSibling : null;
	if (day && !isDue) day.remove();
	if (!day && isDue) line.before(heading(dayOf(at), article.dataset.at));
	before?.classList.toggle('followed', article.previousElementSibling === before && article.matches('.follows'));
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

/** As the server sent it: its days are those of UTC. */
function dressAll() {
	for (const heading of log.querySelectorAll('h2.day')) heading.remove();
	dress([...articles()]);
}

if (log) {
	dressAll();
	document.addEventListener('htmx:after:swap', dressAll);
	past.addEventListener('scroll', () => { scrolled = past.scrollTop; }, { passive: true });
}
