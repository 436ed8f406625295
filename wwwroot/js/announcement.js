// What administrators say to everybody stands above the page as soon as they say it, and goes when it is over or put away anywhere.
import { live } from './live.js';

const banner = document.querySelector('#house-announcement > .bulletin');

live.addEventListener('announcement', ({ detail: said }) => {
	if (!banner) return;
	banner.hidden = !said;
	banner.querySelector('p').textContent = said?.text ?? '';
	banner.querySelector('[name=announcement]').value = said?.id ?? 0;
});

// Gone at once, whether or not the line is there to say so.
banner?.querySelector('form').addEventListener('submit', () => { banner.hidden = true; });
