/** "48,212". Not toLocaleString: its tables take a fiftieth of a rescan of 100,000 photos to load. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 photo", "48,212 photos". */
export function counted(number: number, what: string): string {
  return `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
}
