// Draws the icons of the extension from the shapes below: `node scripts/draw-icons.mjs` rewrites assets/*.png.
// The photo stands for what is kept, the arrow for its way to the bucket.
import sharp from "sharp";

const assets = new URL("../assets/", import.meta.url);

const extensionIcon = `
<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">
  <defs>
    <linearGradient id="tile" x1="0" y1="0" x2="0.6" y2="1">
      <stop offset="0" stop-color="#5b7cfa"/>
      <stop offset="0.55" stop-color="#3f55e0"/>
      <stop offset="1" stop-color="#2b2f9e"/>
    </linearGradient>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#ffd28a"/>
      <stop offset="1" stop-color="#ff9a76"/>
    </linearGradient>
    <clipPath id="picture"><rect x="100" y="206" width="268" height="196" rx="18"/></clipPath>
  </defs>
  <rect x="16" y="16" width="480" height="480" rx="112" fill="url(#tile)"/>
  <rect x="17.5" y="17.5" width="477" height="477" rx="110.5" fill="none" stroke="#ffffff" stroke-opacity="0.18" stroke-width="3"/>
  <rect x="78" y="184" width="312" height="240" rx="36" fill="#ffffff"/>
  <g clip-path="url(#picture)">
    <rect x="100" y="206" width="268" height="196" fill="url(#sky)"/>
    <circle cx="160" cy="262" r="25" fill="#fff6e3"/>
    <path d="M80 402 L188 296 L262 368 L296 336 L388 420 L80 420 Z" fill="#3a3f9f"/>
    <path d="M188 296 L262 368 L230 402 L80 402 Z" fill="#4c57c8"/>
  </g>
  <circle cx="366" cy="172" r="94" fill="#ffffff"/>
  <circle cx="366" cy="172" r="78" fill="#22b573"/>
  <path d="M366 132 V214 M330 166 L366 130 L402 166" fill="none" stroke="#ffffff" stroke-width="22" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;

/** One color on nothing: the menu bar tints it. */
const menuBarIcon = `
<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">
  <path d="M32 21 H12 a6 6 0 0 0 -6 6 V50 a6 6 0 0 0 6 6 H46 a6 6 0 0 0 6 -6 V35" fill="none" stroke="#000000" stroke-width="5" stroke-linecap="round"/>
  <path d="M10 51 L23 37 L32 46 L37 41 L48 51" fill="none" stroke="#000000" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>
  <path d="M48 28 V8 M38.500 17 L48 7.500 L57.500 17" fill="none" stroke="#000000" stroke-width="5.500" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;

await draw(extensionIcon, "extension-icon.png");
await draw(menuBarIcon, "menu-bar-icon.png");

async function draw(svg, name) {
  await sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toFile(new URL(name, assets).pathname);
}
