// Lucky money is the same card for everybody; whose share is how large stands in it, and the reader's own is said here.
import { log, articles } from './log.js';
import { live, me } from './live.js';

function mark(article) {
	for (const card of article.querySelectorAll('.lucky[data-claims]')) {
		const share = card.dataset.claims.split(' ').find(claim => claim.startsWith(`${me}:`))?.split(':')[1];
		const [got, open] = [card.querySelector('.got'), card.querySelector('.open')];
		got.hidden = !share;
		got.textContent = share ? got.dataset.got.replace('{0}', share) : '';
		if (!open) continue;
		const isOver = Boolean(share) || ('direct' in card.dataset && Number(card.closest('article').dataset.by) === me);
		if (isOver && open === document.activeElement) card.querySelector('a').focus();
		open.hidden = isOver;
	}
}

if (log) {
	live.addEventListener('dressed', ({ detail }) => detail.forEach(mark));
	articles().forEach(mark);
}
