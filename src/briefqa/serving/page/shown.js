// What the page shows: the answer, which of its quotes is the current one, and the opened article.
export const shown = { answer: null, current: -1, opened: null };
