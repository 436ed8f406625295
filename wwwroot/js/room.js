// Keeps the open room up to date: says where it stands, and puts what comes.
import { live, say, me } from './live.js';
import { log, take, beginAt, isAtEnd, goTo, goToEnd } from './log.js';

const past = log?.closest('.past');
const newest = document.querySelector('.newest');

function arrive(html) {
	const wasAtEnd = isAtEnd();
	const fresh = take(html);
	for (const article of fresh) article.classList.add('arrived');
	if (fresh.length) live.dispatchEvent(new CustomEvent('arrived', { detail: fresh }));
	if (fresh.some(a => a.matches('.happened'))) document.body.dispatchEvent(new CustomEvent('room-changed')); // who is in it, what it is called
	if (wasAtEnd || fresh.some(a => Number(a.dataset.by) === me)) goToEnd();
	else if (newest && fresh.length) newest.hidden = false;
}

function close() {
	const composer = document.querySelector('.composer');
	const words = document.querySelector('#room-closed');
	if (!words || !composer) return;
	composer.replaceWith(words.content.cloneNode(true));
	for (const stale of document.querySelectorAll('main > header .actions, main > header .here-now, main .older, main > .typing, #notice, #standing')) stale.remove();
}

const around = log && new URLSearchParams(location.search).get('around');
if (around) {
	const sought = document.getElementById(`m-${log.dataset.room}-${Number(around)}`);
	sought?.classList.add('found');
	sought?.scrollIntoView({ block: 'center' });
}

/** More is unread than fits: one reads on where one had stopped. */
function readOn() {
	const line = log.querySelector('.line-new');
	if (!line || line.getBoundingClientRect().top >= past.getBoundingClientRect().top) return;
	goTo(line);
	if (newest) newest.hidden = isAtEnd();
}

if (log && 'live' in log.dataset) {
	if (!around) readOn();
	live.addEventListener('open', () => say({ room: log.dataset.room, rev: Number(log.dataset.rev) }));
	live.addEventListener('html', ({ detail }) => arrive(detail));
	live.addEventListener('begins', ({ detail: { room, seq } }) => { if (room === log.dataset.room) beginAt(seq); });
	live.addEventListener('error', ({ detail }) => { if (detail === 'unknown-room') close(); });
	past.addEventListener('scroll', () => { if (newest && isAtEnd()) newest.hidden = true; }, { passive: true });
	newest?.addEventListener('click', e => { e.preventDefault(); goToEnd(); newest.hidden = true; });
}
