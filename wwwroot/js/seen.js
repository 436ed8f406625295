// Who has read what: a tick in a room of two, "Read by 3" in a group. It stands beside messages and is no part of them.
import { live } from './live.js';
import { log } from './log.js';

const words = document.querySelector('#read-by');
const head = () => document.querySelector('.conversation > header');
const marks = new Map();
let told;

/** How the others stand is said by the head, which comes anew when somebody joins or goes. */
function load() {
	if (head() === told) return;
	told = head();
	marks.clear();
	for (const mark of (told.dataset.marks ?? '').split(' ')) {
		const [user, since, seq] = mark.split(':').map(Number);
		if (user) marks.set(user, { since, seq });
	}
	show();
}

/** Somebody has read up to here. */
function move(user, seq) {
	const mark = marks.get(user);
	if (mark) mark.seq = Math.max(mark.seq, seq);
}

function show() {
	const read = [...marks.values()];
	for (const article of log.querySelectorAll('article.mine[data-seq]:not(.recalled)')) {
		const count = read.filter(({ since, seq }) => since < Number(article.dataset.seq) && seq >= Number(article.dataset.seq)).length;
		let mark = article.querySelector('.read');
		if (!count) { mark?.remove(); continue; }
		if (!mark) {
			mark = words.content.firstElementChild.cloneNode(true);
			article.querySelector('.margin').prepend(mark);
		}
		mark.querySelector('span').textContent = words.dataset.all.replace('{0}', count);
	}
}

if (log && words && head()?.dataset.marks !== undefined) {
	live.addEventListener('seen', ({ detail }) => {
		if (detail.room !== log.dataset.room) return;
		for (const [user, seq] of detail.marks) move(user, seq);
		show();
	});
	// Who writes has read all before.
	live.addEventListener('arrived', ({ detail }) => {
		for (const { dataset: { by, seq }, classList } of detail) if (classList.contains('message')) move(Number(by), Number(seq));
		show();
	});
	live.addEventListener('dressed', show);
	document.addEventListener('htmx:after:swap', load);
	load();
}
