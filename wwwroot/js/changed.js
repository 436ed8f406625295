// A list somewhere has changed: htmx asks for it again where it is shown.
import { live } from './live.js';

live.addEventListener('changed', ({ detail: list }) => document.body.dispatchEvent(new CustomEvent(`${list}-changed`)));

// A note: who is in a room, or what it is called, has changed. Where its log is live, the log says so itself.
live.addEventListener('head', ({ detail: { room, note } }) => {
	const about = document.querySelector('main[data-about]');
	if (note && about?.dataset.about === room && !about.querySelector('[data-live]')) document.body.dispatchEvent(new CustomEvent('room-changed'));
});

let wasClosed = false;
live.addEventListener('closed', () => { wasClosed = true; });
live.addEventListener('open', () => {
	if (!wasClosed) return;
	wasClosed = false;
	for (const list of ['rooms', 'requests', 'contacts', 'joining']) document.body.dispatchEvent(new CustomEvent(`${list}-changed`));
});
