// A form that asks for a page and has nothing to say leads there as a link does, without a bare "?" in the address.
document.addEventListener('submit', e => {
	const form = e.target;
	if (e.defaultPrevented || form.method !== 'get' || form.querySelector('[name]') || form.hasAttribute('hx-get')) return;
	e.preventDefault();
	location.assign(form.action);
});
