// A voice message: recorded here, with how loud it was; it goes with Send like any file.
import { attach } from './attach.js';

const start = document.querySelector('[data-record]');
const bar = document.querySelector('#recording');
const bars = 32, longest = 10 * 60; // seconds
const clock = seconds => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
let recording;

async function record() {
	if (recording) return;
	let stream;
	try {
		stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
	} catch {
		return refuse();
	}
	const type = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'].find(MediaRecorder.isTypeSupported);
	const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
	const sound = new AudioContext(), meter = sound.createAnalyser();
	meter.fftSize = 512;
	sound.createMediaStreamSource(stream).connect(meter);
	recording = { recorder, chunks: [], levels: [], began: Date.now() };
	recorder.ondataavailable = ({ data }) => recording?.chunks.push(data);
	recorder.onstop = () => {
		clearInterval(recording.timer);
		sound.close();
		for (const track of stream.getTracks()) track.stop();
		const done = recording;
		recording = null;
		show(false);
		if (!done.isCancelled) finish(done, type);
	};
	recording.timer = setInterval(() => measure(meter), 100);
	recorder.start();
	show(true);
}

function measure(meter) {
	const wave = new Uint8Array(meter.fftSize);
	meter.getByteTimeDomainData(wave);
	const peak = Math.max(...wave.map(value => Math.abs(value - 128))) / 128;
	recording.levels.push(peak);
	const seconds = Math.floor((Date.now() - recording.began) / 1000);
	bar.querySelector('.number').textContent = clock(seconds);
	bar.querySelector('meter').value = Math.sqrt(peak);
	if (seconds >= longest) recording.recorder.stop();
}

function finish({ chunks, levels, began }, type) {
	const seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
	const kind = type.split(';')[0];
	attach(new File(chunks, `${start.dataset.name} ${clock(seconds).replace(':', '.')}.${kind.split('/')[1]}`, { type: kind }), { seconds, levels: gather(levels) });
	document.querySelector('.composer .send').focus();
}

/** As many digits as there are bars, the loudest a 9. */
function gather(levels) {
	const count = Math.min(bars, Math.max(1, levels.length));
	const loudest = Math.max(.05, ...levels);
	return Array.from({ length: count }, (_, i) => {
		const part = levels.slice(Math.floor(i * levels.length / count), Math.max(1, Math.floor((i + 1) * levels.length / count)));
		return Math.round(Math.max(0, ...part) / loudest * 9);
	}).join('');
}

function show(isRecording) {
	bar.hidden = !isRecording;
	start.closest('.line').hidden = isRecording;
	if (isRecording) bar.querySelector('[data-stop]').focus();
}

function refuse() {
	const refused = document.querySelector('#refused');
	refused.hidden = false;
	refused.querySelector('span').textContent = start.dataset.refused;
}

if (start && bar && window.MediaRecorder) {
	start.hidden = false;
	start.onclick = record;
	bar.querySelector('[data-stop]').onclick = () => recording?.recorder.stop();
	bar.querySelector('[data-cancel]').onclick = () => { if (recording) { recording.isCancelled = true; recording.recorder.stop(); } };
	bar.addEventListener('keydown', e => { if (e.key === 'Escape') bar.querySelector('[data-cancel]').click(); });
}
