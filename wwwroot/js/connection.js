// Says so when the line is down, why, and when it is tried again.
import { live, connectNow } from './live.js';

const template = document.querySelector('#connection');
let banner, grace, clock;

function show(words, label, act) {
	const place = document.querySelector('main > header') ?? document.querySelector('main > .body');
	banner ??= template.content.firstElementChild.cloneNode(true);
	banner.querySelector('p').textContent = words();
	const button = banner.querySelector('button');
	button.textContent = label;
	button.onclick = act;
	if (!banner.isConnected) place?.matches('.body') ? place.prepend(banner) : place?.after(banner);
	clearInterval(clock);
	clock = setInterval(() => { banner.querySelector('p').textContent = words(); }, 1_000);
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
	if (code === 4401) return show(() => says.signedOut, signIn, () => location.assign(`/accounts/sign-in?returnUrl=${encodeURIComponent(location.pathname)}`));
	if (code === 4408) return show(() => says.paused, resume, () => location.reload());
	const words = () => {
		const seconds = Math.ceil((at - Date.now()) / 1_000);
		return seconds > 1 ? `${says.reconnecting} ${says.again.replace('{0}', seconds)}` : says.reconnecting;
	};
	grace = setTimeout(() => show(words, retry, connectNow), banner?.isConnected ? 0 : 700); // a blink needs no words
});
