/** A field of a CSV line: in quotes where it holds a comma, a quote or a line end. */
export const fieldText = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
