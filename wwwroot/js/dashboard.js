// An open dashboard: the figures come anew with every sample, for as long as its reader may see them.
import { live, say, isOpen } from './live.js';

const board = document.querySelector('[data-dashboard]');
const mark = document.querySelector('#is-live');

const ask = () => say({ dashboard: board.dataset.dashboard });

function show(html) {
	const box = document.createElement('template');
	box.innerHTML = html;
	const figures = box.content.querySelector('#figures');
	if (!figures) return;
	document.querySelector('#figures').replaceWith(figures);
	mark.hidden = false;
}

if (board) {
	live.addEventListener('open', ask);
	live.addEventListener('html', ({ detail }) => show(detail));
	live.addEventListener('closed', () => { mark.hidden = true; });
	if (isOpen()) ask();
}
