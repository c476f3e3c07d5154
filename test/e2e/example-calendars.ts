// Calendars for a test, which can neither wait for Tuesday nor for the end of the month: the same
// names as in the examples, open at any time or at none.

/** No deployment happens to run in these years. */
const LONG_AGO = '{ from: "2001-01-01T00:00", to: "2001-01-02T00:00" }';

export const openCalendar = (name: string): string =>
  `kind: Calendar\nname: ${name}\nzone: UTC\nspread: 0s\ndeny: [{ once: ${LONG_AGO} }]\n`;

export const closedCalendar = (name: string): string =>
  `kind: Calendar\nname: ${name}\nzone: UTC\nspread: 0s\nallow: [{ once: ${LONG_AGO} }]\n`;
