// Says how far this reader has read: what has been in view while the tab was looked at. What came meanwhile stands below a line.
import { live, say, isOpen, me } from './live.js';
import { log, last, seqOf, isAtEnd, drawLine } from './log.js';

let told = Number(log?.dataset.read ?? 0);
let isCatchingUp = false; // from the loss of the line until what it missed is here

const isLookedAt = () => !document.hidden && document.hasFocus() && isAtEnd();

/** Announced as what another tab has read is: the list and its badges count by it. */
function know(seq) {
	if (seq <= told) return;
	log.dataset.read = told = seq;
	live.dispatchEvent(new CustomEvent('read', { detail: { room: log.dataset.room, seq } }));
}

/** Who writes has read all before, by the server's rule; who does something that is noted has read the note. */
function wrote(article) {
	if (Number(article.dataset.by) === me && (article.matches('.message') || seqOf(article) === told + 1)) know(seqOf(article));
}

function tell() {
	const seq = last();
	if (!isLookedAt() || !isOpen() || seq <= told) return;
	know(seq);
	say({ read: log.dataset.room, seq });
}

/** The line stands before the first message that came unseen, and moves on once all above it has been read. */
function mark(fresh) {
	const first = fresh.find(article => seqOf(article) > told && Number(article.dataset.by) !== me);
	if (!first || told < seqOf(fresh[0]) - 1 || isLookedAt() && !isCatchingUp) return;
	drawLine(first);
}

if (log && 'live' in log.dataset) {
	live.addEventListener('open', tell);
	live.addEventListener('closed', () => { isCatchingUp = true; });
	live.addEventListener('caught-up', () => { isCatchingUp = false; tell(); });
	live.addEventListener('arrived', ({ detail: fresh }) => {
		mark(fresh);
		fresh.forEach(wrote);
		tell();
	});
	live.addEventListener('read', ({ detail: { room, seq } }) => { if (room === log.dataset.room) know(seq); });
	document.addEventListener('visibilitychange', tell);
	addEventListener('focus', tell);
	log.closest('.past').addEventListener('scroll', tell, { passive: true });
}
