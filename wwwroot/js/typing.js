// "Ann is typing…": told at most every 2.5 s, forgotten after 5.
import { live, me, say } from './live.js';

const place = document.querySelector('[data-typing]');
const field = document.querySelector('form.composer textarea');
const typists = new Map();
let told = 0;

function show() {
	const names = [...typists.values()].map(t => t.name);
	place.querySelector('span:last-child').textContent = names.length === 1 ? place.dataset.one.replace('{0}', names[0]) : place.dataset.many.replace('{0}', names.length);
	place.hidden = !names.length;
}

function forget(user) {
	clearTimeout(typists.get(user)?.timer);
	if (typists.delete(user)) show();
}

if (place && field) {
	field.addEventListener('input', () => {
		if (Date.now() - told < 2_500 || !field.value) return;
		told = Date.now();
		say({ typing: place.dataset.typing });
	});
	live.addEventListener('typing', ({ detail: { room, user, name } }) => {
		if (room !== place.dataset.typing || user === me) return;
		clearTimeout(typists.get(user)?.timer);
		typists.set(user, { name, timer: setTimeout(() => forget(user), 5_000) });
		show();
	});
	live.addEventListener('lost', () => { for (const user of [...typists.keys()]) forget(user); });
	live.addEventListener('arrived', ({ detail }) => { for (const article of detail) forget(Number(article.dataset.by)); told = 0; });
}
