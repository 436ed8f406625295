// Whether this browser can, may and shall notify, and where its push service is reached. What was chosen is kept here: it is this device's alone.
import { me } from './live.js';

const chosen = 'webchat-notify', told = 'webchat-pushed';
const app = document.querySelector('[data-live]');
const read = key => { try { return localStorage.getItem(key); } catch { return null; } };
const write = (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* private mode: not kept */ } };

export const isSupported = () => isSecureContext && 'Notification' in window && 'serviceWorker' in navigator;
export const isOn = () => read(chosen) === String(me) && isSupported() && Notification.permission === 'granted'; // the browser is asked last: it takes milliseconds to say

/** unsupported, denied (by the browser), off, page (while one is open), on. */
export function state() {
	if (!isSupported()) return 'unsupported';
	if (Notification.permission === 'denied') return 'denied';
	if (!isOn()) return 'off';
	return read(told) === app.dataset.session ? 'on' : 'page';
}

/** Tells the service worker, where there is one. */
export async function tell(what) {
	if (isOn()) (await navigator.serviceWorker.ready).active.postMessage(what);
}

/** Only on a click: the browser asks, and asks once. */
export async function turnOn(key) {
	if (await Notification.requestPermission() !== 'granted') return;
	await navigator.serviceWorker.register('/sw.js');
	write(chosen, String(me));
	if (!key) return;
	try {
		const { pushManager } = await navigator.serviceWorker.ready;
		const options = { userVisibleOnly: true, applicationServerKey: key };
		if (await send(await pushManager.subscribe(options)) === 409) { // of somebody else who was here: a new address is nobody's
			await (await pushManager.getSubscription()).unsubscribe();
			await send(await pushManager.subscribe(options));
		}
	} catch { /* no push service, or none that answers: it goes while a page is open */ }
}

export async function turnOff() {
	write(chosen, null);
	write(told, null);
	const registration = await navigator.serviceWorker.getRegistration('/');
	for (const shown of await registration?.getNotifications() ?? []) shown.close();
	const subscription = await registration?.pushManager?.getSubscription();
	if (!subscription) return;
	try {
		await post('/me/notifications/unsubscribe', { endpoint: subscription.endpoint });
	} finally {
		await subscription.unsubscribe(); // without an answer too: the push service then says that it is gone
	}
}

/** A session that is new, as after a change of the password, has been told of nothing. */
export async function renew() {
	if (!isOn()) return;
	const registration = await navigator.serviceWorker.register('/sw.js');
	if (read(told) === app.dataset.session) return;
	const subscription = await registration.pushManager?.getSubscription();
	if (subscription && await send(subscription) === 409) await subscription.unsubscribe();
}

async function send(subscription) {
	const { endpoint, keys: { p256dh, auth } } = subscription.toJSON();
	const { status, ok } = await post('/me/notifications/subscribe', { endpoint, p256dh, auth });
	write(told, ok ? app.dataset.session : null);
	return status;
}

const post = (address, fields) => fetch(address, {
	method: 'POST',
	headers: { Accept: 'application/json', ...JSON.parse(document.body.getAttribute('hx-headers:inherited')) },
	body: new URLSearchParams(fields),
});
