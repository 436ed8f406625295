// Which message the next one answers: shown above the field, sent with it.
const form = document.querySelector('form.composer[data-room]');
const bar = form?.querySelector('.answering');

/** What stands above the field: { seq, name, line }, or nothing. */
export const answered = () => bar && !bar.hidden ? { seq: form.elements.reply_to.value, name: bar.querySelector('b').textContent, line: bar.querySelector('.what > span').textContent } : undefined;

/** Answers a message, or with null none. */
export function answer(article) {
	if (!bar) return;
	bar.hidden = !article;
	form.elements.reply_to.value = article?.dataset.seq ?? '';
	bar.querySelector('b').textContent = article?.querySelector('.by').textContent ?? '';
	bar.querySelector('.what > span').textContent = article ? lineOf(article) : '';
	if (article) form.elements.content.focus();
}

/** A message in a line, as the server would say it. */
function lineOf(article) {
	const bubble = article.querySelector('.bubble').cloneNode(true);
	bubble.querySelector('.quote')?.remove();
	return bubble.textContent.trim().replace(/\s+/g, ' ').slice(0, 80);
}

bar?.querySelector('[data-cancel]').addEventListener('click', e => { e.preventDefault(); answer(null); form.elements.content.focus(); });
form?.addEventListener('keydown', e => { if (e.key === 'Escape' && !bar.hidden) answer(null); });
