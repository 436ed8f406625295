// What comes while nobody looks at it is shown by the browser; what was read or taken back is not shown any more.
import { live } from './live.js';
import { isOn, tell, renew } from './device.js';

const list = () => document.querySelector('#conversations-list');

live.addEventListener('notice', ({ detail: { room, seq, ...words } }) => tell({ show: { room, seq, ...words[document.documentElement.lang] ?? words.en } }));
live.addEventListener('read', ({ detail: { room, seq } }) => tell({ read: { room, seq } }));
live.addEventListener('recalled', ({ detail }) => tell({ recalled: detail }));

/** What another device has read while no page was open here, and what is of rooms one is not in any more. */
async function settle() {
	if (!isOn() || !list()) return;
	const registration = await navigator.serviceWorker.getRegistration('/');
	for (const shown of await registration?.getNotifications() ?? []) {
		const row = list()?.querySelector(`li[data-room="${CSS.escape(shown.data?.room)}"]`);
		if (!row || Number(row.dataset.read) >= shown.data.seq) shown.close();
	}
}

if (isOn()) renew().catch(() => { /* the next page tries again */ });
settle();
document.addEventListener('htmx:finally:swap', settle);
