// A picture by itself, as large as the screen allows; arrows lead to the others of the conversation.
const box = document.querySelector('#lightbox');
const all = () => [...document.querySelectorAll('a[data-picture]')];
let shown, from;

function show(link) {
	shown = link;
	const small = link.querySelector('img');
	const image = box.querySelector('img');
	image.src = link.href;
	image.alt = small.alt;
	image.width = Number(small.getAttribute('width'));
	image.height = Number(small.getAttribute('height'));
	box.querySelector('a').href = link.href;
	const pictures = all(), at = pictures.indexOf(link);
	box.querySelector('[data-before]').disabled = at <= 0;
	box.querySelector('[data-after]').disabled = at >= pictures.length - 1;
}

const step = by => { const pictures = all(), next = pictures[pictures.indexOf(shown) + by]; if (next) show(next); };

if (box) {
	document.addEventListener('click', e => {
		const link = e.target.closest('a[data-picture]');
		if (!link || e.metaKey || e.ctrlKey || e.button) return;
		e.preventDefault();
		from = link;
		show(link);
		box.showModal();
	});
	box.addEventListener('click', e => { if (!e.target.closest('a, button') && !e.target.matches('img') || e.target.closest('[data-close]')) box.close(); });
	box.querySelector('[data-before]').onclick = () => step(-1);
	box.querySelector('[data-after]').onclick = () => step(1);
	// Wherever the focus is: a button that is at its end is off, and hears no key.
	document.addEventListener('keydown', e => {
		if (!box.open) return;
		const forward = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight', back = document.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
		if (e.key === forward) step(1);
		if (e.key === back) step(-1);
	});
	box.addEventListener('close', () => { box.querySelector('img').removeAttribute('src'); from?.focus(); });
}
