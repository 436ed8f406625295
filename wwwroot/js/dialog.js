// A small form in a dialog: fetched when it is asked for, sent without leaving the page, shown again with what is wrong with it.
import { take } from './log.js';

const dialog = document.querySelector('#dialog');

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
	for (const button of buttons) button.disabled = true;
	try {
		const response = await fetch(form.action, { method: 'POST', headers: { 'HX-Request': 'true' }, body, signal: AbortSignal.timeout(60_000) });
		const html = await response.text();
		if (!response.ok) return html.startsWith('<') ? show(html) : tell(form, html);
		dialog.close();
		take(html, { isAnswer: true });
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
	dialog.addEventListener('close', () => { dialog.replaceChildren(); dialog.removeAttribute('aria-labelledby'); document.querySelector('form.composer[data-room]')?.elements.content.focus(); });
}
