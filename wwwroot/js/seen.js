// Who has read what: a tick in a room of two, "Read by 3" in a group. It stands beside messages and is no part of them.
import { live } from './live.js';
import { log, articles, seqOf } from './log.js';

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
	show(articles());
}

/** Somebody has read up to here: what they had not read before shows it. */
function move(user, seq) {
	const mark = marks.get(user);
	if (!mark || seq <= mark.seq) return;
	const before = mark.seq;
	mark.seq = seq;
	for (let article = log.lastElementChild; article && !(seqOf(article) <= before); article = article.previousElementSibling) if (seqOf(article) <= seq) show([article]);
}

function show(some) {
	const read = [...marks.values()];
	for (const article of some) {
		if (!article.matches('.mine:not(.recalled)')) continue;
		const count = read.filter(({ since, seq }) => since < seqOf(article) && seq >= seqOf(article)).length;
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
	});
	// Who writes has read all before.
	live.addEventListener('arrived', ({ detail }) => {
		for (const { dataset: { by, seq }, classList } of detail) if (classList.contains('message')) move(Number(by), Number(seq));
	});
	live.addEventListener('dressed', ({ detail }) => show(detail));
	document.addEventListener('htmx:after:swap', load);
	load();
}
