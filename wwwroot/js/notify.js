// The switch on the page of notifications, and the offer in the list of conversations, made once.
import { state, turnOn, turnOff } from './device.js';

const section = document.querySelector('[data-notify]');
const offer = document.querySelector('#notify-offer');
const declined = 'webchat-notify-declined';

if (section) {
	const box = section.querySelector('input');
	const said = section.querySelector('[role=status]');
	const show = () => {
		const now = state();
		said.textContent = section.dataset[now];
		box.disabled = now === 'unsupported' || now === 'denied';
		box.checked = now === 'on' || now === 'page';
	};
	box.addEventListener('change', async () => {
		const isWanted = box.checked;
		box.disabled = true;
		if (isWanted) said.textContent = section.dataset.wait;
		try { await (isWanted ? turnOn(section.dataset.key) : turnOff()); } catch { /* what came of it is said below */ }
		show();
	});
	show();
	navigator.permissions?.query({ name: 'notifications' }).then(permission => { permission.onchange = show; }, () => {});
}

if (offer && state() === 'off' && Notification.permission === 'default') {
	try { offer.hidden = localStorage.getItem(declined) !== null; } catch { /* not kept: not asked */ }
	const end = () => { offer.hidden = true; try { localStorage.setItem(declined, '1'); } catch { /* asked again */ } };
	offer.querySelector('[data-dismiss]').addEventListener('click', end);
	offer.querySelector('[data-accept]').addEventListener('click', () => { end(); turnOn(offer.dataset.key).catch(() => {}); });
}
