// Says how far this reader has read: what has been in view while the tab was looked at.
import { live, say, isOpen } from './live.js';
import { log, last } from './log.js';

const past = log?.closest('.past');
let told = Number(log?.dataset.read ?? 0);

function tell() {
	const seq = last();
	if (document.hidden || !isOpen() || seq <= told || past.scrollTop < -80) return;
	log.dataset.read = told = seq;
	say({ read: log.dataset.room, seq });
}

/** While nobody looks, the line stands before the first message that came. */
function mark({ detail: [first] }) {
	if (!document.hidden || log.querySelector('.line-new')) return;
	const line = document.querySelector('#line-new').content.cloneNode(true);
	first.before(line);
}

if (log && 'live' in log.dataset) {
	for (const name of ['open', 'arrived', 'caught-up']) live.addEventListener(name, tell);
	live.addEventListener('arrived', mark);
	document.addEventListener('visibilitychange', tell);
	past.addEventListener('scroll', tell, { passive: true });
}
