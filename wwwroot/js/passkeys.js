// Passkeys: asks the server what to ask the browser, and takes it the answer. A form says which of the two, by data-passkey: create or get.
const form = document.querySelector('form[data-passkey]');
const button = form?.querySelector('button');
// A passkey is made for a name, and an address of numbers is none.
const isKnown = isSecureContext && !/^[\d.]+$|:/.test(location.hostname) && 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

const say = words => {
	const error = form.querySelector('.error');
	error.textContent = words;
	error.hidden = !words;
};

const post = async (address, fields = {}) => {
	const token = form.querySelector('[name=__RequestVerificationToken]').value;
	const answer = await fetch(address, { method: 'POST', headers: { Accept: 'application/json', RequestVerificationToken: token }, body: new URLSearchParams(fields) });
	const json = await answer.json().catch(() => ({}));
	if (json.confirm) location.assign(json.confirm);
	if (!answer.ok) throw new Error(json.error ?? form.dataset.failed);
	return json;
};

const handler = name => { const address = new URL(form.action); address.searchParams.set('handler', name); return address; };

const ask = {
	create: async () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(await post(handler('ask'))) }),
	get: async () => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(await post(handler('ask'))) }),
};

async function run() {
	say('');
	button.disabled = true;
	try {
		const credential = await ask[form.dataset.passkey]();
		const { next } = await post(form.action, { credential: JSON.stringify(credential), name: form.elements.name?.value ?? '' });
		location.assign(next ?? location.pathname);
	} catch (error) {
		if (error.name !== 'NotAllowedError' && error.name !== 'AbortError') say(error.name === 'Error' ? error.message : form.dataset.failed); // those: its owner said no
	} finally {
		button.disabled = false;
	}
}

if (form && isKnown) {
	form.hidden = button.disabled = false;
	form.addEventListener('submit', event => { event.preventDefault(); run(); });
} else if (form && !form.hidden) {
	say(form.dataset.unsupported);
}
