// Somebody is called something else, or looks different: shown at once where their name and face stand.
import { live } from './live.js';
import { log } from './log.js';

const changed = new Map(); // since the line is up: an article on its way may still say what was

function paint(face, { picture, initials }) {
	const here = face.querySelector('.here');
	const image = picture && Object.assign(new Image(), { src: `/pictures/${picture}`, alt: '', width: face.matches('.small') ? 36 : 88, height: face.matches('.small') ? 36 : 88 });
	face.replaceChildren(image || initials, ...here ? [here] : []);
}

/** The log says what everybody is called to all alike; it is not read anew. */
function rename({ was, ...person }) {
	if (was) person.name = document.querySelector('[data-gone]').dataset.gone;
	for (const article of log.querySelectorAll(`article.message[data-by="${Number(person.id)}"]`)) article.setAttribute('aria-label', person.name);
	for (const name of log.querySelectorAll(`:is(.by, .happened) a[href="/people/${CSS.escape(was ?? person.account)}"] > bdi, .quote[data-by="${Number(person.id)}"] bdi`)) {
		name.textContent = person.name;
		if (was && name.parentElement.matches('a[href^="/people/"]')) name.parentElement.href = `/people/${person.account}`;
	}
	for (const face of log.querySelectorAll(`.face.p-u${Number(person.id)}`)) paint(face, person);
}

live.addEventListener('person', ({ detail: person }) => {
	changed.set(person.id, person);
	if (log) rename(person);
	// Elsewhere a name may be the reader's own remark: what shows this person is asked for again.
	if (!document.querySelector(`.face.p-u${Number(person.id)}:not(article .face), [data-last-by="${Number(person.id)}"]`)) return;
	for (const list of ['rooms', 'contacts', 'people']) document.body.dispatchEvent(new CustomEvent(`${list}-changed`));
});

live.addEventListener('closed', () => changed.clear());
live.addEventListener('arrived', () => changed.forEach(rename));
