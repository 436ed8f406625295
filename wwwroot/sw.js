// Shows notifications, and leads to what they are about. It keeps nothing and answers no request: pages come as they would without it.
const shown = new Map(), read = new Map(); // how far, by room, while this worker lives

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('push', event => { if (event.data) event.waitUntil(show(event.data.json())); });
self.addEventListener('message', event => {
	const { show: notice, read: mark, recalled } = event.data;
	if (notice) event.waitUntil(show(notice));
	if (mark) {
		read.set(mark.room, Math.max(mark.seq, read.get(mark.room) ?? 0));
		event.waitUntil(close(mark.room, seq => seq <= mark.seq));
	}
	if (recalled) event.waitUntil(close(recalled.room, seq => seq === recalled.seq));
});
self.addEventListener('notificationclick', event => {
	event.notification.close();
	event.waitUntil(lead(`/rooms/${Number(event.notification.data.room)}`));
});

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });
const pathOf = page => new URL(page.url).pathname;

/** One for each message, however many tabs tell of it; one at a time for each room. */
async function show({ room, seq, title, body, unread, isGone }) {
	if (unread !== undefined) navigator.setAppBadge?.(unread)?.catch(() => {});
	const tag = `room-${room}`;
	if (isGone && (await self.registration.getNotifications({ tag })).some(there => there.data.seq !== seq)) return; // it says something newer
	if (!isGone && seq <= Math.max(shown.get(room) ?? 0, read.get(room) ?? 0)) return;
	shown.set(room, Math.max(seq, shown.get(room) ?? 0));
	const path = `/rooms/${Number(room)}`;
	if ((await pages()).some(page => page.focused && page.visibilityState === 'visible' && pathOf(page) === path)) return;
	await self.registration.showNotification(title, {
		body, tag, renotify: !isGone, silent: Boolean(isGone), icon: '/icon-192.png', badge: '/badge.png', data: { room, seq },
	});
	if (seq <= (read.get(room) ?? 0)) await close(room, other => other === seq);
}

async function close(room, isMeant) {
	for (const notification of await self.registration.getNotifications({ tag: `room-${room}` })) {
		if (isMeant(notification.data.seq)) notification.close();
	}
}

/** To a page that shows it already, else to one with a conversation or their list, where nothing is lost, else to a new one. */
async function lead(path) {
	const open = await pages();
	const page = open.find(p => pathOf(p) === path) ?? open.find(p => /^\/rooms(\/\d+)?$/.test(pathOf(p)));
	if (!page) return self.clients.openWindow(path);
	await page.focus().catch(() => {});
	if (pathOf(page) !== path) await page.navigate(path).catch(() => self.clients.openWindow(path));
}
