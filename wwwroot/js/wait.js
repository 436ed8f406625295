// A button that may be pressed again after a while says so, and counts down.
for (const button of document.querySelectorAll('button[data-wait]')) {
	const words = button.textContent;
	const until = performance.now() + Number(button.dataset.wait) * 1000;
	const tick = () => {
		const seconds = Math.ceil((until - performance.now()) / 1000);
		button.disabled = seconds > 0;
		button.textContent = seconds > 0 ? button.dataset.waitText.replace('{0}', seconds) : words;
		if (seconds > 0) setTimeout(tick, 1000);
	};
	tick();
}
