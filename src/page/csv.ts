/** CSV for a spreadsheet in the reader's language. */

export type Cell = string | number | null;

/** With a decimal comma, the separator is a semicolon. */
export function toCsv(rows: Cell[][], locale: string): string {
  const comma = new Intl.NumberFormat(locale).format(0.5).includes(",");
  const write = (cell: Cell) => (typeof cell === "number" ? decimal(cell, comma) : quoted(cell ?? ""));
  const lines = rows.map((row) => row.map(write).join(comma ? ";" : ","));
  // The mark at the start lets spreadsheets read it as UTF-8.
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function decimal(value: number, comma: boolean): string {
  const text = String(Math.round(value * 1000) / 1000);
  return comma ? text.replace(".", ",") : text;
}

/** With an apostrophe before a text that a spreadsheet would treat as a formula. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";,\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
