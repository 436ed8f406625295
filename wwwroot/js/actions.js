// What one may do to a message: its menu is filled when it is opened; what is pressed in it, and under a message, is posted.
import { log, articles, take } from './log.js';
import { live, me } from './live.js';
import { answer } from './reply.js';
import { edit } from './editing.js';
import { pickEmoji } from './emoji.js';

const form = document.querySelector('#message-action');
let known;
const offered = () => known = document.querySelector('#message-actions') ?? known; // another one comes where one's rights change, and between the two there is none
const refused = document.querySelector('#refused');
const addressOf = article => `/rooms/${log.dataset.room}/messages/${article.dataset.seq}`;
const wordsOf = article => [...article.querySelectorAll('.bubble > :is(p:not(.title), ul, ol, pre, blockquote), .bubble figcaption')].map(part => part.innerText).join('\n').trim();

/** What the message is, in the words of `data-for`. */
function natureOf(article) {
	const window = Number(offered().dataset.recallFor);
	return new Set([
		Number(article.dataset.by) === me ? 'mine' : 'theirs',
		'words' in article.dataset && 'words',
		'words' in article.dataset && wordsOf(article) && 'said',
		!('kept' in article.dataset) && 'recallable',
		(!window || Date.now() - new Date(article.dataset.at) < window) && 'fresh',
		article.matches('.pinned') ? 'pinned' : 'unpinned',
	]);
}

function fill(menu) {
	const article = menu.closest('article');
	const list = offered().content.firstElementChild.cloneNode(true);
	const nature = natureOf(article);
	for (const item of list.querySelectorAll('[data-for]')) if (!item.dataset.for.split(' ').every(n => nature.has(n))) item.remove();
	for (const link of list.querySelectorAll('a')) link.href = addressOf(article) + link.getAttribute('href');
	menu.querySelector('ul').replaceWith(list);
}

const deeds = {
	reply: answer,
	react: article => pickEmoji(article.querySelector('summary'), emoji => post(article, 'reactions', { emoji })),
	edit,
	copy: article => navigator.clipboard?.writeText(wordsOf(article)),
};

function say(sentence) {
	if (!refused) return;
	refused.hidden = !sentence;
	refused.querySelector('span').textContent = sentence;
}

function act({ submitter }) {
	const at = submitter.dataset.at ?? submitter.formAction.split('/').at(-1);
	submitter.closest('.menu')?.removeAttribute('open');
	post(submitter.closest('article'), at, submitter.name ? { [submitter.name]: submitter.value } : {});
}

async function post(article, at, fields) {
	const isRecall = at === 'recall';
	try {
		const response = await fetch(`${addressOf(article)}/${at}`, {
			method: 'POST',
			headers: { RequestVerificationToken: form.elements.__RequestVerificationToken.value, ...isRecall ? { Accept: 'application/json' } : { 'HX-Request': 'true' } },
			body: new URLSearchParams(fields),
			signal: AbortSignal.timeout(15_000),
		});
		if (!response.ok) return say(isRecall ? (await response.json()).error : await response.text());
		say('');
		if (isRecall) remember(article, (await response.json()).words);
		else take(await response.text(), { isAnswer: true });
	} catch {
		say(refused?.dataset.unheard);
	}
}

/** The words of a message that was taken back stay in this tab, for its author to write them again. */
function remember(article, words) {
	if (!words) return;
	try { sessionStorage.setItem(`again:${me}:${article.id}`, words); } catch { /* private mode */ }
	offerAgain([document.getElementById(article.id) ?? article]); // the socket may have put another in its place before this answer came
}

function offerAgain(some) {
	for (const article of some) {
		if (!article.matches('.recalled.mine')) continue;
		let words;
		try { words = sessionStorage.getItem(`again:${me}:${article.id}`); } catch { return; }
		const line = article.querySelector('.bubble > p');
		if (!words || line.querySelector('a')) continue;
		const link = document.createElement('a');
		link.href = '#composer';
		link.textContent = offered().dataset.again;
		link.onclick = e => {
			e.preventDefault();
			const field = document.querySelector('form.composer[data-room]')?.elements.content;
			if (!field) return;
			field.value = field.value ? `${field.value}\n${words}` : words;
			field.dispatchEvent(new Event('input', { bubbles: true }));
			field.focus();
		};
		line.append(' ', link);
	}
}

if (log && form && offered()) {
	log.addEventListener('toggle', e => { if (e.target.matches('.menu') && e.target.open) fill(e.target); }, true);
	log.addEventListener('click', e => {
		const button = e.target.closest('[data-do]');
		if (!button) return;
		const menu = button.closest('.menu');
		menu.open = false;
		deeds[button.dataset.do](menu.closest('article'));
	});
	log.addEventListener('click', e => {
		const quote = e.target.closest('.quote[data-seq]');
		const sought = quote && document.getElementById(`m-${log.dataset.room}-${quote.dataset.seq}`);
		if (!sought) return;
		e.preventDefault();
		log.querySelector('.found')?.classList.remove('found');
		sought.classList.add('found');
		sought.scrollIntoView({ block: 'center' });
	});
	form.addEventListener('submit', e => { if (e.submitter && log.contains(e.submitter)) { e.preventDefault(); act(e); } });
	live.addEventListener('dressed', ({ detail }) => offerAgain(detail));
	offerAgain(articles());
}
