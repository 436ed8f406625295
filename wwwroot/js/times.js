// Turns the server's UTC times into the reader's own zone and habit.
const page = document.documentElement.lang;
const language = navigator.languages.find(wanted => wanted.split('-')[0] === page.split('-')[0]) ?? page; // the page's language, as its reader's country writes it
const format = {
	time: new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
	date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' }),
	dated: new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric' }),
	soon: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
	full: new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
	whole: new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' }),
	day: new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' }),
};

export const dayOf = at => format.day.format(at);
export const isSameDay = (one, other) => one.toDateString() === other.toDateString();

export function localise(root) {
	for (const time of root.querySelectorAll('time[data-style]')) {
		const at = new Date(time.dateTime);
		const isToday = isSameDay(at, new Date());
		const style = time.dataset.style === 'short' ? (isToday ? 'time' : 'date') : time.dataset.style === 'soon' && isToday ? 'time' : time.dataset.style;
		time.textContent = format[style].format(at);
		time.title = format.whole.format(at);
	}
}

localise(document);
document.addEventListener('htmx:after:swap', () => localise(document));
