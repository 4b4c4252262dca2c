/** Names people and cameras really give, as keys: each must be stored, found, listed and read back as it is. */
export const nastyKeys: Record<string, string> = {
  emoji: "nasty/😀 party 👨‍👩‍👧.jpg",
  quotes: `nasty/it's "quoted".jpg`,
  newline: "nasty/two\nlines.jpg",
  "carriage return": "nasty/two\rlines.jpg",
  tab: "nasty/a\ttab.jpg",
  plus: "nasty/a+b c.jpg",
  percent: "nasty/100%41%zz.jpg",
  markup: "nasty/<b>&amp;.jpg",
  backslash: "nasty/back\\slash.jpg",
  NFC: "nasty/caf\u00e9.jpg",
  NFD: "nasty/decomposed cafe\u0301.jpg",
  "leading dot": "nasty/.hidden/.a.jpg",
  "leading and trailing space": "nasty/ folder / photo.jpg ",
  "trailing dot": "nasty/folder./photo.",
  wildcards: "nasty/a:b*c?d|e#f.jpg",
  punctuation: "nasty/~a!$'()*,;=@[]^`{}.jpg",
  "private use": "nasty/\ue000\uf8ff.jpg",
  "line separator": "nasty/a\u2028b.jpg",
  delete: "nasty/a\u007fb.jpg",
  "segment of 255 bytes": `nasty/${"x".repeat(255)}`,
  "segment of 255 bytes of UTF-8": `nasty/${"é".repeat(127)}x`,
  "key of 1,024 bytes": `nasty/${`${"y".repeat(253)}/`.repeat(4)}zz`,
};

/** A control character: stored and read everywhere, but lost in the listings of some stores. */
export const controlCharacterKey = "nasty/control\u0001character.jpg";
