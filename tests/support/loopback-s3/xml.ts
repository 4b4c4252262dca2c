/** A child of an element: its name, and its text or its own children. Undefined content leaves the element out. */
export type XmlNode = [name: string, content: string | number | boolean | XmlNode[] | undefined];

const replacements: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const needsNoEscape = /^[ !#-%'-;=?-\uffff]*$/;

function escapeText(text: string): string {
  if (needsNoEscape.test(text)) return text;
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    escaped += code < 0x20 ? `&#x${code.toString(16).toUpperCase()};` : (replacements[character] ?? character);
  }
  return escaped;
}

function render([name, content]: XmlNode): string {
  if (content === undefined) return "";
  const inner = Array.isArray(content) ? content.map(render).join("") : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** An S3 answer document with S3's namespace; `root` "Error" goes without, as S3 sends it. */
export function xmlDocument(root: string, children: XmlNode[]): string {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${children.map(render).join("")}</${root}>`;
}

/** The text of the first element of this name, entities decoded; undefined when there is none. */
export function xmlText(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  return text
    ?.replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** The inner text of every element of this name, not decoded. */
export function xmlElements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g"))].map(
    (match) => match[1] ?? "",
  );
}
