const pattern = /^(\d{4})[:-](\d{2})[:-](\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?\s*(Z|[+-]\d{2}:?\d{2})?/;

/** The year of the oldest photograph that survives. */
const FIRST_YEAR = 1826;
const LAST_YEAR = 2099;

/**
 * A camera's date as "2024-05-01T12:34:56", with "+02:00" where it told its offset from UTC; undefined where it is no
 * date that a photo can have. The result is plain ASCII of 19 or 25 characters, fit for an object's metadata.
 */
export function normalizeTime(text: string): string | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (year < FIRST_YEAR || year > LAST_YEAR || hour > 23 || minute > 59 || second > 60) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}${normalizeOffset(match[7])}`;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function normalizeOffset(offset: string | undefined): string {
  if (!offset) return "";
  if (offset === "Z") return "+00:00";
  const hours = offset.slice(1, 3);
  const minutes = offset.slice(-2);
  return Number(hours) <= 14 && Number(minutes) <= 59 ? `${offset[0]}${hours}:${minutes}` : "";
}
