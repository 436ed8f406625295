// Plays voice messages in place, one at a time; the line shows how far it is.
let playing;

function show(voice, at) {
	const line = voice.querySelector('svg path:not(.heard)');
	const bars = line.getAttribute('d').split('M').slice(1);
	let heard = voice.querySelector('path.heard');
	if (!heard) { heard = line.cloneNode(); heard.classList.add('heard'); line.after(heard); }
	heard.setAttribute('d', bars.slice(0, Math.round(at * bars.length)).map(bar => `M${bar}`).join(''));
}

function stop() {
	if (!playing) return;
	playing.sound.pause();
	face(playing.voice, 'play');
	playing = null;
}

function face(voice, name) {
	const use = voice.querySelector('[data-play] use');
	use.setAttribute('href', use.getAttribute('href').replace(/#.*/, `#${name}`));
}

function play(voice) {
	stop();
	const sound = voice.sound ??= new Audio(voice.querySelector('a').href);
	playing = { voice, sound };
	const seconds = () => Number.isFinite(sound.duration) ? sound.duration : Number(voice.dataset.seconds);
	sound.ontimeupdate = () => show(voice, sound.currentTime / seconds());
	sound.onended = () => { stop(); show(voice, 0); };
	face(voice, 'pause');
	sound.play().catch(stop);
}

document.addEventListener('click', e => {
	const voice = e.target.closest('[data-play]')?.closest('.voice');
	if (voice) playing?.voice === voice ? stop() : play(voice);
});
