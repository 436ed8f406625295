// What is made of a picture or a video before it is sent: no larger than a screen needs, without where it was taken, with a smaller copy.
const largest = 2560, smaller = 720;
const asItIs = new Set(['image/gif', 'image/svg+xml']); // the one may move, the other is refused
const drawn = { 'image/png': 'image/png', 'image/webp': 'image/webp', 'image/bmp': 'image/png', 'image/x-icon': 'image/png' }; // the others are photographs, whatever phones call them

const fit = (width, height, most) => { const by = Math.min(1, most / Math.max(width, height)); return [Math.round(width * by), Math.round(height * by)]; };

function draw(source, width, height, type, quality = .85) {
	const canvas = Object.assign(document.createElement('canvas'), { width, height });
	const pen = canvas.getContext('2d');
	pen.imageSmoothingQuality = 'high';
	if (type === 'image/jpeg') { pen.fillStyle = 'white'; pen.fillRect(0, 0, width, height); } // where it is clear it would be black
	pen.drawImage(source, 0, 0, width, height);
	return new Promise(done => canvas.toBlob(done, type, quality));
}

/** Gives { file, small, width, height, seconds }: as much of it as there is. What this browser cannot read goes as it is. */
export async function prepare(file) {
	try {
		if (file.type.startsWith('image/') && !asItIs.has(file.type)) return await ofPicture(file);
		if (file.type.startsWith('video/')) return await ofVideo(file);
	} catch { /* the server looks at it all the same */ }
	return { file };
}

async function ofPicture(file) {
	if (await moves(file)) return { file };
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
	const type = drawn[file.type] ?? 'image/jpeg';
	const full = await draw(picture, ...fit(picture.width, picture.height, largest), type);
	const [width, height] = fit(picture.width, picture.height, smaller);
	const small = Math.max(picture.width, picture.height) > smaller ? await draw(picture, width, height, type === 'image/png' ? 'image/webp' : type) : undefined;
	picture.close();
	if (!full) return { file };
	const ending = full.type.split('/')[1].replace('jpeg', 'jpg'); // not every browser writes every type
	return { file: new File([full], file.name.replace(/\.[^.]*$/, '') + `.${ending}`, { type: full.type }), small };
}

/** PNG and WebP say near their beginning whether there are more pictures in them than one. */
const moves = async file => /acTL|ANIM/.test(await file.slice(0, 256 * 1024).text());

async function ofVideo(file) {
	const video = Object.assign(document.createElement('video'), { muted: true, preload: 'auto', src: URL.createObjectURL(file) });
	try {
		await heard(video, 'loadeddata');
		video.currentTime = Math.min(.1, video.duration / 2 || 0);
		await heard(video, 'seeked');
		const { videoWidth: width, videoHeight: height, duration } = video;
		return { file, width, height, seconds: Number.isFinite(duration) ? Math.round(duration) : undefined, small: await draw(video, ...fit(width, height, smaller), 'image/jpeg') };
	} finally {
		URL.revokeObjectURL(video.src);
	}
}

const heard = (element, name) => new Promise((done, failed) => {
	element.addEventListener(name, done, { once: true });
	element.addEventListener('error', failed, { once: true });
	setTimeout(failed, 8_000);
});
