// The emoji picker: by group, by word, and those one uses most. The data and the search are emoji-picker-element's; its own
// element writes styles into the page, which our security policy forbids, so the grid is ours.
const panel = document.querySelector('#emoji');
const field = () => document.querySelector('form.editing textarea, form.composer[data-room]:not([hidden]) textarea');
const groups = { 0: '😀', 1: '👋', 3: '🐻', 4: '🍎', 5: '✈️', 6: '⚽', 7: '💡', 8: '❤️', 9: '🏁' };
let database, take, opener, asked = 0;

/** Opens the picker; what is picked goes to `taken`, or where one writes. */
export function pickEmoji(from, taken = write) {
	if (panel.open) return panel.close();
	take = taken;
	opener = from;
	panel.show();
	panel.querySelector('input').value = '';
	panel.querySelector('input').focus({ preventScroll: true });
	load();
}

async function load() {
	if (!database) {
		const { default: Database } = await import('../lib/emoji-database.js');
		database = new Database({ dataSource: panel.dataset.source, locale: panel.dataset.locale });
	}
	try {
		await database.ready();
		search(panel.querySelector('input').value);
	} catch {
		tell(panel.dataset.unheard);
	}
}

async function showGroup(group) {
	for (const tab of panel.querySelectorAll('[data-group]')) tab.ariaPressed = String(Number(tab.dataset.group) === Number(group));
	const mine = ++asked;
	const often = Number(group) === 0 ? await database.getTopFavoriteEmoji(9) : [];
	const all = await database.getEmojiByGroup(Number(group));
	if (mine === asked) fill([...often, ...all]);
}

async function search(words) {
	if (!database) return;
	if (words.trim().length < 2) return showGroup(0);
	const mine = ++asked;
	const found = await database.getEmojiBySearchQuery(words.trim());
	if (mine !== asked) return;
	found.length ? fill(found) : tell(panel.dataset.nothing);
}

function fill(emoji) {
	const grid = panel.querySelector('.grid');
	grid.replaceChildren(...emoji.filter(e => e.unicode).map(({ unicode, annotation }) => {
		const button = document.createElement('button');
		button.type = 'button';
		button.textContent = unicode;
		button.title = annotation;
		button.ariaLabel = annotation;
		button.value = unicode;
		return button;
	}));
	grid.scrollTop = 0;
}

function tell(sentence) {
	const line = document.createElement('p');
	line.className = 'quiet';
	line.textContent = sentence;
	panel.querySelector('.grid').replaceChildren(line);
}

function write(emoji) {
	const place = field();
	place.setRangeText(emoji, place.selectionStart, place.selectionEnd, 'end');
	place.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Arrows move in the grid, as they would in a picture of it. */
function move(e) {
	const buttons = [...panel.querySelectorAll('.grid button')], at = buttons.indexOf(document.activeElement);
	if (at < 0) { if (e.key === 'ArrowDown') { buttons[0]?.focus(); e.preventDefault(); } return; }
	const across = buttons.findIndex(b => b.offsetTop > buttons[0].offsetTop);
	const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[e.key];
	if (!by) return;
	e.preventDefault();
	(buttons[at + by] ?? (by < 0 ? panel.querySelector('input') : buttons.at(-1))).focus();
}

if (panel) {
	for (const [group, sign] of Object.entries(groups)) {
		const tab = panel.querySelector(`[data-group="${group}"]`);
		tab.textContent = sign;
		tab.onclick = () => showGroup(group);
	}
	panel.querySelector('input').addEventListener('input', e => search(e.target.value));
	panel.querySelector('.grid').addEventListener('click', e => {
		const button = e.target.closest('button');
		if (!button) return;
		take(button.value);
		database.incrementFavoriteEmojiCount(button.value).catch(() => {});
		if (take !== write || matchMedia('(pointer: coarse)').matches) panel.close();
	});
	panel.addEventListener('keydown', e => {
		if (e.key === 'Enter' && e.target.matches('input')) { e.preventDefault(); panel.querySelector('.grid button')?.click(); }
		if (e.key === 'Escape') { panel.close(); (take === write ? field() : opener)?.focus(); }
		move(e);
	});
	document.addEventListener('pointerdown', e => { if (panel.open && !panel.contains(e.target) && e.target.closest('[data-emoji]') !== opener) panel.close(); });
	const button = document.querySelector('form.composer [data-emoji]');
	if (button) {
		button.hidden = false;
		button.addEventListener('click', () => pickEmoji(button));
	}
}
