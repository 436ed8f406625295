// Which message the next one answers: shown above the field, sent with it.
const form = document.querySelector('form.composer[data-room]');
const bar = form?.querySelector('.answering');

/** What stands above the field: { seq, name, bot, line }, or nothing. `bot` is the stamp of one. */
export const answered = () => bar && !bar.hidden ? { seq: form.elements.reply_to.value, name: bar.querySelector('bdi').textContent, bot: bar.querySelector('.stamp')?.textContent, line: bar.querySelector('.what > span').textContent } : undefined;

/** Answers a message, or with null none. */
export function answer(article) {
	if (!bar) return;
	bar.hidden = !article;
	form.elements.reply_to.value = article?.dataset.seq ?? '';
	const stamp = article?.querySelector('.by .stamp');
	bar.querySelector('bdi').textContent = article?.querySelector('.by bdi').textContent ?? '';
	bar.querySelector('.stamp')?.remove();
	if (stamp) bar.querySelector('b').append(stamp.cloneNode(true));
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
