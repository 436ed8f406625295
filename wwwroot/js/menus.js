// Escape closes an open menu and gives the focus back to what opened it.
document.addEventListener('keydown', e => {
	const menu = e.key === 'Escape' && (e.target.closest?.('details.menu[open]') ?? document.querySelector('details.menu[open]'));
	if (!menu) return;
	menu.open = false;
	menu.querySelector('summary').focus();
});
