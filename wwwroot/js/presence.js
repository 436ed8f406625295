// The dot on a face: who is here. Friends only; the server says who.
import { live } from './live.js';

let here = new Set();

function show(user, isHere) {
	for (const face of document.querySelectorAll(`.face.p-u${Number(user)}`)) {
		const dot = face.querySelector('.here');
		if (isHere && !dot) face.insertAdjacentHTML('beforeend', '<span class="here"></span>');
		if (!isHere) dot?.remove();
	}
	for (const words of document.querySelectorAll(`[data-here="${Number(user)}"]`)) words.textContent = isHere ? words.dataset.on : words.dataset.off;
}

/** Without a line nobody is known to be here. What the words said comes back with it. */
live.addEventListener('lost', () => {
	for (const dot of document.querySelectorAll('.face > .here')) dot.remove();
	for (const words of document.querySelectorAll('[data-here]')) {
		if (words.textContent.trim() !== words.dataset.on) continue;
		words.textContent = '';
		words.dataset.unknown = '';
	}
	here = new Set();
});

live.addEventListener('online', ({ detail: users }) => {
	const now = new Set(users);
	for (const user of here) if (!now.has(user)) show(user, false);
	here = now;
	for (const user of here) show(user, true);
	for (const words of document.querySelectorAll('[data-here][data-unknown]')) {
		delete words.dataset.unknown;
		if (!words.textContent) words.textContent = words.dataset.off;
	}
});

live.addEventListener('here', ({ detail: { user, on } }) => {
	on ? here.add(user) : here.delete(user);
	show(user, on);
});

live.addEventListener('arrived', () => { for (const user of here) show(user, true); });
document.addEventListener('htmx:after:swap', () => { for (const user of here) show(user, true); });
