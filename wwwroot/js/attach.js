// Files that go with the next message: chosen, pasted, dropped or recorded; made small enough, shown, sent one by one with their progress.
import { newId } from './outbox.js';
import { prepare } from './pictures.js';

const form = document.querySelector('form.composer[data-room]');
const words = document.querySelector('#upload');
const items = new Set();
const megabytes = bytes => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Shows a file above the field. It goes with Send. */
export function attach(file, facts = {}) {
	const row = words.content.firstElementChild.cloneNode(true);
	const item = { id: newId(), file, facts, row, ready: facts.levels ? Promise.resolve({ file }) : prepare(file) };
	items.add(item);
	row.querySelector('bdi').textContent = file.name;
	say(item, megabytes(file.size));
	row.querySelector('[data-cancel]').onclick = () => { item.request?.abort(); drop(item); form.elements.content.focus(); };
	row.querySelector('[data-retry]').onclick = () => send(item);
	form.querySelector('.line').before(row);
	if (file.type.startsWith('image/')) preview(row, file);
	if (facts.levels) row.querySelector('.icon').replaceWith(Object.assign(document.createElement('audio'), { src: URL.createObjectURL(file), controls: true }));
}

/** True where something would go with Send. */
export const isAttached = () => [...items].some(item => !item.isSent);

/** Sends all that is shown; the words go with the first. */
export function sendAttached(text, reply) {
	let first = true;
	for (const item of items) {
		if (item.isSent) continue;
		Object.assign(item, { isSent: true, text: first ? text : '', reply: first ? reply : undefined });
		first = false;
		queue = queue.then(() => send(item));
	}
}

let queue = Promise.resolve();

async function send(item) {
	if (!items.has(item)) return;
	const { file, small, width, height, seconds } = await item.ready;
	const body = new FormData();
	body.append('content', item.text);
	body.append('client_id', item.id);
	if (item.reply) body.append('reply_to', item.reply.seq);
	body.append('file', file, file.name);
	if (small) body.append('small', small, 'small');
	for (const [name, value] of Object.entries({ width, height, seconds, ...item.facts })) if (value) body.append(name, value);
	const bar = item.row.querySelector('progress');
	bar.hidden = false;
	item.row.querySelector('[data-retry]').hidden = true;
	item.row.classList.remove('failed');
	const { ok, error, vain } = await post(item, body, (sent, all) => {
		bar.value = sent / all * 100;
		say(item, words.dataset.of.replace('{0}', megabytes(sent)).replace('{1}', megabytes(all)));
	});
	if (ok) drop(item);
	else if (items.has(item)) fail(item, error, vain);
}

function post(item, body, progress) {
	return new Promise(done => {
		const request = item.request = new XMLHttpRequest();
		request.open('POST', form.action);
		request.setRequestHeader('Accept', 'application/json');
		request.setRequestHeader('RequestVerificationToken', form.elements.__RequestVerificationToken.value);
		request.responseType = 'json';
		request.upload.onprogress = ({ loaded, total }) => progress(loaded, total);
		request.onload = () => done({ ok: request.status === 200, error: request.response?.error, vain: request.status === 400 });
		request.onerror = request.onabort = () => done({ ok: false });
		request.send(body);
	});
}

function fail(item, error, vain) {
	item.row.classList.add('failed');
	item.row.querySelector('progress').hidden = true;
	item.row.querySelector('[data-retry]').hidden = Boolean(vain); // as it is it is refused again
	say(item, error || words.dataset.error);
}

function say(item, sentence) { item.row.querySelector('[data-said]').textContent = sentence; }

function drop(item) {
	items.delete(item);
	const made = item.row.querySelector('img, audio');
	if (made) URL.revokeObjectURL(made.src);
	item.row.remove();
}

function preview(row, file) {
	const image = Object.assign(new Image(), { src: URL.createObjectURL(file), alt: '', width: 40, height: 40 });
	image.onload = () => row.querySelector('.icon')?.replaceWith(image);
}

function choose(input) {
	for (const file of input.files) attach(file);
	input.value = '';
	form.elements.content.focus();
}

const hasFiles = transfer => transfer && [...transfer.types].includes('Files');

if (form && words && document.querySelector('[data-live][role=log]')) {
	for (const input of form.querySelectorAll('input[type=file]')) input.addEventListener('change', () => { input.closest('.menu')?.removeAttribute('open'); choose(input); });
	if (matchMedia('(pointer: coarse)').matches) form.querySelector('[data-camera]').hidden = false;
	form.addEventListener('paste', e => {
		if (!e.clipboardData.files.length) return;
		e.preventDefault();
		for (const file of e.clipboardData.files) attach(file);
	});
	const sheet = form.closest('main');
	sheet.addEventListener('dragover', e => { if (hasFiles(e.dataTransfer)) { e.preventDefault(); sheet.classList.add('receiving'); } });
	sheet.addEventListener('dragleave', e => { if (!sheet.contains(e.relatedTarget)) sheet.classList.remove('receiving'); });
	sheet.addEventListener('drop', e => {
		sheet.classList.remove('receiving');
		if (!hasFiles(e.dataTransfer)) return;
		e.preventDefault();
		for (const file of e.dataTransfer.files) attach(file);
	});
	addEventListener('beforeunload', e => { if (items.size) e.preventDefault(); });
}
