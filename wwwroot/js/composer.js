// The composer: shows my message at once, sends it, says when it could not. Drafts and unsent messages survive a reload.
import { live, me } from './live.js';
import { log, articles, last, goToEnd, answerInvitation } from './log.js';
import { newId, post, store } from './outbox.js';
import { answer, answered } from './reply.js';
import { isAttached, sendAttached } from './attach.js';

const form = document.querySelector('form.composer[data-room]');
const field = form?.elements.content;
const key = name => `${name}:${me}:${form.dataset.room}`;
const unsent = form && store(key('unsent'));
const standIn = id => log.querySelector(`article[data-pending="${id}"]`);
const longest = 4_000; // of what people count as characters; the server counts them too
const staysWanted = 10 * 60_000; // after that a message found unsent is not sent without asking
let queue = Promise.resolve();

const saveDraft = () => { try { field.value ? localStorage.setItem(key('draft'), field.value) : localStorage.removeItem(key('draft')); } catch { /* private mode */ } };

function show(item) {
	const article = document.querySelector('#pending').content.firstElementChild.cloneNode(true);
	if (item.reply) article.querySelector('.bubble').append(quote(item.reply));
	for (const line of item.text.split('\n')) {
		const p = document.createElement('p');
		p.textContent = line;
		if (line.trim()) article.querySelector('.bubble').append(p);
	}
	article.dataset.pending = item.id;
	article.querySelector('[data-retry]').onclick = () => send(item, article);
	article.querySelector('[data-reword]').onclick = () => { unsent.remove(item.id); article.remove(); write(field.value ? `${item.text}\n${field.value}` : item.text); };
	article.querySelector('[data-discard]').onclick = () => { unsent.remove(item.id); article.remove(); field.focus(); };
	log.append(article);
	answerInvitation(article);
	goToEnd();
	return article;
}

function quote({ name, bot, line }) {
	const [of, by, said] = ['a', 'b', 'span'].map(tag => document.createElement(tag));
	of.className = 'quote';
	by.textContent = name;
	if (bot) by.append(Object.assign(document.createElement('span'), { className: 'stamp', textContent: bot }));
	said.textContent = line;
	said.dir = 'auto';
	of.append(by, said);
	return of;
}

function state(article, name, words = '') {
	article.classList.toggle('sending', name === 'sending');
	article.classList.toggle('failed', name === 'failed');
	article.querySelector('.under').hidden = name !== 'failed';
	article.querySelector('.margin').hidden = name === 'failed';
	article.querySelector('[data-sending]').hidden = name !== 'sending';
	article.querySelector('[data-sent]').hidden = name !== 'sent';
	article.querySelector('[data-why]').textContent = words;
}

function send(item, article) {
	state(article, 'sending');
	queue = queue.then(async () => {
		const answer = await post(form.action, form.elements.__RequestVerificationToken.value, item);
		if (!answer.seq) return fail(article, answer);
		unsent.remove(item.id);
		if (answer.seq <= last()) return article.remove(); // the page has moved on past it
		state(article, 'sent'); // it stands in for the message until the socket brings that
	});
}

function fail(article, { error, again, vain }) {
	state(article, 'failed', error);
	article.querySelector('[data-retry]').hidden = Boolean(vain);
	article.toggleAttribute('data-refused', !again);
	article.querySelector('[data-reword]').hidden = again;
	if (again) setTimeout(resend, 15_000);
}

function submit(e) {
	e.preventDefault();
	const text = field.value.trimEnd();
	if (isAttached()) {
		sendAttached(text, answered());
		return clear();
	}
	if (!text.trim()) return field.focus();
	if (isTooLong(text)) return;
	const item = { id: newId(), text, at: Date.now(), reply: answered() };
	unsent.add(item);
	clear();
	send(item, show(item));
}

/** Said before it is sent, while it can still be made shorter. */
function isTooLong(text) {
	const count = text.length > longest && Intl.Segmenter ? [...new Intl.Segmenter().segment(text)].length : 0;
	const refused = document.querySelector('#refused');
	refused.hidden = count <= longest;
	if (!refused.hidden) {
		const number = new Intl.NumberFormat(document.documentElement.lang);
		refused.querySelector('span').textContent = refused.dataset.long.replace('{0}', number.format(longest)).replace('{1}', number.format(count));
	}
	return !refused.hidden;
}

function write(text) {
	field.value = text;
	field.dispatchEvent(new Event('input', { bubbles: true }));
	field.focus();
}

function clear() {
	field.value = '';
	saveDraft();
	answer(null);
	field.focus();
}

/** A message that is here has been sent, whatever became of the answer. */
function settle({ detail: articles }) {
	for (const { dataset: { by, id } } of articles) {
		if (Number(by) !== me || !id) continue;
		standIn(id)?.remove();
		unsent.remove(id);
	}
}

/** Another tab has sent or discarded it. */
function forget({ key: changed }) {
	if (changed !== key('unsent')) return;
	const kept = new Set(unsent.all().map(item => item.id));
	for (const article of log.querySelectorAll('article.failed[data-pending]')) if (!kept.has(article.dataset.pending)) article.remove();
}

/** Found here when the page opens: another tab may be sending it at this moment, so it is on its way, not lost. Sent twice, it is stored once. */
function find(item) {
	if (Date.now() - item.at < staysWanted) send(item, show(item));
	else fail(show(item), { again: false });
}

/** What the server could not take goes again by itself, at once when the line is back; what it refused waits for its author. */
function resend() {
	for (const item of unsent.all()) {
		const article = standIn(item.id);
		if (article?.matches('.failed:not([data-refused])')) send(item, article);
	}
}

if (form && log) {
	// A page of history is not kept up to date: there, the form goes the plain way, to the newest page.
	const isLive = 'live' in log.dataset;
	form.addEventListener('submit', isLive ? submit : () => { try { localStorage.removeItem(key('draft')); } catch { /* private mode */ } });
	field.addEventListener('input', saveDraft);
	field.addEventListener('keydown', e => {
		if (e.key !== 'Enter' || e.shiftKey || e.isComposing || matchMedia('(pointer: coarse)').matches) return;
		e.preventDefault();
		form.requestSubmit();
	});
	// Where there are keys, one writes at once; on a phone the keyboard would cover what was to be read.
	if (isLive && matchMedia('(pointer: fine)').matches && document.activeElement === document.body) field.focus({ preventScroll: true });
	try { field.value ||= localStorage.getItem(key('draft')) ?? ''; } catch { /* private mode */ }
	if (isLive) {
		settle({ detail: articles() });
		unsent.all().forEach(find);
		live.addEventListener('arrived', settle);
		live.addEventListener('open', resend);
		addEventListener('storage', forget);
	}
}
