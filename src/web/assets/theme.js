// Before the first paint: the reader's own choice, or none, which leaves it to the system.
const chosen = localStorage.getItem('theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
