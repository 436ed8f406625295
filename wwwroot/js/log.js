// The log of the open room: puts articles by their place, and dresses what everybody gets for this reader.
import { me } from './live.js';
import { localise, dayOf } from './times.js';

export const log = document.querySelector('[role="log"][data-room]');
export const articles = () => log.querySelectorAll('article[data-seq]');
export const seqOf = article => Number(article.dataset.seq);
export const last = () => { const all = articles(); return all.length ? seqOf(all[all.length - 1]) : 0; };

const parse = html => { const box = document.createElement('template'); box.innerHTML = html; return box.content; };

/** Puts one article: in its place if it is new, over the old one if it has changed since. */
function put(article) {
	const old = document.getElementById(article.id);
	if (old) {
		if (Number(article.dataset.rev) > Number(old.dataset.rev)) old.replaceWith(article);
		return false;
	}
	const seq = seqOf(article);
	let before = log.lastElementChild;
	while (before && !(before.dataset.seq && seqOf(before) < seq)) before = before.previousElementSibling;
	before ? before.after(article) : log.prepend(article);
	const older = log.querySelector('.older');
	if (older && older !== log.firstElementChild) log.prepend(older);
	return true;
}

/** Takes a fragment in. Returns the articles that are new to this page, in order. */
export function take(html) {
	const fragment = parse(html);
	const anew = fragment.querySelector('[data-anew]');
	if (anew) {
		if (anew.dataset.anew !== log.dataset.room) return [];
		for (const shown of log.querySelectorAll(':scope > :not(.sending, .failed)')) shown.remove();
		const older = anew.querySelector('.older');
		if (older) { log.prepend(older); htmx.process(older); }
	}
	const fresh = [];
	for (const article of fragment.querySelectorAll(`article[id^="m-${log.dataset.room}-"]`)) {
		log.dataset.rev = Math.max(Number(log.dataset.rev), Number(article.dataset.rev));
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
		const today = dayOf(new Date(article.dataset.at));
		const line = article.previousElementSibling?.matches('.line-new') ? article.previousElementSibling : article;
		if (today !== day) line.before(heading(today, article.dataset.at));
		day = today;
	}
	const lines = [...log.querySelectorAll('.line-new')];
	for (const passed of lines.slice(0, -1)) passed.remove(); // an older page brings one, and another was drawn since
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
