// Says so when the line is down, why, and when it is tried again. `lost` on `live`: what others do just now is not known any more.
import { live, connectNow } from './live.js';

const template = document.querySelector('#connection');
let banner, grace, clock;

function show(words, label, act) {
	live.dispatchEvent(new CustomEvent('lost'));
	const place = document.querySelector('main > header') ?? document.querySelector('main > .body');
	banner ??= template.content.firstElementChild.cloneNode(true);
	say(words);
	const button = banner.querySelector('button');
	button.textContent = label;
	button.onclick = act;
	if (!banner.isConnected) place ? place.matches('.body') ? place.prepend(banner) : place.after(banner) : document.querySelector('.app > main')?.prepend(banner);
	clearInterval(clock);
	clock = setInterval(() => say(words), 1_000);
}

function say(words) {
	const [first, ...rest] = words();
	banner.querySelector('b').textContent = first;
	banner.querySelector('span').textContent = rest.join(' ');
}

/** Whoever comes to this screen now is not the one who was signed in: nothing of theirs stays on it. */
function empty() {
	for (const part of document.querySelectorAll('nav.pane .scroll > *, .detail > *, .rail .badge, .app > main > *, .toast, .announcement')) part.remove();
	document.title = document.title.replace(/^.* · /, '');
}

function hide() {
	clearTimeout(grace);
	clearInterval(clock);
	banner?.remove();
}

live.addEventListener('open', hide);
live.addEventListener('closed', ({ detail: { code, at } }) => {
	if (!template) return;
	const says = template.content.firstElementChild.dataset;
	const { retry, signIn, resume } = template.content.querySelector('button').dataset;
	clearTimeout(grace);
	if (code === 4401) {
		empty();
		show(() => [says.signedOut], signIn, () => location.assign(`/accounts/sign-in?returnUrl=${encodeURIComponent(location.pathname)}`));
		return banner.querySelector('button').classList.replace('slim', 'main');
	}
	if (code === 4408) return show(() => [says.paused], resume, () => location.reload());
	const words = () => {
		const seconds = Math.ceil((at - Date.now()) / 1_000);
		const kept = document.querySelector('form.composer') ? [says.kept] : [];
		return [says.reconnecting, ...(seconds > 1 ? [says.again.replace('{0}', seconds)] : []), ...kept];
	};
	grace = setTimeout(() => show(words, retry, connectNow), banner?.isConnected ? 0 : 700); // a blink needs no words
});
