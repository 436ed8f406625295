// The tab's one socket. What comes down is announced on `live` as events: `html`, or the name in the JSON.
const app = document.querySelector('[data-live]');
const hearWithin = 40_000; // the server ticks every 15 s

export const live = new EventTarget();
export const me = Number(app?.dataset.me ?? 0);
export const account = app?.dataset.account;
export const isOpen = () => socket?.readyState === WebSocket.OPEN;
export const say = what => { if (isOpen()) socket.send(JSON.stringify(what)); };
export const connectNow = () => { if (!isOpen()) connect(); };

let socket, retry, tries = 0, heard = 0, leaving = false, refused = 0;

const emit = (name, detail) => live.dispatchEvent(new CustomEvent(name, { detail }));

function connect() {
	clearTimeout(retry);
	letGo();
	const address = new URL(app.dataset.live, location.href);
	address.protocol = address.protocol.replace('http', 'ws');
	const mine = socket = new WebSocket(address);
	mine.onopen = () => { if (mine !== socket) return mine.close(); tries = 0; heard = Date.now(); emit('open'); };
	mine.onmessage = ({ data }) => { if (mine === socket) hear(data); };
	mine.onclose = ({ code }) => { if (mine === socket) closed(code); };
}

/** Nothing of the line so far counts any more. One that is still connecting is closed when it has: before, it would be an error in the console. */
function letGo() {
	const old = socket;
	socket = undefined;
	if (old?.readyState === WebSocket.OPEN) old.close();
}

function hear(data) {
	heard = Date.now();
	refused = 0;
	if (!data.startsWith('{')) return emit('html', data);
	for (const [name, value] of Object.entries(JSON.parse(data))) emit(name, value);
}

function closed(code) {
	if (leaving) return;
	// The session may have a new cookie already (the password was changed in another tab): ask once more before giving up.
	if (code === 4401 && !refused++) { retry = setTimeout(connect, 500); return; }
	if (code === 4401 || code === 4408) return emit('closed', { code });
	const wait = Math.min(15_000, 250 * 2 ** tries++) * (.75 + Math.random() / 2);
	retry = setTimeout(connect, wait);
	emit('closed', { code, at: Date.now() + wait });
}

function check() {
	if (isOpen() && Date.now() - heard > hearWithin) { letGo(); closed(1006); }
}

if (me) {
	connect();
	setInterval(check, 5_000);
	addEventListener('online', connectNow);
	addEventListener('pagehide', () => { leaving = true; if (isOpen()) socket.close(); }); // closing one that is still connecting is an error in the console
	addEventListener('pageshow', e => { leaving = false; if (e.persisted) connect(); });
	document.addEventListener('visibilitychange', () => { if (!document.hidden) { check(); if (tries && (socket?.readyState ?? WebSocket.CLOSED) === WebSocket.CLOSED) connectNow(); } });
}
