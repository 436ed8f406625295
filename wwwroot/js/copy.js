// Buttons that copy what stands elsewhere on the page, and that print it: only where there is a script to press them.
for (const button of document.querySelectorAll('[data-copy], [data-print]')) button.hidden = false;

document.addEventListener('click', async ({ target }) => {
	const copy = target.closest?.('[data-copy]');
	if (target.closest?.('[data-print]')) print();
	if (!copy) return;
	const source = document.querySelector(copy.dataset.copy);
	const words = [...source.querySelectorAll('code')].map(c => c.textContent).join('\n') || source.textContent;
	try {
		await navigator.clipboard.writeText(words);
		copy.textContent = copy.dataset.copied;
	} catch {
		getSelection().selectAllChildren(source); // no clipboard here: one key away
	}
});
