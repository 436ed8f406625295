// A small form in a dialog: fetched when it is asked for, sent without leaving the page, shown again with what is wrong with it.
import { log } from './log.js';
import { newId } from './outbox.js';
import { prepare } from './pictures.js';

const dialog = document.querySelector('#dialog');
const ids = new Map();

async function open(address) {
	const response = await fetch(address, { headers: { 'HX-Request': 'true' } }).catch(() => null);
	if (!response?.ok) return location.assign(address);
	show(await response.text());
	dialog.showModal();
}

function show(html) {
	dialog.innerHTML = html;
	dialog.setAttribute('aria-labelledby', 'dialog-title');
	dialog.querySelector('[aria-invalid=true], .input, button')?.focus();
}

async function send(form, pressed) {
	const buttons = [...form.querySelectorAll('[type=submit]')];
	if (buttons.some(button => button.disabled)) return;
	const body = new FormData(form, pressed);
	// Of several buttons each sends a message of its own, and the same one when it is pressed again.
	if (pressed?.name && body.has('client_id')) {
		if (!ids.has(pressed.value)) ids.set(pressed.value, newId());
		body.set('client_id', ids.get(pressed.value));
	}
	for (const button of buttons) button.disabled = true;
	try {
		for (const input of form.querySelectorAll('input[type=file]')) {
			if (!input.files[0]) continue;
			const { file, small } = await prepare(input.files[0]);
			body.set(input.name, small ?? file, file.name); // it stands in a card
		}
		const response = await fetch(form.action, { method: 'POST', headers: { 'HX-Request': 'true' }, body, signal: AbortSignal.timeout(60_000) });
		const html = await response.text();
		if (!response.ok) return html.startsWith('<') ? show(html) : tell(form, html);
		dialog.close();
		// The socket brings it to its place. A page of history has none, and shows the newest instead.
		if (!('live' in log.dataset)) location.assign(`/rooms/${log.dataset.room}`);
	} catch {
		tell(form, document.querySelector('#refused').dataset.unheard); // sent again, it is the same message
	} finally {
		for (const button of buttons) button.disabled = false;
	}
}

function tell(form, sentence) {
	const error = document.createElement('p');
	error.className = 'error';
	error.role = 'alert';
	error.textContent = sentence;
	form.querySelector(':scope > .error')?.remove();
	form.prepend(error);
}

if (dialog) {
	document.addEventListener('click', e => {
		const link = e.target.closest('a[data-dialog]');
		if (!link || e.metaKey || e.ctrlKey) return;
		e.preventDefault();
		link.closest('.menu')?.removeAttribute('open');
		open(link.href);
	});
	dialog.addEventListener('submit', e => { e.preventDefault(); send(e.target, e.submitter); });
	dialog.addEventListener('click', e => {
		if (e.target === dialog || e.target.closest('[data-cancel]')) { e.preventDefault(); dialog.close(); }
	});
	dialog.addEventListener('close', () => { ids.clear(); dialog.replaceChildren(); dialog.removeAttribute('aria-labelledby'); document.querySelector('form.composer[data-room]')?.elements.content.focus(); });
}
