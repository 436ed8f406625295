// The list of conversations, its badges, the rail's and the title's: the same in every tab.
import { live, me, account } from './live.js';

const list = () => document.querySelector('#conversations-list');
const row = room => list()?.querySelector(`li[data-room="${CSS.escape(room)}"]`);
const told = new Map(); // how far each room was read, as was heard here: a list that was asked for before that does not know
const changes = new Map(); // the last change of each room that was heard of here: words of it may overtake each other
let opened = document.title, said, marked, soon;
const bare = () => { // a room's name may change while it is open
	const room = document.querySelector('.conversation h1');
	return room ? room.textContent + opened.slice(opened.lastIndexOf(' · ')) : opened;
};
const fill = (sentence, ...values) => sentence.replace(/\{(\d)\}/g, (_, place) => values[place]);

function words({ by, name, text }, li) {
	if (by === undefined || 'direct' in li.dataset && by !== me) return text;
	return by === me ? fill(list().dataset.mine, text) : fill(list().dataset.theirs, name, text);
}

function head({ detail }) {
	if (!list()) return ask();
	const li = row(detail.room);
	if (!li) return ask();
	const isNews = detail.seq > Number(li.dataset.seq);
	if (detail.seq < Number(li.dataset.seq) || detail.rev < changes.get(detail.room)) return;
	changes.set(detail.room, detail.rev);
	li.dataset.seq = detail.seq;
	if (detail.by === me) li.dataset.read = Math.max(Number(li.dataset.read), detail.seq);
	if (isNews && detail.by !== me && detail.calls?.some(name => name === account || name === 'all')) li.dataset.called = detail.seq;
	li.dataset.lastBy = detail.by ?? detail.about;
	li.querySelector('.last > span').textContent = words(detail, li);
	if (!isNews) return recount(); // what becomes of a message leaves it where and when it was
	const time = li.querySelector('time');
	if (time) { time.dateTime = detail.at; time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(detail.at)); }
	if (li.parentElement.firstElementChild !== li && !li.contains(document.activeElement)) li.parentElement.prepend(li);
	recount();
}

/** On connecting: what changed between the page's rendering and the socket's opening is asked for. */
function compare({ detail: { changes, levels, asked, unread, requests } }) {
	const shown = document.querySelector('#rail-unread');
	const isStale = list() ? Number(list().dataset.changes) !== changes || Number(list().dataset.levels) !== levels || Number(list().dataset.asked) !== asked : shown && (parseInt(shown.textContent, 10) || 0) !== Math.min(unread, 99);
	if (isStale) ask();
	const waiting = document.querySelector('#rail-requests');
	if (waiting && (parseInt(waiting.textContent, 10) || 0) !== Math.min(requests, 99)) {
		for (const name of ['requests', 'contacts']) document.body.dispatchEvent(new CustomEvent(`${name}-changed`));
	}
}

function read({ detail: { room, seq } }) {
	told.set(room, Math.max(seq, told.get(room) ?? 0));
	row(room) ? count() : ask();
}

/** At once, and then at most so often: a busy room may say many times a second what is new. */
function calm(act, pause) {
	let timer, isDue;
	return function run() {
		if (timer) return void (isDue = true);
		act();
		timer = setTimeout(() => { timer = undefined; if (isDue) { isDue = false; run(); } }, pause);
	};
}

const recount = calm(() => count({ wait: 100 }), 100);

/** Where no list is shown, the rail still counts: it asks for its numbers. */
const ask = calm(() => document.body.dispatchEvent(new CustomEvent('rooms-changed')), 250);

/** "@you" stands before the last line while a message that names this reader is unread. */
function call(li, isCalled) {
	const line = li.querySelector('.last');
	const mark = line.querySelector(':scope > i');
	if (!isCalled) return mark?.remove();
	if (mark) return;
	const i = document.createElement('i');
	i.textContent = `${list().dataset.called} `;
	line.prepend(i);
}

function badge(place, number, calls, isHushed = false) {
	let mark = place.querySelector('.badge');
	if (!number) return mark?.remove();
	if (!mark) {
		mark = document.createElement('span');
		(place.querySelector('a') ?? place).append(mark);
	}
	mark.className = isHushed ? 'badge hushed' : 'direct' in place.dataset || calls ? 'badge calls' : 'badge';
	const label = document.createElement('span');
	label.className = 'unseen';
	label.textContent = document.querySelector('[data-unread-words]')?.dataset.unreadWords.replace('{0}', '') ?? '';
	mark.replaceChildren(number > 99 ? '99+' : String(number), label);
}

/** The title may be said a moment later: what is looked at is read as it comes, and would flicker. */
function count({ wait = 0 } = {}) {
	if (!list()) return;
	let total = 0;
	for (const li of list().querySelectorAll('li[data-room]')) {
		if (told.get(li.dataset.room) > Number(li.dataset.read)) li.dataset.read = told.get(li.dataset.room);
		const unread = Math.max(0, Number(li.dataset.seq) - Number(li.dataset.read));
		const isCalled = unread > 0 && Number(li.dataset.called) > Number(li.dataset.read);
		call(li, isCalled);
		const isLoud = li.dataset.level === 'all' || li.dataset.level === 'mentions' && isCalled;
		badge(li, unread, isCalled, !isLoud);
		if (isLoud) total += li.dataset.level === 'all' ? unread : 1; // of a room that only calls, that it called
	}
	const rail = document.querySelector('#rail-unread');
	if (rail) badge(rail, total, true);
	clearTimeout(soon);
	wait ? soon = setTimeout(title, wait, total) : title(total);
}

function title(total) {
	if (said && document.title !== said) opened = document.title; // a fragment of another page brought its own
	said = total ? `(${total > 99 ? '99+' : total}) ${bare()}` : bare();
	if (document.title !== said) document.title = said;
	if (total !== marked) navigator.setAppBadge?.(marked = total).catch(() => {});
}

/** Another page, the same list: it stands where it stood, with the open room in view. */
function keepPlace() {
	const scroll = list()?.closest('.scroll');
	if (!scroll) return;
	try { scroll.scrollTop = Number(sessionStorage.getItem('list-place') ?? 0); } catch { /* private mode */ }
	const open = scroll.querySelector('[aria-current]');
	if (open && (open.offsetTop < scroll.scrollTop || open.offsetTop + open.offsetHeight > scroll.scrollTop + scroll.clientHeight)) open.scrollIntoView({ block: 'center' });
	addEventListener('pagehide', () => { try { sessionStorage.setItem('list-place', String(list()?.closest('.scroll')?.scrollTop ?? 0)); } catch { /* private mode */ } });
}

keepPlace();
live.addEventListener('head', head);
live.addEventListener('read', read);
live.addEventListener('lists', compare);
document.addEventListener('htmx:finally:swap', () => count()); // after it has put the title of what it fetched
count();
