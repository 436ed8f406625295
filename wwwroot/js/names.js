// @name while one writes: the members whose name or account begins so, to be taken by keys or a tap.
const field = document.querySelector('form.composer[data-room] textarea');
const list = document.querySelector('#names');
const pause = 150; // milliseconds: who types fast asks once
let found = [], at = 0, asked = 0, waiting = 0;

/** The name that is being written before the cursor, or null. */
function begun() {
	const before = field.value.slice(0, field.selectionStart);
	return /(?:^|[\s(（，。、])@([\p{L}\p{N}_-]{0,24})$/u.exec(before)?.[1] ?? null;
}

function look() {
	clearTimeout(waiting);
	if (begun() === null) return close();
	waiting = setTimeout(ask, pause);
}

async function ask() {
	const name = begun();
	if (name === null) return close();
	const mine = ++asked;
	const response = await fetch(`${list.dataset.source}?q=${encodeURIComponent(name)}`, { headers: { Accept: 'application/json' } }).catch(() => null);
	if (mine !== asked || begun() === null) return;
	found = response?.ok ? await response.json() : [];
	at = 0;
	show();
}

function show() {
	list.hidden = !found.length;
	list.hidden ? field.removeAttribute('aria-controls') : field.setAttribute('aria-controls', list.id); // a text of several lines may not be said to expand
	list.replaceChildren(...found.map(({ account, name, bot }, i) => {
		const item = document.createElement('li');
		item.id = `name-${i}`;
		item.role = 'option';
		item.ariaSelected = String(i === at);
		const words = document.createElement('bdi');
		words.textContent = name;
		const sign = document.createElement('span');
		sign.className = 'quiet';
		sign.textContent = `@${account}`;
		item.append(words, ...bot ? [stamp(list.dataset.bot)] : [], sign);
		item.onpointerdown = e => { e.preventDefault(); take(i); };
		return item;
	}));
	list.hidden ? field.removeAttribute('aria-activedescendant') : field.setAttribute('aria-activedescendant', `name-${at}`);
}

function stamp(words) {
	const mark = document.createElement('span');
	mark.className = 'stamp';
	mark.textContent = words;
	return mark;
}

function take(i) {
	const name = begun();
	field.setRangeText(`@${found[i].account} `, field.selectionStart - name.length - 1, field.selectionStart, 'end');
	field.dispatchEvent(new Event('input', { bubbles: true }));
	close();
}

function close() { clearTimeout(waiting); found = []; asked++; if (!list.hidden) show(); }

if (field && list) {
	field.addEventListener('input', look);
	field.addEventListener('blur', close);
	// Before the composer's own listener: Enter takes the name and does not send.
	field.addEventListener('keydown', e => {
		if (list.hidden) return;
		const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (move) { at = (at + move + found.length) % found.length; show(); }
		else if (e.key === 'Enter' || e.key === 'Tab') take(at);
		else if (e.key === 'Escape') close();
		else return;
		e.preventDefault();
		e.stopImmediatePropagation();
	}, { capture: true });
}
