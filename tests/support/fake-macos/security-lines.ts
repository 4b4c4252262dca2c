const maxLineChars = 4094;
const maxArguments = 32;

/**
 * The commands `security -i` sees in its input: a longer line is cut at its buffer and the rest is a command of its own,
 * and a last line without a newline is dropped.
 */
export function securityLines(input: string): string[] {
  const whole = input.split("\n").slice(0, -1);
  return whole.flatMap((line) => line.match(new RegExp(`.{1,${maxLineChars}}`, "gs")) ?? [""]);
}

/** Splits a line into words: blanks part them, quotes keep them together, a backslash keeps the next character. */
export function securityWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === "\\") word = (word ?? "") + (line[(at += 1)] ?? "");
    else if (quote) {
      if (char === quote) quote = undefined;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (char === " " || char === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  return words.slice(0, maxArguments);
}
