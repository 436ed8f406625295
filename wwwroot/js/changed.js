// A list somewhere has changed: htmx asks for it again where it is shown.
import { live } from './live.js';

live.addEventListener('changed', ({ detail: list }) => document.body.dispatchEvent(new CustomEvent(`${list}-changed`)));

let wasClosed = false;
live.addEventListener('closed', () => { wasClosed = true; });
live.addEventListener('open', () => {
	if (!wasClosed) return;
	wasClosed = false;
	for (const list of ['rooms', 'requests', 'contacts']) document.body.dispatchEvent(new CustomEvent(`${list}-changed`));
});
