// A message's words, written anew: the form stands in the composer's place until it is saved or left.
import { log, take } from './log.js';
import { me } from './live.js';

const composer = document.querySelector('form.composer[data-room]');

/** Asks for the form and shows it. */
export async function edit(article) {
	leave();
	const response = await fetch(`/rooms/${log.dataset.room}/messages/${article.dataset.seq}/edit`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
	if (!response?.ok) return;
	composer.insertAdjacentHTML('beforebegin', await response.text());
	const form = composer.previousElementSibling;
	composer.hidden = true;
	const field = form.elements.content;
	field.focus();
	field.setSelectionRange(field.value.length, field.value.length);
	form.querySelector('[data-cancel]').onclick = e => { e.preventDefault(); leave(); };
	form.onsubmit = e => { e.preventDefault(); save(form); };
	form.onkeydown = e => {
		if (e.key === 'Escape') leave();
		if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && !matchMedia('(pointer: coarse)').matches) { e.preventDefault(); form.requestSubmit(); }
	};
}

async function save(form) {
	const button = form.querySelector('[type=submit]');
	if (button.disabled) return;
	button.disabled = true;
	try {
		const response = await fetch(form.action, {
			method: 'POST',
			headers: { 'HX-Request': 'true' },
			body: new URLSearchParams(new FormData(form)),
			signal: AbortSignal.timeout(15_000),
		});
		const answer = await response.text();
		if (!response.ok) return tell(form, answer);
		take(answer, { isAnswer: true });
		leave();
	} catch {
		tell(form, document.querySelector('#refused').dataset.unheard);
	} finally {
		button.disabled = false;
	}
}

function tell(form, sentence) {
	const error = form.querySelector('.error');
	error.hidden = false;
	error.querySelector('span').textContent = sentence;
}

function leave() {
	const form = document.querySelector('form.editing');
	if (!form) return;
	form.remove();
	composer.hidden = false;
	composer.elements.content.focus();
}

// Up, in an empty field: my last message, as in every messenger.
composer?.elements.content.addEventListener('keydown', e => {
	if (e.key !== 'ArrowUp' || e.target.value || e.isComposing) return;
	const mine = [...log.querySelectorAll('article.mine[data-seq][data-words]:not(.recalled)')].findLast(article => Number(article.dataset.by) === me);
	if (!mine) return;
	e.preventDefault();
	edit(mine);
});
