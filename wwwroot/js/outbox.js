// Messages on their way, kept until the server has them. The same client id is sent again, so one is never stored twice.
const timeout = 15_000;
const mostTries = 4;

/** A client id: what is sent again with it is stored once. */
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('');

const pause = ms => new Promise(done => setTimeout(done, ms));

/** Posts until there is an answer. Returns { seq }, or { error, again, vain }: the server's sentence or '', whether it may go well later, and whether it never will as it is. */
export async function post(address, token, item) {
	for (let attempt = 1; ; attempt++) {
		const answer = await once(address, token, item);
		if (!answer.again) return answer;
		if (attempt === mostTries) return answer;
		await pause(answer.wait ?? 400 * 2 ** attempt);
	}
}

async function once(address, token, { id, text, reply }) {
	try {
		const response = await fetch(address, {
			method: 'POST',
			headers: { Accept: 'application/json', RequestVerificationToken: token },
			body: new URLSearchParams({ content: text, client_id: id, ...reply && { reply_to: reply.seq } }),
			signal: AbortSignal.timeout(timeout),
		});
		if (response.ok) return await response.json();
		const { error = '' } = await response.json().catch(() => ({}));
		const wait = Number(response.headers.get('Retry-After') ?? 0) * 1_000 || undefined;
		return { error, wait, vain: response.status === 400, again: response.status === 429 || response.status >= 500 };
	} catch {
		return { error: '', again: true }; // no answer: unknown, and safe to ask again
	}
}

/** What has not been sent, by room, across reloads. */
export function store(key) {
	const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; } };
	const write = items => { try { items.length ? localStorage.setItem(key, JSON.stringify(items)) : localStorage.removeItem(key); } catch { /* private mode: kept in the page alone */ } };
	return {
		all: read,
		add: item => write([...read().filter(i => i.id !== item.id), item]),
		remove: id => write(read().filter(i => i.id !== id)),
	};
}
