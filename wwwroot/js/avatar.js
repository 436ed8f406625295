// A chosen picture is cut square and scaled down before it is sent, and shown at once.
const SIDE = 256;

const scale = async (file) => {
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
	const side = Math.min(picture.width, picture.height);
	const canvas = Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE });
	const pen = canvas.getContext('2d');
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
	picture.close();
	const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg';
	const blob = await new Promise((done) => canvas.toBlob(done, type, 0.9));
	return new File([blob], type === 'image/png' ? 'picture.png' : 'picture.jpg', { type });
};

const show = (face, file) => {
	const image = Object.assign(document.createElement('img'), { src: URL.createObjectURL(file), alt: '', width: 88, height: 88 });
	image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
	face?.replaceChildren(image);
};

document.addEventListener('change', async ({ target: input }) => {
	if (!input.matches?.('input[type=file][data-avatar]') || !input.files.length) return;
	try {
		const chosen = new DataTransfer();
		chosen.items.add(await scale(input.files[0]));
		input.files = chosen.files;
		show(input.closest('form')?.querySelector('.face'), input.files[0]);
	} catch {
		// Not a picture this browser reads: it goes as it is, and the server says what is wrong.
	}
});
