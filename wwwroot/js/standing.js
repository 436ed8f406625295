// A mute ends by itself: then the page asks what its reader may do now.
const longest = 2 ** 31 - 1; // what a timer takes
let shown, timer;

function wait() {
	const standing = document.querySelector('#standing');
	if (!standing || standing === shown) return;
	shown = standing;
	clearTimeout(timer);
	if (standing.dataset.lasts) timer = setTimeout(() => document.body.dispatchEvent(new CustomEvent('room-changed')), Math.min(Math.max(0, Number(standing.dataset.lasts)) + 250, longest));
}

wait();
document.addEventListener('htmx:after:swap', wait);
